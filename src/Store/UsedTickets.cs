using System.Buffers.Binary;
using System.Security.Cryptography;
using Salus.Hosting;
using Salus.Protocol;

namespace Salus.Store;

/// <summary>
/// Which address each ticket was used for, until it expires, across restarts: a ticket buys room for one fragment, not for many.
/// File `tickets`, appended and flushed before a ticket is accepted: id 16 | address 32 | until u64 (ms) | first 8 bytes of the SHA-256 of these 56. A line that a crash has cut
/// short was never accepted and is dropped.
/// </summary>
internal sealed class UsedTickets : IDisposable
{
    private const int LineSize = 64;
    private const int ContentSize = LineSize - 8;

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly Dictionary<UInt128, Use> _uses = [];
    private FileStream _file;
    private long _length;

    public UsedTickets(string path, TimeProvider time)
    {
        (_path, _time) = (path, time);
        Load();
        _file = Rewrite();
    }

    public int Count
    {
        get
        {
            lock (_lock)
                return _uses.Count;
        }
    }

    /// <summary>False when the ticket was used for another address.</summary>
    public bool TryUse(UploadTicket ticket, FragmentAddress address)
    {
        lock (_lock)
        {
            if (_uses.TryGetValue(ticket.Id, out var use))
                return use.Address.Equals(address);
            use = new Use(address, ticket.Until);
            _file.Position = _length; // over a line that a full disk has cut short
            _file.Write(Line(ticket.Id, use));
            DurableFiles.Flush(_file.SafeFileHandle);
            _length += LineSize;
            _uses.Add(ticket.Id, use);
            return true;
        }
    }

    /// <summary>Forgets expired tickets, which are refused for their date anyway.</summary>
    public void DropExpired()
    {
        lock (_lock)
        {
            var expired = _uses.Where(use => use.Value.Until <= _time.GetUtcNow()).Select(use => use.Key).ToList();
            if (expired.Count == 0)
                return;
            foreach (var id in expired)
                _uses.Remove(id);
            var old = _file;
            _file = Rewrite();
            old.Dispose();
        }
    }

    public void Dispose() => _file.Dispose();

    private void Load()
    {
        if (!File.Exists(_path))
            return;
        var lines = File.ReadAllBytes(_path).AsSpan();
        for (; lines.Length >= LineSize; lines = lines[LineSize..])
            if (TryReadLine(lines[..LineSize], out var id, out var use) && use.Until > _time.GetUtcNow())
                _uses[id] = use;
    }

    internal static bool TryReadLine(ReadOnlySpan<byte> line, out UInt128 id, out Use use)
    {
        (id, use) = (default, default);
        if (line.Length != LineSize || !SHA256.HashData(line[..ContentSize]).AsSpan(0, LineSize - ContentSize).SequenceEqual(line[ContentSize..])
            || BinaryPrimitives.ReadUInt64BigEndian(line[48..]) is var until && until > (ulong)Limits.NoEnd.ToUnixTimeMilliseconds())
            return false;
        id = BinaryPrimitives.ReadUInt128BigEndian(line);
        use = new Use(FragmentAddress.Read(line[16..48]), DateTimeOffset.FromUnixTimeMilliseconds((long)until));
        return true;
    }

    /// <summary>Replaces the file by one that holds what is remembered, whole or not at all, and opens it for appending.</summary>
    private FileStream Rewrite()
    {
        var temporary = _path + ".new";
        var file = DurableFiles.Open(temporary, FileMode.Create);
        try
        {
            file.Write(_uses.SelectMany(use => Line(use.Key, use.Value)).ToArray());
            DurableFiles.Flush(file.SafeFileHandle);
            File.Move(temporary, _path, overwrite: true);
            DurableFiles.FlushFolder(Path.GetDirectoryName(_path)!);
        }
        catch
        {
            file.Dispose();
            throw;
        }
        _length = (long)_uses.Count * LineSize;
        return file;
    }

    internal static byte[] Line(UInt128 id, Use use)
    {
        var line = new byte[LineSize];
        BinaryPrimitives.WriteUInt128BigEndian(line, id);
        use.Address.Bytes.CopyTo(line, 16);
        BinaryPrimitives.WriteInt64BigEndian(line.AsSpan(48), use.Until.ToUnixTimeMilliseconds());
        SHA256.HashData(line.AsSpan(0, ContentSize)).AsSpan(0, LineSize - ContentSize).CopyTo(line.AsSpan(ContentSize));
        return line;
    }

    internal readonly record struct Use(FragmentAddress Address, DateTimeOffset Until);
}

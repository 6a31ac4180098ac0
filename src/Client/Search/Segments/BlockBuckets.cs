using System.Buffers.Binary;
using Salus.Client.Profiles;
using Salus.Crypto.Search;

namespace Salus.Client.Search.Segments;

/// <summary>
/// Brings sealed blocks into the order of their addresses, which is random and so says nothing of which blocks belong together. They are parted by the first byte
/// of the address; a full buffer of a part goes to a file, and the parts are sorted one after another. Memory: 17 MB, and a 256th of the blocks.
/// </summary>
internal sealed class BlockBuckets(string path) : IDisposable
{
    private const int Parts = 256;
    private const int BufferSize = 240 * BlockSize.Entry;

    private readonly byte[]?[] _buffers = new byte[Parts][];
    private readonly int[] _filled = new int[Parts];
    private readonly List<long>?[] _spilled = new List<long>[Parts];
    private FileStream? _file;

    public int Count { get; private set; }

    /// <summary>Takes any number of blocks, each address 16 | sealed block 256.</summary>
    public void Add(ReadOnlySpan<byte> blocks)
    {
        for (; !blocks.IsEmpty; blocks = blocks[BlockSize.Entry..])
        {
            var part = blocks[0];
            var buffer = _buffers[part] ??= new byte[4 * BlockSize.Entry];
            if (_filled[part] == buffer.Length)
                buffer = MakeRoom(part, buffer);
            blocks[..BlockSize.Entry].CopyTo(buffer.AsSpan(_filled[part]));
            _filled[part] += BlockSize.Entry;
            Count++;
        }
    }

    /// <summary>Writes all blocks, sorted.</summary>
    public async Task WriteAsync(Stream output, CancellationToken cancellation)
    {
        byte[] unsorted = [], sorted = [];
        for (var part = 0; part < Parts; part++)
        {
            var size = ((_spilled[part]?.Count ?? 0) * BufferSize) + _filled[part];
            if (unsorted.Length < size)
                (unsorted, sorted) = (new byte[size], new byte[size]);
            Collect(part, unsorted);
            Sort(unsorted.AsSpan(0, size), sorted);
            await output.WriteAsync(sorted.AsMemory(0, size), cancellation);
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        if (_file is not null)
            File.Delete(path);
    }

    private byte[] MakeRoom(int part, byte[] buffer)
    {
        if (buffer.Length < BufferSize)
        {
            Array.Resize(ref buffer, Math.Min(2 * buffer.Length, BufferSize));
            return _buffers[part] = buffer;
        }
        _file ??= new FileStream(path, With(DurableFile.Private(FileMode.Create, FileAccess.ReadWrite)));
        (_spilled[part] ??= []).Add(_file.Length);
        _file.Seek(0, SeekOrigin.End);
        _file.Write(buffer);
        _filled[part] = 0;
        return buffer;

        static FileStreamOptions With(FileStreamOptions options)
        {
            options.BufferSize = 0;
            return options;
        }
    }

    private void Collect(int part, byte[] blocks)
    {
        var at = 0;
        foreach (var offset in _spilled[part] ?? [])
        {
            _file!.Seek(offset, SeekOrigin.Begin);
            _file.ReadExactly(blocks, at, BufferSize);
            at += BufferSize;
        }
        _buffers[part].AsSpan(0, _filled[part]).CopyTo(blocks.AsSpan(at));
    }

    /// <summary>By the first eight bytes: no two addresses of a segment agree in them, but once in billions of segments, and then their order matters to nobody.</summary>
    private static void Sort(ReadOnlySpan<byte> blocks, Span<byte> sorted)
    {
        var count = blocks.Length / BlockSize.Entry;
        var keys = new ulong[count];
        var order = new int[count];
        for (var i = 0; i < count; i++)
            (keys[i], order[i]) = (BinaryPrimitives.ReadUInt64BigEndian(blocks[(i * BlockSize.Entry)..]), i);
        Array.Sort(keys, order);
        for (var i = 0; i < count; i++)
            blocks.Slice(order[i] * BlockSize.Entry, BlockSize.Entry).CopyTo(sorted[(i * BlockSize.Entry)..]);
    }
}

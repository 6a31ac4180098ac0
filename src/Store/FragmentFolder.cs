using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO.Pipelines;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Salus.Hosting;

namespace Salus.Store;

/// <summary>
/// Fragments in a folder. A fragment is a folder of its own with two files, `data` and `owner` (<see cref="FragmentNote"/>), and there is one step at which it appears and one at
/// which it goes: the rename of that folder.
/// <code>
/// fragments/ab/ab…/{data,owner}   complete, and never changed again; `references` beside them grows (FragmentReferences)
/// uploads/ab…/{data,owner}        on its way: `data` grows at its end only
/// deleted/…                       on its way out
/// lock                            held by the process that owns the folder
/// </code>
/// A crash at any point therefore leaves a complete fragment or nothing that can be read; <see cref="Recover"/> finishes or removes what was under way.
/// Everything that a bucket would do otherwise is in this one class, hence its length; nothing outside it knows of files.
/// </summary>
internal sealed class FragmentFolder : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly AddressLocks _locks = new();
    private readonly string _root;
    private readonly FileStream _lock;
    private readonly TimeProvider _time;

    public FragmentFolder(string root, long quotaBytes, TimeProvider time)
    {
        (_root, _time, Quota) = (root, time, new Quota(quotaBytes));
        foreach (var folder in new[] { root, Fragments, Uploads, Deleted })
            DurableFiles.CreatePrivateFolder(folder);
        for (var shard = 0; shard < 256; shard++)
            DurableFiles.CreatePrivateFolder(Path.Combine(Fragments, shard.ToString("x2", CultureInfo.InvariantCulture)));
        DurableFiles.FlushFolder(Fragments);
        DurableFiles.FlushFolder(root);
        try
        {
            _lock = new FileStream(Path.Combine(root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error)
        {
            throw new StartupException($"{root} belongs to a store that is running: stop it first, or give another folder in data", error);
        }
    }

    public Quota Quota { get; }

    private string Fragments => Path.Combine(_root, "fragments");

    private string Uploads => Path.Combine(_root, "uploads");

    private string Deleted => Path.Combine(_root, "deleted");

    /// <summary>Opens a complete fragment for reading. What was opened stays readable when the fragment is deleted meanwhile.</summary>
    public (FragmentNote Note, FileStream Data)? TryOpen(FragmentAddress address)
    {
        var folder = FragmentOf(address);
        if (!FragmentNote.TryRead(OwnerIn(folder), out var note))
            return null;
        try
        {
            var data = new FileStream(DataIn(folder), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
            return (note, data);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Adds one range to an upload, beginning it with its first range and completing it with its last.</summary>
    public async Task<Upload> AppendAsync(FragmentAddress address, UploadRange range, byte[] ownerHash, PipeReader body, CancellationToken cancel)
    {
        using var held = await _locks.TryEnterAsync(address, Patience, cancel);
        if (held is null)
            return new Upload(UploadOutcome.Busy);
        try
        {
            if (FragmentNote.TryRead(OwnerIn(FragmentOf(address)), out var stored))
            {
                if (stored.Size != range.Total || !stored.OwnerHash.AsSpan().SequenceEqual(ownerHash))
                    return new Upload(UploadOutcome.Different);
                if (File.Exists(DataIn(FragmentOf(address))))
                    return await CompareAsync(address, stored, range, body, cancel);
            }
            var folder = UploadOf(address);
            if (!FragmentNote.TryRead(OwnerIn(folder), out var note))
            {
                if (range.First != 0)
                    return new Upload(UploadOutcome.WrongOffset, 0);
                if (!Quota.TryReserve(range.Total))
                    return new Upload(UploadOutcome.NoSpace);
                note = FragmentNote.Begin(range.Total, ownerHash);
                OrStartOver(folder, note, () => Begin(folder, note));
            }
            if (note.Size != range.Total || !note.OwnerHash.AsSpan().SequenceEqual(ownerHash))
                return new Upload(UploadOutcome.Different);
            return await ContinueAsync(address, folder, note, range, body, cancel);
        }
        catch (IOException error) when (IsDiskFull(error))
        {
            return new Upload(UploadOutcome.NoSpace);
        }
    }

    /// <summary>Where an upload stands; null when the address has neither an upload nor a fragment.</summary>
    public async Task<Upload?> StateAsync(FragmentAddress address, CancellationToken cancel)
    {
        using var held = await _locks.TryEnterAsync(address, Patience, cancel);
        if (held is null)
            return new Upload(UploadOutcome.Busy);
        if (IsStored(address, out var stored))
            return Confirm(address, stored);
        var folder = UploadOf(address);
        if (!FragmentNote.TryRead(OwnerIn(folder), out var note))
            return null;
        using var data = OpenData(folder);
        var offset = RandomAccess.GetLength(data);
        if (offset == note.Size)
            return Complete(address, folder, note, data);
        OrStartOver(folder, note, () => Flush(folder, data));
        return new Upload(UploadOutcome.Partial, offset);
    }

    /// <summary>Keeps a complete fragment for one more record, until it is released. Null when there is no such fragment, false when too many refer to it.</summary>
    public async Task<bool?> ReferAsync(FragmentAddress address, byte[] reference, CancellationToken cancel)
    {
        using var held = await _locks.TryEnterAsync(address, Timeout.InfiniteTimeSpan, cancel);
        return IsStored(address, out _) ? FragmentReferences.TryAdd(ReferencesIn(FragmentOf(address)), reference) : null;
    }

    /// <summary>
    /// Deletes a fragment, or an upload that is not complete. One that several records share goes when all of them are released, or when its bytes are not those any more that were stored.
    /// </summary>
    public async Task<DeleteOutcome> DeleteAsync(FragmentAddress address, byte[] owner, IReadOnlyList<byte[]> releases, CancellationToken cancel)
    {
        using var held = await _locks.TryEnterAsync(address, Timeout.InfiniteTimeSpan, cancel);
        foreach (var folder in new[] { FragmentOf(address), UploadOf(address) })
            if (FragmentNote.TryRead(OwnerIn(folder), out var note))
            {
                if (!CryptographicOperations.FixedTimeEquals(SHA256.HashData(owner), note.OwnerHash))
                    return DeleteOutcome.NotTheirs;
                if (folder == FragmentOf(address) && !FragmentReferences.AreReleased(ReferencesIn(folder), releases) && IsWhole(folder, note))
                    return DeleteOutcome.Referred;
                Remove(folder, note);
                return DeleteOutcome.Deleted;
            }
        return DeleteOutcome.Missing;
    }

    /// <summary>Throws uploads away to which nothing was added for so long; returns how many.</summary>
    public async Task<int> CollectAsync(TimeSpan idle, CancellationToken cancel)
    {
        var collected = 0;
        foreach (var folder in Directory.EnumerateDirectories(Uploads))
        {
            if (!FragmentAddress.TryParse(Path.GetFileName(folder), out var address))
                continue;
            using var held = await _locks.TryEnterAsync(address, TimeSpan.Zero, cancel);
            if (held is null || !FragmentNote.TryRead(OwnerIn(folder), out var note) || _time.GetUtcNow() - File.GetLastWriteTimeUtc(DataIn(folder)) < idle)
                continue;
            Remove(folder, note);
            collected++;
        }
        return collected;
    }

    /// <summary>After a start, before any request: removes what cannot be continued, finishes uploads that were whole, and counts what is there.</summary>
    public void Recover()
    {
        foreach (var folder in Directory.EnumerateDirectories(Deleted))
            Directory.Delete(folder, recursive: true);
        foreach (var fragment in Directory.EnumerateDirectories(Fragments).SelectMany(Directory.EnumerateDirectories))
            if (FragmentNote.TryRead(OwnerIn(fragment), out var note))
                Quota.Count(note.Size);
        foreach (var folder in Directory.EnumerateDirectories(Uploads))
        {
            if (!FragmentAddress.TryParse(Path.GetFileName(folder), out var address) || !FragmentNote.TryRead(OwnerIn(folder), out var note)
                || !File.Exists(DataIn(folder)) || new FileInfo(DataIn(folder)).Length > note.Size || IsStored(address, out _))
            {
                Discard(folder);
                continue;
            }
            Quota.Count(note.Size);
            using var data = OpenData(folder);
            if (RandomAccess.GetLength(data) == note.Size)
                Complete(address, folder, note, data);
        }
    }

    /// <summary>Whether the disk still takes writes.</summary>
    public bool CanWrite()
    {
        try
        {
            lock (_lock)
            {
                _lock.Position = 0;
                _lock.WriteByte((byte)'\n');
                _lock.Flush();
                DurableFiles.Flush(_lock.SafeFileHandle);
            }
            return Directory.Exists(Fragments);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public void Dispose() => _lock.Dispose();

    private async Task<Upload> ContinueAsync(FragmentAddress address, string folder, FragmentNote note, UploadRange range, PipeReader body, CancellationToken cancel)
    {
        using var data = OpenData(folder);
        var offset = RandomAccess.GetLength(data);
        if (offset != range.First)
        {
            OrStartOver(folder, note, () => Flush(folder, data));
            return new Upload(UploadOutcome.WrongOffset, offset);
        }
        BodyReader.End end;
        try
        {
            end = await BodyReader.WriteAsync(body, data, offset, range.Length, cancel);
        }
        catch (IOException error) when (IsDiskFull(error))
        {
            if (offset == 0)
                Remove(folder, note);
            else
                RandomAccess.SetLength(data, offset);
            throw;
        }
        if (end is BodyReader.End.TooLong)
        {
            RandomAccess.SetLength(data, offset);
            return new Upload(UploadOutcome.TooLong, offset);
        }
        offset = RandomAccess.GetLength(data);
        if (offset == note.Size)
            return Complete(address, folder, note, data);
        OrStartOver(folder, note, () => Flush(folder, data));
        return new Upload(end is BodyReader.End.Whole ? UploadOutcome.Partial : UploadOutcome.TooShort, offset);
    }

    private async Task<Upload> CompareAsync(FragmentAddress address, FragmentNote stored, UploadRange range, PipeReader body, CancellationToken cancel)
    {
        using var data = File.OpenHandle(DataIn(FragmentOf(address)), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);
        return await BodyReader.CompareAsync(body, data, range.First, range.Length, cancel) switch
        {
            BodyReader.End.Whole => Confirm(address, stored),
            BodyReader.End.TooShort => new Upload(UploadOutcome.TooShort, stored.Size),
            BodyReader.End.TooLong => new Upload(UploadOutcome.TooLong, stored.Size),
            _ => new Upload(UploadOutcome.Different),
        };
    }

    private static void Begin(string folder, FragmentNote note)
    {
        DurableFiles.CreatePrivateFolder(folder);
        DurableFiles.Open(DataIn(folder), FileMode.Create).Dispose();
        using var owner = DurableFiles.Open(OwnerIn(folder), FileMode.Create);
        owner.Write(note.ToBytes());
    }

    /// <summary>Makes an upload survive a power failure as far as it has come.</summary>
    private void Flush(string folder, SafeFileHandle data)
    {
        DurableFiles.Flush(data);
        using (var owner = DurableFiles.Open(OwnerIn(folder), FileMode.Open))
            DurableFiles.Flush(owner.SafeFileHandle);
        DurableFiles.FlushFolder(folder);
        DurableFiles.FlushFolder(Uploads);
    }

    /// <summary>
    /// The only way a fragment appears: both files durable, then the folder's new name durable. The hash is of what the file holds, read back, not of what was received.
    /// </summary>
    private Upload Complete(FragmentAddress address, string folder, FragmentNote note, SafeFileHandle data)
    {
        var complete = note with { Hash = FragmentNote.HashOf(data) };
        OrStartOver(folder, note, () =>
        {
            using (var owner = DurableFiles.Open(OwnerIn(folder), FileMode.Open))
            {
                owner.Write(complete.ToBytes());
                DurableFiles.Flush(owner.SafeFileHandle);
            }
            DurableFiles.Flush(data);
            TakeOver(FragmentOf(address), folder);
            DurableFiles.FlushFolder(folder);
            Directory.Move(folder, FragmentOf(address));
            DurableFiles.FlushFolder(Path.GetDirectoryName(FragmentOf(address))!);
            DurableFiles.FlushFolder(Uploads);
        });
        return new Upload(UploadOutcome.Stored, complete.Size, complete);
    }

    /// <summary>A fragment of which the disk has lost one of its files makes room for the same one, stored again; the records that refer to it still do.</summary>
    private void TakeOver(string lost, string folder)
    {
        if (!Directory.Exists(lost))
            return;
        if (File.Exists(ReferencesIn(lost)))
        {
            File.Copy(ReferencesIn(lost), ReferencesIn(folder), overwrite: true);
            using var references = DurableFiles.Open(ReferencesIn(folder), FileMode.Open);
            DurableFiles.Flush(references.SafeFileHandle);
        }
        if (FragmentNote.TryRead(OwnerIn(lost), out var note))
            Remove(lost, note);
        else
            Discard(lost);
    }

    private bool IsStored(FragmentAddress address, [NotNullWhen(true)] out FragmentNote? note)
    {
        var folder = FragmentOf(address);
        return FragmentNote.TryRead(OwnerIn(folder), out note) && File.Exists(DataIn(folder));
    }

    /// <summary>A fragment that was there: its name is flushed again, for the process may have been killed between the rename and the flush.</summary>
    private Upload Confirm(FragmentAddress address, FragmentNote stored)
    {
        DurableFiles.FlushFolder(Path.GetDirectoryName(FragmentOf(address))!);
        return new Upload(UploadOutcome.AlreadyStored, stored.Size, stored);
    }

    /// <summary>Takes a step that must reach the disk. When it fails, nobody knows what did (a second fsync may claim success), so the upload starts over.</summary>
    private void OrStartOver(string folder, FragmentNote note, Action step)
    {
        try
        {
            step();
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            Remove(folder, note);
            throw;
        }
    }

    private void Remove(string folder, FragmentNote note)
    {
        Discard(folder);
        Quota.Release(note.Size);
    }

    /// <summary>The only way a folder goes: renamed first, so that no half of it is ever seen.</summary>
    private void Discard(string folder)
    {
        var target = Path.Combine(Deleted, $"{Path.GetFileName(folder)}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}");
        Directory.Move(folder, target);
        DurableFiles.FlushFolder(Path.GetDirectoryName(folder)!);
        Directory.Delete(target, recursive: true);
    }

    private static bool IsWhole(string folder, FragmentNote note)
    {
        if (!File.Exists(DataIn(folder)))
            return false;
        using var data = OpenData(folder);
        return RandomAccess.GetLength(data) == note.Size && FragmentNote.HashOf(data).AsSpan().SequenceEqual(note.Hash);
    }

    /// <summary>Distinguishes a full disk or an exhausted quota of the system from a client that went away, which is an <see cref="IOException"/> as well.</summary>
    private static bool IsDiskFull(IOException error)
    {
        const int NoSpace = 28, OverQuotaLinux = 122, OverQuotaMac = 69, FullWindows = unchecked((int)0x80070070); // .NET keeps errno in HResult
        return error.HResult is NoSpace or OverQuotaLinux or OverQuotaMac or FullWindows;
    }

    private static SafeFileHandle OpenData(string folder) =>
        File.OpenHandle(DataIn(folder), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);

    private string FragmentOf(FragmentAddress address) => Path.Combine(Fragments, address.Text[..2], address.Text);

    private string UploadOf(FragmentAddress address) => Path.Combine(Uploads, address.Text);

    private static string DataIn(string folder) => Path.Combine(folder, "data");

    private static string OwnerIn(string folder) => Path.Combine(folder, "owner");

    private static string ReferencesIn(string folder) => Path.Combine(folder, "references");
}

using System.IO.Pipelines;
using System.Security.Cryptography;
using Salus.Testing;

namespace Salus.Store.Tests;

/// <summary>What a start makes of a folder that a crash has left behind.</summary>
public sealed class FragmentFolderTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task AWholeUploadIsFinished()
    {
        var fragment = Fragment.Random(5000);
        Leave(fragment, fragment.Bytes, Note(fragment));
        using var folder = Recover();

        Assert.Equal(fragment.Bytes, await ReadAsync(folder, fragment));
        Assert.Equal(SHA256.HashData(fragment.Bytes), folder.TryOpen(Address(fragment))!.Value.Note.Hash);
        Assert.Equal(5000, folder.Quota.Used);
        Assert.False(Directory.Exists(UploadFolder(fragment)));
    }

    [Fact]
    public async Task AnUploadUnderWayIsKept()
    {
        var fragment = Fragment.Random(5000);
        Leave(fragment, fragment.Bytes[..4999], Note(fragment));
        using var folder = Recover();

        Assert.Null(folder.TryOpen(Address(fragment)));
        Assert.Equal(4999, (await folder.StateAsync(Address(fragment), CancellationToken.None))!.Value.Offset);
        Assert.Equal(5000, folder.Quota.Used);
    }

    [Fact]
    public async Task EveryTornNoteDropsTheUpload()
    {
        var fragment = Fragment.Random(50);
        var note = Note(fragment);
        for (var length = 0; length < note.Length; length++)
        {
            Leave(fragment, fragment.Bytes, note[..length]);
            using var folder = Recover();
            Assert.Null(await folder.StateAsync(Address(fragment), CancellationToken.None));
            Assert.Null(folder.TryOpen(Address(fragment)));
            Assert.Equal(0, folder.Quota.Used);
        }
    }

    [Fact]
    public async Task ZeroesInsteadOfANoteDropTheUpload()
    {
        var fragment = Fragment.Random(50);
        Leave(fragment, fragment.Bytes, new byte[FragmentNote.FileSize]);
        using var folder = Recover();
        Assert.Null(await folder.StateAsync(Address(fragment), CancellationToken.None));
    }

    [Fact]
    public async Task AnUploadLargerThanItsNoteIsDropped()
    {
        var fragment = Fragment.Random(50);
        Leave(fragment, [.. fragment.Bytes, 0], Note(fragment));
        using var folder = Recover();
        Assert.Null(await folder.StateAsync(Address(fragment), CancellationToken.None));
    }

    [Fact]
    public async Task AnUploadWithoutDataIsDropped()
    {
        var fragment = Fragment.Random(50);
        Leave(fragment, fragment.Bytes, Note(fragment));
        File.Delete(Path.Combine(UploadFolder(fragment), "data"));
        using var folder = Recover();
        Assert.Null(await folder.StateAsync(Address(fragment), CancellationToken.None));
    }

    [Fact]
    public void WhatWasBeingDeletedIsGone()
    {
        var left = Path.Combine(_root.Path, "deleted", "something");
        Directory.CreateDirectory(left);
        File.WriteAllBytes(Path.Combine(left, "data"), new byte[10]);
        using var folder = Recover();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_root.Path, "deleted")));
        Assert.Equal(0, folder.Quota.Used);
    }

    [Fact]
    public async Task AnUploadBesideItsFinishedFragmentIsDropped()
    {
        var fragment = Fragment.Random(5000);
        Leave(fragment, fragment.Bytes, Note(fragment));
        Recover().Dispose();
        Leave(fragment, new byte[100], Note(fragment));

        using var folder = Recover();

        Assert.Equal(fragment.Bytes, await ReadAsync(folder, fragment));
        Assert.Equal(5000, folder.Quota.Used);
        Assert.False(Directory.Exists(UploadFolder(fragment)));
    }

    [Fact]
    public void FilesAreReadableByTheStoreAlone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has other permissions.");
            return;
        }
        var fragment = Fragment.Random(100);
        using var folder = Recover();
        Append(folder, fragment);

        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        foreach (var path in Directory.EnumerateFileSystemEntries(Path.Combine(_root.Path, "fragments"), "*", SearchOption.AllDirectories))
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & Others);
    }

    /// <summary>What a disk has lost one of its files of is put back as it was, and whoever referred to it still does.</summary>
    [Theory]
    [InlineData("data")]
    [InlineData("owner")]
    public async Task AFragmentWithoutOneOfItsFilesIsNoneAndIsStoredAgain(string lost)
    {
        var fragment = Fragment.Random(100);
        using var folder = Recover();
        Append(folder, fragment);
        Assert.True(await folder.ReferAsync(Address(fragment), SHA256.HashData([1]), CancellationToken.None));
        var used = folder.Quota.Used;
        File.Delete(Path.Combine(_root.Path, "fragments", fragment.Address[..2], fragment.Address, lost));

        Assert.Null(folder.TryOpen(Address(fragment)));
        Assert.Null(await folder.StateAsync(Address(fragment), CancellationToken.None));
        Assert.Null(await folder.ReferAsync(Address(fragment), SHA256.HashData([2]), CancellationToken.None));
        if (lost == "data")
        {
            // The address is still its owner's.
            var other = await folder.AppendAsync(Address(fragment), new UploadRange(0, 99, 100), SHA256.HashData([3]), PipeReader.Create(new MemoryStream(new byte[100])), CancellationToken.None);
            Assert.Equal(UploadOutcome.Different, other.Outcome);
        }
        Append(folder, fragment);

        Assert.Equal(fragment.Bytes, await ReadAsync(folder, fragment));
        if (lost == "data")
            Assert.Equal(used, folder.Quota.Used);
        Assert.Equal(DeleteOutcome.Referred, await folder.DeleteAsync(Address(fragment), fragment.Owner, [], CancellationToken.None));
        Assert.Equal(DeleteOutcome.Deleted, await folder.DeleteAsync(Address(fragment), fragment.Owner, [[1]], CancellationToken.None));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_root.Path, "deleted")));
    }

    private static void Append(FragmentFolder folder, Fragment fragment)
    {
        var body = PipeReader.Create(new MemoryStream(fragment.Bytes));
        var range = new UploadRange(0, fragment.Bytes.Length - 1, fragment.Bytes.Length);
        var upload = folder.AppendAsync(Address(fragment), range, SHA256.HashData(fragment.Owner), body, CancellationToken.None).GetAwaiter().GetResult();
        Assert.Equal(UploadOutcome.Stored, upload.Outcome);
    }

    private FragmentFolder Recover()
    {
        var folder = new FragmentFolder(_root.Path, 1 << 20, TimeProvider.System);
        folder.Recover();
        return folder;
    }

    private void Leave(Fragment fragment, byte[] data, byte[] note)
    {
        Directory.CreateDirectory(UploadFolder(fragment));
        File.WriteAllBytes(Path.Combine(UploadFolder(fragment), "data"), data);
        File.WriteAllBytes(Path.Combine(UploadFolder(fragment), "owner"), note);
    }

    private string UploadFolder(Fragment fragment) => Path.Combine(_root.Path, "uploads", fragment.Address);

    private static byte[] Note(Fragment fragment) => FragmentNote.Begin(fragment.Bytes.Length, SHA256.HashData(fragment.Owner)).ToBytes();

    private static FragmentAddress Address(Fragment fragment) => FragmentAddress.Read(Convert.FromHexString(fragment.Address));

    private static async Task<byte[]> ReadAsync(FragmentFolder folder, Fragment fragment)
    {
        await using var data = folder.TryOpen(Address(fragment))!.Value.Data;
        var bytes = new byte[data.Length];
        await data.ReadExactlyAsync(bytes);
        return bytes;
    }
}

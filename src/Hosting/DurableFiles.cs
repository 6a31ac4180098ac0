using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Salus.Hosting;

/// <summary>
/// Files that are there after a power failure, or were never there. fsync(2) is called directly, for two reasons: a new name in a folder is durable only after
/// the folder itself was flushed, which .NET does not offer (Windows has no such call; its file systems journal names); and .NET 10's own
/// `Flush(flushToDisk: true)` and `RandomAccess.FlushToDisk` say nothing when fsync fails on Unix: its native shim returns 1, where a negative number is looked for.
/// </summary>
public static partial class DurableFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes a folder that only this user may enter, and its parents, unless it is there.</summary>
    public static void CreatePrivateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>
    /// Writes a file, readable by this user alone, under a name that is not taken. False when the name is taken; the file there stays as it is.
    /// A crash leaves the whole file or none under <paramref name="path"/>.
    /// </summary>
    public static bool TryCreate(string path, ReadOnlySpan<byte> content)
    {
        if (File.Exists(path))
            return false;
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var temporary = $"{path}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}.new";
        using (var file = Open(temporary, FileMode.CreateNew))
        {
            file.Write(content);
            Flush(file.SafeFileHandle);
        }
        try
        {
            File.Move(temporary, path, overwrite: false); // link(2): fails when the name is taken meanwhile
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(temporary);
            return false;
        }
        FlushFolder(folder);
        return true;
    }

    /// <summary>Opens a file to read and write, unbuffered; a new one is readable by this user alone.</summary>
    public static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && mode != FileMode.Open)
            options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }

    /// <summary>Makes what was written to a file durable.</summary>
    /// <exception cref="IOException">It is not: the disk failed or is full (errno is in HResult). What was written since the last flush may be lost.</exception>
    public static void Flush(SafeFileHandle file)
    {
        if (OperatingSystem.IsWindows())
            RandomAccess.FlushToDisk(file);
        else if ((OperatingSystem.IsMacOS() ? FileControl(file, FullSync) : Sync(file)) < 0)
            throw Failure("A file cannot be flushed");
    }

    /// <summary>Makes the names in a folder durable: those that were added, renamed or removed.</summary>
    public static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        using var folder = OpenFolder(path, ReadOnly);
        if (folder.IsInvalid)
            throw Failure($"The folder {path} cannot be opened");
        if (Sync(folder) < 0)
            throw Failure($"The folder {path} cannot be flushed");
    }

    private static IOException Failure(string what) => new($"{what}: {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError());

    /// <summary>O_RDONLY.</summary>
    private const int ReadOnly = 0;

    /// <summary>F_FULLFSYNC: on macOS fsync leaves the data in the drive's cache.</summary>
    private const int FullSync = 51;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenFolder(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int FileControl(SafeFileHandle file, int command);
}

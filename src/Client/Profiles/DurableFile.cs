namespace Salus.Client.Profiles;

/// <summary>Small files that are whole or not there at all, readable by their owner alone.</summary>
internal static class DurableFile
{
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        CreateFolder(Path.GetDirectoryName(path)!);
        var partial = path + ".new";
        using (var file = new FileStream(partial, Private(FileMode.Create, FileAccess.Write)))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
        File.Move(partial, path, overwrite: true);
    }

    /// <summary>Brings a file that was written before to the disk.</summary>
    public static void Flush(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Brings open files to the disk, at once where there are threads to do it.</summary>
    public static void Flush(IReadOnlyCollection<FileStream> files)
    {
        if (!OperatingSystem.IsBrowser())
            Parallel.ForEach(files, file => file.Flush(flushToDisk: true));
        else
            foreach (var file in files)
                file.Flush(flushToDisk: true);
    }

    /// <summary>Options of a new file that its owner alone may read.</summary>
    public static FileStreamOptions Private(FileMode mode, FileAccess access, FileOptions options = FileOptions.None)
    {
        var made = new FileStreamOptions { Mode = mode, Access = access, Options = options };
        if (!OperatingSystem.IsWindows() && !OperatingSystem.IsBrowser())
            made.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return made;
    }

    public static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows() || OperatingSystem.IsBrowser())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}

namespace Salus.Client.Records;

/// <summary>Writes a file that is there whole and verified, or not at all: under another name first, renamed at the end, removed when anything fails.</summary>
internal static class WholeFile
{
    /// <summary>Throws when a verb would replace what it reads.</summary>
    public static void RequireOther(string input, string output)
    {
        if (!Differs(input, output))
            throw new CannotException("The file would be written over itself. Name another file.");
    }

    /// <summary>Whether two paths lead to different files, or to none: links are followed, and two names of one file are one file.</summary>
    public static bool Differs(string input, string output)
    {
        var (first, second) = (Final(input), Final(output));
        if (first.FullName == second.FullName)
            return false;
        // A pipe has no length: to open it would be to wait for its other end.
        if (!first.Exists || !second.Exists || first.Length != second.Length || first.Length == 0)
            return true;
        // Nothing portable tells which file a name stands for; but a file that is held under one name cannot be opened under another.
        if (!Opens(output))
            return true;
        try
        {
            using var held = new FileStream(input, FileMode.Open, FileAccess.Read, FileShare.None, 1);
            return Opens(output);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    public static async Task<T> WriteAsync<T>(string path, Func<Stream, Task<T>> write)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            throw new CannotException($"{path} is a folder. Name a file.");
        if (!Directory.Exists(Path.GetDirectoryName(full)))
            throw new CannotException($"There is no folder {Path.GetDirectoryName(full)}.");
        var partial = $"{full}.{Guid.CreateVersion7():n}.partial";
        try
        {
            T result;
            await using (var stream = new FileStream(partial, Profiles.DurableFile.Private(FileMode.CreateNew, FileAccess.ReadWrite, FileOptions.Asynchronous)))
            {
                result = await write(stream);
                await stream.FlushAsync();
            }
            File.Move(partial, full, overwrite: true);
            return result;
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static FileInfo Final(string path)
    {
        var named = new FileInfo(path);
        return named.LinkTarget is null ? named : named.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? named;
    }

    private static bool Opens(string path)
    {
        try
        {
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1).Dispose();
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

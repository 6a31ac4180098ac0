namespace Salus.Client.Records;

/// <summary>Writes a file that is there whole and verified, or not at all: under another name first, renamed at the end, removed when anything fails.</summary>
internal static class WholeFile
{
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
}

namespace Salus.Client.Uploads;

/// <summary>One command at a time seals and uploads in a profile: a second one would take the first one's unfinished work for leftovers.</summary>
internal sealed class OutboxLock : IDisposable
{
    private readonly FileStream _file;

    private OutboxLock(FileStream file) => _file = file;

    public static OutboxLock Take(string folder) =>
        TryTake(folder) ?? throw new CannotException("Another salus command is storing records in this profile. Wait for it, or use another profile.", Reasons.Busy);

    /// <summary>Null while another command holds it.</summary>
    public static OutboxLock? TryTake(string folder)
    {
        Profiles.DurableFile.CreateFolder(folder);
        try
        {
            return new OutboxLock(new FileStream(Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}

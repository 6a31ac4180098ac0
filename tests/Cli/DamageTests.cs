namespace Salus.Cli.Tests;

/// <summary>A stopped installation, for the tests that damage it one way and mend it again.</summary>
public sealed class StoppedInstallation : IDisposable
{
    public StoppedInstallation()
    {
        var start = Data.Up();
        Assert.True(start.ExitCode == 0, start.ToString());
        Assert.Equal(0, Data.Down().ExitCode);
    }

    public TemporaryData Data { get; } = new();

    public void Dispose() => Data.Dispose();
}

/// <summary>`up` on a damaged data folder: a message that names the file, exit code 1, and nothing changed.</summary>
public class DamageTests(StoppedInstallation installation) : IClassFixture<StoppedInstallation>
{
    private readonly TemporaryData _data = installation.Data;

    [Theory]
    [InlineData("config/store-2.json")]
    [InlineData("parties.json")]
    [InlineData("database.json")]
    [InlineData("trustee-1/identity.key")]
    [InlineData("store-4/identity.key")]
    [InlineData("postgres/PG_VERSION", "postgres, the database")]
    public void AMissingFileIsNamed(string path, string? said = null) =>
        Broken(path, file => File.Move(file, file + ".away"), file => File.Move(file + ".away", file), said ?? path);

    [Theory]
    [InlineData("config/cloud.json", "{ \"url\": ")]
    [InlineData("config/cloud.json", "[]")]
    [InlineData("parties.json", "null")]
    [InlineData("parties.json", "{}")]
    [InlineData("installation.json", "garbage")]
    [InlineData("installation.json", "{\"format\":99,\"prepared\":true,\"basePort\":1,\"tls\":false}", "another version")]
    [InlineData("database.json", "{}")]
    [InlineData("cloud/identity.key", "short", "identity")]
    [InlineData("cloud/identity.pub", "00")]
    [InlineData("postgres/PG_VERSION", "9\n", "PostgreSQL 9")]
    [InlineData("postgres/PG_VERSION", "fifteen\n")]
    [InlineData("up.json", "garbage")]
    public void AnUnreadableFileIsNamed(string path, string content, string? said = null)
    {
        byte[]? kept = null;
        Broken(path, file =>
        {
            kept = File.Exists(file) ? File.ReadAllBytes(file) : null;
            File.WriteAllText(file, content);
        }, file =>
        {
            if (kept is null)
                File.Delete(file);
            else
                File.WriteAllBytes(file, kept);
        }, said ?? path);
    }

    [Fact]
    public void AMissingFolderIsNamed() => Broken("store-3", folder => Directory.Move(folder, folder + ".away"), folder => Directory.Move(folder + ".away", folder), "store-3");

    private void Broken(string path, Action<string> damage, Action<string> mend, string said)
    {
        var full = _data.In(path);
        damage(full);
        try
        {
            var before = Snapshot();
            var outcome = _data.Up();
            Assert.True(outcome.ExitCode == 1, outcome.ToString());
            Assert.Contains(said, outcome.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", outcome.Errors, StringComparison.Ordinal);
            Assert.Equal(before, Snapshot());
        }
        finally
        {
            mend(full);
        }
    }

    /// <summary>What may not change: everything but logs.</summary>
    private List<string> Snapshot() =>
    [
        .. Directory.EnumerateFiles(_data.Folder, "*", SearchOption.AllDirectories)
            .Where(file => !file.StartsWith(_data.In("logs"), StringComparison.Ordinal) && Path.GetFileName(file) is not "up.lock" && !file.StartsWith(_data.In("postgres/"), StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(file => $"{file} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}"),
    ];
}

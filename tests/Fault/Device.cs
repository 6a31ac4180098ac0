using System.Diagnostics;
using Salus.Client.Accounts;
using Salus.Client.Keys;
using Salus.Client.Profiles;
using Salus.Client.Records;
using Salus.Client.Search;
using Salus.Client.Sharing;
using Salus.Crypto;
using Salus.EndToEnd.Tests;
using Salus.Protocol;

namespace Salus.Fault.Tests;

/// <summary>A person's device, which may be killed. Its successor is the same device after that: a new process over the same files.</summary>
internal sealed class Device : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly SalusInstallation _salus;
    private readonly Secret _secret;

    private Device(SalusInstallation salus, Account account, Secret secret, Wire wire) => (_salus, Account, _secret, Wire) = (salus, account, secret, wire);

    public Account Account { get; }

    public Wire Wire { get; }

    public RecordStore Records => new(Account);

    public Imports Imports => new(Account);

    public Granting Granting => new(Account);

    /// <summary>A person's own device, over a copy of their profile.</summary>
    public static Task<Device> OfAsync(SalusInstallation salus, Person person, TimeProvider? clock = null) =>
        OpenAsync(salus, person.Profile.Folder, Secret.CopyOf(person.Account.Keys.AccountSecret.Bytes), clock ?? TimeProvider.System);

    /// <summary>The device after it was killed. What was killed keeps its own files, and whatever of it still runs changes those alone.</summary>
    public Task<Device> RestartedAsync()
    {
        Wire.Dispose(); // the system closes the connections of a process that is gone
        return OpenAsync(_salus, Account.Profile.Folder, _secret, Account.Clock);
    }

    public async Task<byte[]> GetAsync(RecordId record)
    {
        var path = Path.Combine(Directory.CreateDirectory(_salus.In("out", "devices")).FullName, Guid.NewGuid().ToString("n"));
        await Records.GetAsync(record, path, Person.NoKey, null, None);
        var bytes = await File.ReadAllBytesAsync(path);
        File.Delete(path);
        return bytes;
    }

    public async Task<IReadOnlyList<SearchHit>> FindAsync(string text)
    {
        Assert.True(Query.TryParse(text, out var query, out var fault), fault);
        var searcher = new Searcher(Account);
        var hits = new List<SearchHit>();
        await foreach (var hit in searcher.FindAsync(query, null, 1000, None))
            hits.Add(hit);
        Assert.Empty(searcher.Complaints);
        return hits;
    }

    public void Dispose()
    {
        Account.Dispose();
        Wire.Dispose();
        _secret.Dispose();
    }

    private static async Task<Device> OpenAsync(SalusInstallation salus, string folder, Secret secret, TimeProvider clock)
    {
        var profile = new Profile(salus.In("profiles", salus.NewName("restarted")));
        // By another program: the files may be locked by what was killed.
        using (var copy = Process.Start("cp", ["-a", folder, profile.Folder]))
            await copy.WaitForExitAsync();
        var keys = new Keyring(Secret.CopyOf(secret.Bytes));
        var wire = new Wire();
        var state = await LocalState.OpenAsync(profile, keys.Local, keys.Card.Account);
        return new Device(salus, new Account(profile, profile.Load(), keys, state, clock, new HttpClient(wire) { Timeout = Timeout.InfiniteTimeSpan }), secret, wire);
    }
}

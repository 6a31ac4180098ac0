using System.Net;
using Salus.Client.Accounts;
using Salus.Client.Keys;
using Salus.Client.Log;
using Salus.Client.Profiles;
using Salus.Client.Tests.Audit;
using Salus.Crypto;
using Salus.Protocol.Http;
using Salus.Protocol.Log;
using Salus.Testing;
using Salus.Trustee.Tests;

namespace Salus.Client.Tests.Log;

/// <summary>What a device takes for the log, of clouds that are honest and of some that are not.</summary>
public sealed class LogViewTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Keyring _keys = Keyring.Generate();
    private readonly TestLog _log = new();
    private readonly LogServer _server;
    private readonly ManualTime _time = new();

    public LogViewTests() => _server = new LogServer(_log);

    public void Dispose()
    {
        _keys.Dispose();
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task ALogThatGrowsIsFollowedAndRemembered()
    {
        foreach (var size in (int[])[1, 2, 5, 256, 257, 700, 700])
        {
            using var account = await AccountAsync();
            Fill(size - (int)_log.Size);
            var head = await account.Log.NewestAsync(CancellationToken.None);
            Assert.Equal(size, head.Size);
            Assert.Equal(size, account.Log.Head!.Size);
            // A proof that was on its way for longer is of an older head.
            await account.Log.AcceptAsync(Read(Note(size / 2)), CancellationToken.None);
            Assert.Equal(size, account.Log.Head.Size);
        }
    }

    [Fact, Attack("S10")]
    public async Task AnotherLogUnderTheSameKeyIsAFork()
    {
        Fill(300);
        using var account = await AccountAsync();
        await account.Log.NewestAsync(CancellationToken.None);
        var other = new TestLog();
        Fill(other, 400);
        foreach (var size in (int[])[400, 300, 120])
        {
            _server.Log = other;
            await AlarmsAsync(AlarmKind.Fork, () => account.Log.AcceptAsync(Read(other.Note(size, _time.GetUtcNow(), other.Witnesses)), CancellationToken.None));
            _server.Log = _log; // nor do the right log's tiles help it, where it has any
            await AlarmsAsync(size > 300 ? AlarmKind.Withheld : AlarmKind.Fork, () => account.Log.AcceptAsync(Read(other.Note(size, _time.GetUtcNow(), other.Witnesses)), CancellationToken.None));
        }
        Assert.Equal(300, account.Log.Head!.Size);
        Fill(100);
        Assert.Equal(400, (await account.Log.NewestAsync(CancellationToken.None)).Size);
    }

    [Fact]
    public async Task OneTrusteesWordIsNotEnough()
    {
        Fill(3);
        using var account = await AccountAsync();
        _server.Witnesses = _log.Witnesses[..1];
        Assert.Equal(Reasons.TooFewTrustees, (await Assert.ThrowsAsync<CannotException>(() => account.Log.NewestAsync(CancellationToken.None))).Code);
        Assert.Null(account.Log.Head);
        _server.Witnesses = _log.Witnesses[1..];
        await account.Log.NewestAsync(CancellationToken.None);
        _server.Change = bytes => [.. bytes[..^3], (byte)(bytes[^3] ^ 1), .. bytes[^2..]];
        await AlarmsAsync(AlarmKind.Integrity, () => account.Log.NewestAsync(CancellationToken.None));
    }

    [Fact, Attack("S10")]
    public async Task TheHeadThatSomebodyElseHasSeenMustBeOfThisLog()
    {
        Fill(50);
        using var account = await AccountAsync();
        await account.Log.CheckAsync(Compact(_log, 20), "the doctor", CancellationToken.None);
        Assert.Single(account.State.Content.CheckedHeads);
        Assert.Equal(50, account.Log.Head!.Size);
        // Said once more nothing is asked; what the log has not signed says nothing.
        var asked = _server.Requests;
        await account.Log.CheckAsync(Compact(_log, 20), "the doctor", CancellationToken.None);
        await account.Log.CheckAsync([1, 2, 3], "the doctor", CancellationToken.None);
        await account.Log.CheckAsync(null, "the doctor", CancellationToken.None);
        Assert.Equal(asked, _server.Requests);

        var other = new TestLog();
        Fill(other, 60);
        await AlarmsAsync(AlarmKind.Fork, () => account.Log.CheckAsync(Compact(other, 40), "the doctor", CancellationToken.None));
        await AlarmsAsync(AlarmKind.Withheld, () => account.Log.CheckAsync(Compact(other, 60), "the doctor", CancellationToken.None));
        Fill(10);
        _server.Size = 50;
        await AlarmsAsync(AlarmKind.Withheld, () => account.Log.CheckAsync(Compact(_log, 60), "the doctor", CancellationToken.None));
        _server.Size = null;
        await account.Log.CheckAsync(Compact(_log, 60), "the doctor", CancellationToken.None);
        Assert.Equal(2, account.State.Content.CheckedHeads.Count);
    }

    [Fact, Attack("U01")]
    public async Task EveryEntryIsProvenAndOneThatWasRewrittenIsCaught()
    {
        var entries = Fill(300);
        using var account = await AccountAsync();
        await account.Log.NewestAsync(CancellationToken.None);
        foreach (var index in (int[])[0, 1, 255, 256, 299])
            Assert.Equal(entries[index].LeafHash, (await account.Log.EntryAsync(index, CancellationToken.None)).LeafHash);
        await AlarmsAsync(AlarmKind.Withheld, () => account.Log.EntryAsync(300, CancellationToken.None));
        _server.Change = bytes => [.. bytes[..^1], (byte)(bytes[^1] ^ 1)];
        await AlarmsAsync(AlarmKind.Fork, () => account.Log.EntryAsync(299, CancellationToken.None));
        _server.Change = bytes => bytes[..^1];
        await AlarmsAsync(AlarmKind.Fork, () => account.Log.EntryAsync(299, CancellationToken.None));
        _server.Change = null;
        _server.IsGone = true;
        await AlarmsAsync(AlarmKind.Withheld, () => account.Log.EntryAsync(299, CancellationToken.None));
    }

    private static async Task AlarmsAsync(AlarmKind kind, Func<Task> act) => Assert.Equal(kind, (await Assert.ThrowsAsync<AlarmException>(act)).Kind);

    private SignedCheckpoint Read(byte[] note)
    {
        Assert.True(SignedCheckpoint.TryRead(note, _log.Keys, out var checkpoint));
        return checkpoint;
    }

    private byte[] Note(int size) => _log.Note(size, _time.GetUtcNow(), _log.Witnesses);

    private byte[] Compact(TestLog log, int size) => LogHead.Compact(Read(log.Note(size, _time.GetUtcNow())), _log.Keys);

    private List<LogEntry> Fill(int count) => Fill(_log, count);

    private static List<LogEntry> Fill(TestLog log, int count)
    {
        var entries = Enumerable.Range(0, count).Select(_ => LogEntry.Of(LogKind.Roots, Guid.NewGuid().ToByteArray())).ToList();
        entries.ForEach(entry => log.Append(entry));
        return entries;
    }

    private async Task<Account> AccountAsync()
    {
        var profile = new Profile(_folder.File("profile"));
        System.IO.Directory.CreateDirectory(profile.Folder);
        var content = new ProfileContent(2, "owner@example.org", _keys.Card.Account.ToString(), _keys.Card.Signed, _server.Parties, [], null, null);
        var keys = new Keyring(Secret.CopyOf(_keys.AccountSecret.Bytes));
        return new Account(profile, content, keys, await LocalState.OpenAsync(profile, keys.Local, keys.Card.Account), _time, new HttpClient(_server, disposeHandler: false));
    }
}

/// <summary>A cloud that has a log and nothing else.</summary>
internal sealed class LogServer(TestLog log) : HttpMessageHandler
{
    public TestLog Log { get; set; } = log;

    public NoteSigner[] Witnesses { get; set; } = log.Witnesses;

    /// <summary>The size of the newest head that is shown; null for all.</summary>
    public int? Size { get; set; }

    /// <summary>What becomes of checkpoints and of bundles of entries.</summary>
    public Func<byte[], byte[]>? Change { get; set; }

    public bool IsGone { get; set; }

    public int Requests { get; private set; }

    public PartyDirectory Parties => new(new Party("cloud", new Uri("http://localhost"), new string('0', 64), Log.Signer.Key.ToString()),
        [.. Log.Witnesses.Select((witness, i) => new TrusteeParty($"trustee-{i + 1}", new Uri($"http://trustee{i}"), new string('0', 64), new string('9', 64), witness.Key.ToString()))], []);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests++;
        if (!IsGone && request.RequestUri!.AbsolutePath == Paths.LogProof)
            return Task.FromResult(Log.Find(Convert.FromHexString(request.RequestUri.Query["?leaf=".Length..])) is { } place
                ? new HttpResponseMessage { Content = new ByteArrayContent(Log.Proof(place, TimeProvider.System.GetUtcNow(), Witnesses)) }
                : MemoryStore.Problem(HttpStatusCode.NotFound, Problems.NotFound));
        var answer = IsGone ? null : Log.Answer(request.RequestUri!.AbsolutePath, Size, TimeProvider.System.GetUtcNow(), Witnesses);
        if (answer is not null && Change is { } change && !request.RequestUri!.AbsolutePath.StartsWith("/log/tile/0", StringComparison.Ordinal))
            answer = change(answer);
        return Task.FromResult(answer is null ? new HttpResponseMessage(HttpStatusCode.NotFound) : new HttpResponseMessage { Content = new ByteArrayContent(answer) });
    }
}

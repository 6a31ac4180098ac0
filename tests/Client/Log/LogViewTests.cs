using System.Net;
using Salus.Client.Accounts;
using Salus.Client.Keys;
using Salus.Client.Log;
using Salus.Client.Tests.Audit;
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
        Assert.Equal(50, account.Log.Head!.Size);
        Assert.Single(account.State.Content.CheckedHeads);
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

    [Fact]
    public async Task WhatCouldNotBeProvenIsNotHeldAgainstTheNextHead()
    {
        Fill(300);
        using var account = await AccountAsync();
        await account.Log.NewestAsync(CancellationToken.None);
        // An entry is another one, and the hashes that would show it cannot be had.
        _server.Change = bytes => [.. bytes[..^1], (byte)(bytes[^1] ^ 1)];
        _server.Instead = request => request.RequestUri!.AbsolutePath.StartsWith("/log/tile/0", StringComparison.Ordinal)
            ? MemoryStore.Problem(HttpStatusCode.InternalServerError, Problems.Internal) : null;
        await Assert.ThrowsAsync<RefusedException>(() => account.Log.EntryAsync(0, CancellationToken.None));
        (_server.Change, _server.Instead) = (null, null);
        Fill(50);
        Assert.Equal(350, (await account.Log.NewestAsync(CancellationToken.None)).Size);
        await account.Log.EntryAsync(0, CancellationToken.None);
    }

    [Fact, Attack("U01")]
    public async Task AnOldHeadIsNotTakenForTheNewest()
    {
        Fill(10);
        using var account = await AccountAsync();
        await account.Log.NewestAsync(CancellationToken.None);
        // Frozen, while the trustees answer and have seen more.
        Fill(5);
        _server.Size = 10;
        _server.CosignedBefore = TimeSpan.FromMinutes(11);
        var withheld = await Assert.ThrowsAsync<AlarmException>(() => account.Log.NewestAsync(CancellationToken.None));
        Assert.Equal(AlarmKind.Withheld, withheld.Kind);
        // The clock of the device is wrong, and no server is accused.
        _server.Size = null;
        _server.CosignedBefore = TimeSpan.Zero;
        foreach (var wrong in (double[])[0.5, -1])
        {
            _time.Advance(TimeSpan.FromHours(wrong));
            Assert.Equal(Problems.ClockSkew, (await Assert.ThrowsAsync<RefusedException>(() => account.Log.NewestAsync(CancellationToken.None))).Code);
        }
        _time.Advance(TimeSpan.FromHours(0.5));
        // Nobody has cosigned for a while because two are away.
        _server.Away.UnionWith([0, 2]);
        _server.CosignedBefore = TimeSpan.FromHours(1);
        Assert.Equal(Reasons.TooFewTrustees, (await Assert.ThrowsAsync<CannotException>(() => account.Log.NewestAsync(CancellationToken.None))).Code);
        _server.Away.Clear();
        _server.CosignedBefore = TimeSpan.FromMinutes(9);
        Assert.Equal(15, (await account.Log.NewestAsync(CancellationToken.None)).Size);
    }

    [Fact]
    public async Task AServerOfTheCloudThatIsAMomentBehindIsAskedAgain()
    {
        Fill(300);
        using var account = await AccountAsync();
        // 503 of each route, once; then a bundle and a tile that are not there at first.
        var refused = new HashSet<string>();
        _server.Instead = request => refused.Add(request.RequestUri!.AbsolutePath) ? MemoryStore.Problem(HttpStatusCode.ServiceUnavailable, Problems.NotLoggedYet) : null;
        await account.Log.NewestAsync(CancellationToken.None);
        await account.Log.EntryAsync(299, CancellationToken.None);
        Assert.True(refused.Count >= 3, "checkpoint, tiles, a bundle");
        refused.Clear();
        _server.Instead = request => request.RequestUri!.AbsolutePath.StartsWith("/log/tile", StringComparison.Ordinal) && refused.Add(request.RequestUri.AbsolutePath)
            ? MemoryStore.Problem(HttpStatusCode.NotFound, Problems.NotFound) : null;
        await account.Log.EntryAsync(3, CancellationToken.None);
        Assert.NotEmpty(refused);
        // A head that somebody else has seen, before the server that is asked has.
        _server.Instead = null;
        Fill(10);
        _server.Size = 300;
        var theirs = Compact(_log, 310);
        _server.Instead = _ =>
        {
            _server.Size = _server.Requests % 3 == 0 ? null : 300;
            return null;
        };
        await account.Log.CheckAsync(theirs, "the doctor", CancellationToken.None);
        Assert.Equal(310, account.Log.Head!.Size);
    }

    [Fact]
    public async Task OfHeadsThatFitNotMoreAreRememberedThanAThousand()
    {
        Fill(20);
        using var account = await AccountAsync();
        await account.Log.NewestAsync(CancellationToken.None);
        var known = account.State.Content.CheckedHeads;
        known.UnionWith(Enumerable.Range(0, 1000).Select(i => $"{i}/00"));
        await account.Log.CheckAsync(Compact(_log, 7), "the doctor", CancellationToken.None);
        Assert.Equal(1000, known.Count);
        Assert.Contains(known, name => name.StartsWith("7/", StringComparison.Ordinal) && name.Length > 10);
    }

    [Fact]
    public async Task AProfileFromBeforeTheLogSaysWhatToDo()
    {
        Fill(3);
        using var account = await AccountAsync(_server.Parties with { Cloud = _server.Parties.Cloud with { Log = null } });
        var refused = await Assert.ThrowsAsync<CannotException>(() => account.Log.NewestAsync(CancellationToken.None));
        Assert.Equal(Reasons.DamagedProfile, refused.Code);
        Assert.Contains($"Move {_folder.File("profile")} away and use `salus login owner@example.org`", refused.Message, StringComparison.Ordinal);
        Assert.Null(account.Log.HeadForOthers);
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

    private Task<Account> AccountAsync(PartyDirectory? parties = null) => _server.AccountAsync(_folder.File("profile"), _keys, _time, parties);
}

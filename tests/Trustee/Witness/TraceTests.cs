using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Salus.Crypto.Reencryption;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;
using Salus.Testing;
using Salus.Trustee.Reencryption;
using Salus.Trustee.Witness;

namespace Salus.Trustee.Tests.Witness;

/// <summary>What a request has to show of the log before a trustee re-encrypts, one thing wrong at a time.</summary>
public sealed class TraceTests : IAsyncLifetime
{
    private readonly TestLog _log = TestLog.Shared;
    private TrusteeHost _trustee = null!;
    private Sharing _sharing = null!;

    private DateTimeOffset Now => _trustee.Time.Now;

    public async ValueTask InitializeAsync()
    {
        _trustee = await TrusteeHost.StartAsync();
        _sharing = new Sharing(_trustee.Time);
        await _sharing.BringAsync(_trustee);
    }

    public ValueTask DisposeAsync()
    {
        _sharing.Dispose();
        return _trustee.DisposeAsync();
    }

    [Fact, Attack("U03")]
    public async Task WhatWasAnsweredIsJournalledAsItStandsInTheLog()
    {
        var item = _sharing.Seal().Item;
        var statement = Statement(item.Record);
        var trace = Trace(statement);
        Assert.Equal(200, (await AskAsync(trace, item)).Status);
        var row = await _trustee.InDatabaseAsync(database => database.Accesses.SingleAsync());
        Assert.True(AccessTrace.TryParse(trace, out var read));
        Assert.True(LogProof.TryRead(read.Proof, _log.Keys, out var proof));
        Assert.Equal((proof.Index, _sharing.Account, Now), (row.Index, row.Owner, row.At));
        Assert.Equal(statement.Signed, row.Statement);
        Assert.True(proof.Includes(row.Leaf));
    }

    [Fact, Attack("U03")]
    public async Task WithoutATraceNothingIsAnswered()
    {
        var item = _sharing.Seal().Item;
        await RefusesAsync([], item);
        (await AskAsync([1, 2, 3], item)).Refuses(400, Problems.BadRequest);
        Assert.Equal(0, await _trustee.CountAsync<NonceRow>());
    }

    [Fact, Attack("U03")]
    public async Task TheProofOfAnotherEntryIsNone()
    {
        var item = _sharing.Seal().Item;
        var (mine, other) = (Statement(item.Record), Statement(item.Record));
        var (card, seed) = (TestLog.Cards[_sharing.Account], RandomNumberGenerator.GetBytes(32));
        var elsewhere = _log.Append(TestLog.Entry(other, card, seed));
        var here = _log.Append(TestLog.Entry(mine, card, seed));
        var right = _log.Proof(here, Now, _log.Witnesses);
        await RefusesAsync(new AccessTrace(card, mine, seed, _log.Proof(elsewhere, Now, _log.Witnesses)).ToBytes(), item);
        await RefusesAsync(new AccessTrace(card, mine, RandomNumberGenerator.GetBytes(32), right).ToBytes(), item); // would be another entry
        await RefusesAsync(new AccessTrace(card, mine, seed, []).ToBytes(), item);
        await RefusesAsync(new AccessTrace(card, mine, seed, [.. right[..^2], (byte)(right[^2] ^ 1), (byte)'\n']).ToBytes(), item);
        Assert.Equal(200, (await AskAsync(new AccessTrace(card, mine, seed, right).ToBytes(), item)).Status);
    }

    [Fact]
    public async Task AnotherLogsProofIsNone()
    {
        var item = _sharing.Seal().Item;
        var statement = Statement(item.Record);
        var (card, seed) = (TestLog.Cards[_sharing.Account], RandomNumberGenerator.GetBytes(32));
        using var stranger = NoteSigner.Log(TestLog.Seed(88));
        var entry = TestLog.Entry(statement, card, seed);
        var checkpoint = new Checkpoint(stranger.Key.Name, 1, entry.LeafHash);
        var note = SignedNote.Of(checkpoint.Text, [checkpoint.Sign(stranger), .. _log.Witnesses.Select(witness => Cosignature.Sign(witness, checkpoint, Now))]).ToBytes();
        await RefusesAsync(new AccessTrace(card, statement, seed, LogProof.Encode(0, [], note)).ToBytes(), item);
    }

    [Fact, Attack("U03")]
    public async Task AnotherTrusteeHasToHaveSeenItAShortWhileAgo()
    {
        var item = _sharing.Seal().Item;
        var (age, more) = (Limits.MaxCosignatureAge, TimeSpan.FromSeconds(1));
        await RefusesAsync(Trace(Statement(item.Record), Now), item);
        await RefusesAsync(Trace(Statement(item.Record), Now, _trustee.Witness), item);
        using var stranger = NoteSigner.Witness(TestLog.Seed(99));
        await RefusesAsync(Trace(Statement(item.Record), Now, stranger), item);
        await RefusesAsync(Trace(Statement(item.Record), Now - age - more, _log.Witnesses), item);
        await RefusesAsync(Trace(Statement(item.Record), Now + age + more, _log.Witnesses), item);
        foreach (var one in _log.Witnesses[1..])
            Assert.Equal(200, (await AskAsync(Trace(Statement(item.Record), Now - age + more, one), item)).Status);
        Assert.Equal(200, (await AskAsync(Trace(Statement(item.Record), Now, _trustee.Witness, _log.Witnesses[1]), item)).Status);
    }

    [Fact, Attack("U03")]
    public async Task AnAccessInAnotherTreeThanThisTrusteeFollowsIsNoneWhoeverHasCosignedIt()
    {
        var item = _sharing.Seal().Item;
        await _trustee.FollowAsync();
        _trustee.Follows = false;

        // The log signs a side tree with the entry, and others cosign it: where this trustee has seen another entry, and beyond all that it has seen.
        var side = new TestLog();
        await RefusesAsync(side.Trace(_sharing.Delegatee, Subject(item.Record), Now, witnesses: _log.Witnesses), item);
        while (side.Size < _log.Size)
            side.Append(LogEntry.Of(LogKind.Roots, [1]));
        (await AskAsync(side.Trace(_sharing.Delegatee, Subject(item.Record), Now, witnesses: _log.Witnesses), item)).Refuses(503, Problems.NotLoggedYet);
        Assert.Equal(0, await _trustee.CountAsync<AccessRow>());

        // The true log's access at such a place is answered all the same.
        _trustee.Follows = true;
        Assert.Equal(200, (await AskAsync(Trace(Statement(item.Record)), item)).Status);
    }

    [Fact]
    public async Task AnAccessThatIsPushedAMomentLaterIsWaitedFor()
    {
        var item = _sharing.Seal().Item;
        _trustee.Follows = false;
        var asked = AskAsync(Trace(Statement(item.Record)), item);
        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.False(asked.IsCompleted);
        await _trustee.FollowAsync();
        Assert.Equal(200, (await asked).Status);
    }

    [Fact]
    public async Task WhatWasFollowedIsKeptForAsLongAsAStatementIsFresh()
    {
        var item = _sharing.Seal().Item;
        var trace = Trace(Statement(item.Record, Now + Limits.ClockTolerance), Now + Limits.MaxCosignatureAge, _log.Witnesses);
        await _trustee.FollowAsync();
        _trustee.Time.Now += 2 * Limits.ClockTolerance;
        await SweepAsync(0);
        Assert.NotEqual(0, await _trustee.CountAsync<SeenAccessRow>());
        Assert.Equal(200, (await AskAsync(trace, item)).Status);
        await SweepAsync(1);
        Assert.Equal(0, await _trustee.CountAsync<SeenAccessRow>());

        Task<int> SweepAsync(int milliseconds) =>
            _trustee.InDatabaseAsync(async database => { await Sweep.RunAsync(database, Now.AddMilliseconds(milliseconds), default); return 0; });
    }

    [Fact]
    public async Task AStatementOfAnotherAccessIsNone()
    {
        using var other = new Sharing(_trustee.Time);
        var items = new[] { _sharing.Seal().Item, _sharing.Seal().Item };
        var right = Subject([.. items.Select(item => item.Record)]);
        foreach (var (what, wrong, requester) in new (string, AccessSubject, SigningKey)[]
        {
            ("another requester", right, other.Delegatee), ("the owner itself", right, _sharing.Owner),
            ("another owner", right with { Owner = other.Account }, _sharing.Delegatee),
            ("another grant", right with { Grant = Identifier.Random<GrantId>() }, _sharing.Delegatee),
            ("another partition", right with { Partition = Identifier.Random<PartitionId>() }, _sharing.Delegatee),
            ("another epoch", right with { Epoch = right.Epoch!.Value.Next() }, _sharing.Delegatee),
            ("readings", right with { Kind = AccessKind.Readings, Epoch = null }, _sharing.Delegatee),
            ("one record only", right with { Items = [items[0].Record] }, _sharing.Delegatee),
            ("other records", right with { Items = [items[0].Record, Identifier.Random<RecordId>()] }, _sharing.Delegatee),
        })
        {
            var answer = await AskAsync(_log.Trace(requester, wrong, Now), items);
            Assert.True((403, Problems.NotLogged) == (answer.Status, answer.Problem), what);
        }
        Assert.Equal(0, await _trustee.CountAsync<AccessRow>());
        foreach (var kind in (AccessKind[])[AccessKind.Open, AccessKind.Search])
            Assert.Equal(200, (await AskAsync(_log.Trace(_sharing.Delegatee, right with { Kind = kind, Items = [.. right.Items, Identifier.Random<RecordId>()] }, Now), items)).Status);
    }

    [Fact]
    public async Task AnEntryThatTheOwnerCannotOpenIsNone()
    {
        using var other = new Sharing(_trustee.Time);
        var item = _sharing.Seal().Item;
        await RefusesAsync(_log.Trace(_sharing.Delegatee, Subject(item.Record), Now, TestLog.Cards[other.Account]), item);
    }

    [Fact, Attack("U03")]
    public async Task AStatementIsAnsweredOnce()
    {
        var item = _sharing.Seal().Item;
        var statement = Statement(item.Record);
        var trace = Trace(statement);
        Assert.Equal(200, (await AskAsync(trace, item)).Status);
        (await AskAsync(trace, item)).Refuses(409, Problems.Replayed);
        (await AskAsync(Trace(statement), item)).Refuses(409, Problems.Replayed); // logged a second time
        await _trustee.RestartAsync();
        (await AskAsync(trace, item)).Refuses(409, Problems.Replayed);
        Assert.Equal(1, await _trustee.CountAsync<AccessRow>());
    }

    [Fact]
    public async Task OfParallelRequestsOnOneStatementOneIsAnswered()
    {
        var item = _sharing.Seal().Item;
        var trace = Trace(Statement(item.Record));
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => AskAsync(trace, item)));
        Assert.Single(answers, answer => answer.Status == 200);
        Assert.All(answers.Where(answer => answer.Status != 200), answer => answer.Refuses(409, Problems.Replayed));
    }

    [Fact]
    public async Task AnOldStatementIsRefusedHoweverFreshTheLog()
    {
        var item = _sharing.Seal().Item;
        var (tolerance, more) = (Limits.ClockTolerance, TimeSpan.FromMilliseconds(1));
        foreach (var at in (DateTimeOffset[])[Now - tolerance - more, Now + tolerance + more])
            (await AskAsync(Trace(Statement(item.Record, at)), item)).Refuses(403, Problems.ClockSkew);
        foreach (var at in (DateTimeOffset[])[Now - tolerance, Now + tolerance])
            Assert.Equal(200, (await AskAsync(Trace(Statement(item.Record, at)), item)).Status);
    }

    [Fact]
    public async Task WhatIsNotGrantedLeavesNothingInTheJournal()
    {
        var item = _sharing.Seal().Item;
        Assert.Equal(200, (await _trustee.PostAsync(Paths.Revocations, _sharing.Revoke().Signed)).Status);
        (await AskAsync(Trace(Statement(item.Record)), item)).Refuses(403, Problems.NotGranted);
        Assert.Equal(0, await _trustee.CountAsync<AccessRow>());
    }

    private AccessSubject Subject(params RecordId[] records) =>
        new(AccessKind.Open, _sharing.Account, _sharing.Policy.Grant, _sharing.Policy.Partition, _sharing.Policy.Epoch, records);

    private AccessStatement Statement(RecordId record, DateTimeOffset? at = null) => AccessStatement.Create(_sharing.Delegatee, Subject(record), at ?? Now);

    private byte[] Trace(AccessStatement statement) => Trace(statement, Now, _log.Witnesses);

    private byte[] Trace(AccessStatement statement, DateTimeOffset cosigned, params NoteSigner[] witnesses) =>
        _log.Trace(statement, TestLog.Cards[_sharing.Account], cosigned, witnesses);

    private Task<Answer> AskAsync(byte[] trace, params ReencryptionItem[] items) => _trustee.PostAsync(Paths.Reencryptions, _sharing.Ask(_trustee, items, trace: trace).Signed);

    private async Task RefusesAsync(byte[] trace, ReencryptionItem item) => (await AskAsync(trace, item)).Refuses(403, Problems.NotLogged);
}

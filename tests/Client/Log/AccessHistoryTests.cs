using System.Net;
using Salus.Client.Accounts;
using Salus.Client.Keys;
using Salus.Client.Log;
using Salus.Client.Profiles;
using Salus.Client.Sharing;
using Salus.Client.Tests.Audit;
using Salus.Crypto.Reencryption;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;
using Salus.Testing;
using Salus.Trustee.Tests;

namespace Salus.Client.Tests.Log;

/// <summary>Who has opened what, of trustees and a cloud of which one lies, hides, has forgotten or is away.</summary>
public sealed class AccessHistoryTests : IDisposable
{
    private static readonly PartitionId Medical = new(7);
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();
    private readonly Keyring _owner = Keyring.Generate();
    private readonly Keyring _reader = Keyring.Generate();
    private readonly TestLog _log = new();
    private readonly LogServer _server;
    private readonly ManualTime _time = new();
    private readonly Grant _grant;
    private readonly Dictionary<long, JournalLine> _lines = [];

    public AccessHistoryTests()
    {
        _server = new LogServer(_log);
        _grant = Give();
        _log.Append(LogEntry.Of(LogKind.Grant, _grant.Signed));
        _server.Grants.Add(new GrantView(_grant.Signed, null, []));
    }

    public void Dispose()
    {
        _owner.Dispose();
        _reader.Dispose();
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact, Attack("U01")]
    public async Task AnAccessThatNoTrusteeNamesIsFoundInTheLog()
    {
        using var account = await AccountAsync();
        Answer(State(), 0, 2);
        // Another's, one of somebody who was permitted nothing, and one that trustee-1 hides while trustee-2, which has answered it too, is away.
        Answer(State(owner: _reader.Card.Account), _reader.Card);
        using var stranger = Keyring.Generate();
        Answer(State(by: stranger));
        var place = Answer(State());
        _server.Away.Add(1);
        var report = await VerifyAsync(account);
        var alarm = Assert.Single(report.Alarms);
        Assert.Equal(AlarmKind.Withheld, alarm.Kind);
        Assert.Contains($"at place {place}", alarm.Message, StringComparison.Ordinal);
        Assert.Contains("trustee-2 does not tell all", alarm.Message, StringComparison.Ordinal);
        Assert.Equal(["trustee-1", "trustee-3"], report.Events[0].AnsweredBy);
        Assert.Empty(report.Events[1].AnsweredBy);
        Assert.Contains("was about to open 1 record in ?", report.Events[1].Sentence, StringComparison.Ordinal);
        Assert.EndsWith("; no trustee says that it has answered.", report.Events[1].Sentence, StringComparison.Ordinal);
        Assert.Contains(report.Complaints, complaint =>
            complaint.StartsWith("trustee-2 does not tell", StringComparison.Ordinal) && complaint.Contains("accesses may be missing", StringComparison.Ordinal));
        Assert.Contains(report.Complaints, complaint => complaint.StartsWith("The log has 1 announcements", StringComparison.Ordinal));
        // What was looked through is remembered; what was found, too.
        Assert.Equal(_log.Size, account.State.Content.LogSearched);
        Assert.Equal(AlarmKind.Withheld, Assert.Single((await VerifyAsync(account)).Alarms).Kind);
        // While all tell it was announced and no more.
        _server.Away.Clear();
        report = await VerifyAsync(account);
        Assert.Empty(report.Alarms);
        Assert.Empty(report.Events[1].AnsweredBy);
        // It is back, and names it.
        Name(report.Events[1].Index, 1);
        report = await VerifyAsync(account);
        Assert.Empty(report.Alarms);
        Assert.Equal(["trustee-2"], report.Events[1].AnsweredBy);
        Assert.Empty(account.State.Content.UnnamedAccesses);
    }

    [Fact]
    public async Task TheLogIsLookedThroughFromWhereItWasBefore()
    {
        using var account = await AccountAsync();
        for (var i = 0; i < 600; i++)
            _log.Append(LogEntry.Of(LogKind.Roots, Guid.NewGuid().ToByteArray()));
        var place = Answer(State());
        Assert.Equal(place, Assert.Single((await VerifyAsync(account)).Events).Index);
        var bundles = new List<string>();
        _server.Instead = request =>
        {
            if (request.RequestUri!.AbsolutePath.StartsWith("/log/tile/entries/", StringComparison.Ordinal))
                bundles.Add(request.RequestUri.AbsolutePath);
            return null;
        };
        var next = Answer(State());
        Assert.Equal([place, next], (await VerifyAsync(account)).Events.Select(access => access.Index));
        Assert.All(bundles, bundle => Assert.StartsWith("/log/tile/entries/002", bundle, StringComparison.Ordinal));
        // A part of the time is compared for that part, and nothing is taken for looked through.
        Answer(State());
        _server.Away.Add(0);
        Assert.Empty((await new AccessHistory(account).VerifyAsync(_time.GetUtcNow() + TimeSpan.FromHours(1), None)).Alarms);
        Assert.Equal(3, (await VerifyAsync(account)).Alarms.Count(alarm => alarm.Kind == AlarmKind.Withheld));
    }

    [Fact, Attack("U01")]
    public async Task AnAccessIsDatedAsItsRequesterSignedItWhateverOneTrusteeSays()
    {
        using var account = await AccountAsync();
        var statement = State();
        Answer(statement, 2);
        _server.Journals[0].Add(_server.Journals[2][0] with { At = statement.At - TimeSpan.FromDays(21) });
        foreach (var report in (AccessReport[])[await VerifyAsync(account), await new AccessHistory(account).ListAsync(null, None)])
        {
            var alarm = Assert.Single(report.Alarms);
            Assert.Equal(AlarmKind.Injected, alarm.Kind);
            Assert.StartsWith("trustee-1 dates 1 of the accesses", alarm.Message, StringComparison.Ordinal);
            Assert.Equal(["trustee-3"], Assert.Single(report.Events).AnsweredBy);
            Assert.Equal(statement.At, report.Events[0].At);
        }
        // Some minutes are a clock's, no lie's.
        _server.Journals[0][0] = _server.Journals[2][0] with { At = statement.At + TimeSpan.FromMinutes(9) };
        Assert.Empty((await VerifyAsync(account)).Alarms);
    }

    [Fact, Attack("S10")]
    public async Task ATrusteeThatFollowsAnotherLogIsToldByItsOwnWord()
    {
        using var account = await AccountAsync();
        Answer(State(), 0, 1);
        var other = new TestLog();
        for (var i = 0; i < 2; i++)
            other.Append(LogEntry.Of(LogKind.Roots, [(byte)i]));
        _server.Followed[2] = (other, null);
        var alarm = Assert.Single((await VerifyAsync(account)).Alarms);
        Assert.Equal(AlarmKind.Fork, alarm.Kind);
        Assert.StartsWith("trustee-3 has followed another log", alarm.Message, StringComparison.Ordinal);
        // It holds up nobody who asks what is newest, and is not lost either.
        Assert.Equal(2, (await new Witnesses(account).NewestAsync(LogKind.Page, new byte[32], None)).Count);
        Assert.Equal(AlarmKind.Fork, Assert.Single(account.State.Content.Alarms).Kind);
        Assert.Throws<CannotException>(new AlarmLog(account).RequireNoOtherHistory);
        // Acknowledged, it is the same story from then on, and one trustee has no veto.
        await new AlarmLog(account).AcknowledgeAsync(account.State.Content.Alarms[0].Id);
        Answer(State(), 0, 1);
        Assert.Equal(2, (await new Witnesses(account).NewestAsync(LogKind.Page, new byte[32], None)).Count);
        new AlarmLog(account).RequireNoOtherHistory();
        // Smaller and the same log is behind, larger is kept back.
        _server.Followed[2] = (_log, 1);
        var report = await VerifyAsync(account);
        Assert.Empty(report.Alarms);
        Assert.Contains(report.Complaints, complaint => complaint.StartsWith("trustee-3 has followed 1 entries", StringComparison.Ordinal));
        _server.Followed[2] = (_log, null);
        _server.Size = 3;
        _log.Append(LogEntry.Of(LogKind.Roots, [9]));
        Assert.Contains((await VerifyAsync(account)).Alarms, found => found.Kind == AlarmKind.Withheld && found.Message.StartsWith("trustee-3 has followed 4 entries", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnAlarmOfOneTrusteeIsNotSwallowedBecauseTheOthersSuffice()
    {
        using var account = await AccountAsync();
        _server.Instead = request => request.RequestUri!.Host == "trustee1" && request.RequestUri.AbsolutePath == Paths.WitnessNewest
            ? new HttpResponseMessage { Content = new ByteArrayContent([1, 2, 3]) } : null;
        Assert.Equal(AlarmKind.Integrity, Assert.Single((await VerifyAsync(account)).Alarms).Kind);
        Assert.Equal(2, (await new Witnesses(account).NewestAsync(LogKind.Page, new byte[32], None)).Count);
        Assert.Contains("trustee-2", Assert.Single(account.State.Content.Alarms).Message, StringComparison.Ordinal);
        _server.Away.Add(0);
        Assert.Equal(AlarmKind.Integrity, (await Assert.ThrowsAsync<AlarmException>(() => new Witnesses(account).NewestAsync(LogKind.Page, new byte[32], None))).Kind);
    }

    [Fact]
    public async Task WhatWasFoundIsReportedAlthoughALaterStepFails()
    {
        using var account = await AccountAsync();
        var statement = State();
        var place = Answer(statement, 0, 1);
        _server.Journals[2].Add(new JournalLine(_time.GetUtcNow(), place, new byte[32], statement.Signed));
        foreach (var path in (string[])[Paths.LogProof, Paths.Records, Paths.Grants])
        {
            _server.Instead = request => request.RequestUri!.AbsolutePath == path ? MemoryStore.Problem(HttpStatusCode.InternalServerError, "internal") : null;
            var report = await VerifyAsync(account);
            Assert.False(report.IsWhole);
            Assert.Equal(AlarmKind.Fork, Assert.Single(report.Alarms).Kind);
            Assert.Equal(place, Assert.Single(report.Events).Index);
            Assert.Contains(report.Complaints, complaint => complaint.StartsWith("Not all could be looked at", StringComparison.Ordinal));
        }
        // A head that cannot be had takes nothing back of what a trustee has shown.
        _server.Instead = request => request.RequestUri!.AbsolutePath == Paths.LogCheckpoint ? MemoryStore.Problem(HttpStatusCode.InternalServerError, "internal") : null;
        await Assert.ThrowsAsync<RefusedException>(() => VerifyAsync(account));
        _server.Journals[2][0] = new JournalLine(_time.GetUtcNow(), place, new byte[32], [1, 2, 3]);
        var alone = await VerifyAsync(account);
        Assert.Equal(AlarmKind.Injected, Assert.Single(alone.Alarms).Kind);
        Assert.Null(alone.Evidence);
        Assert.Equal(place, Assert.Single(alone.Events).Index);
    }

    [Fact]
    public async Task ATrusteeThatForgetsWhatItOnceToldIsToldOfOnce()
    {
        using var account = await AccountAsync();
        Answer(State(), 0, 1);
        Answer(State(), 0, 1);
        Assert.Empty((await VerifyAsync(account)).Alarms);
        _server.Journals[0].RemoveAt(0);
        var alarm = Assert.Single((await VerifyAsync(account)).Alarms);
        Assert.Equal((AlarmKind.Rollback, true), (alarm.Kind, alarm.Message.StartsWith("trustee-1 tells of 1 accesses to your data and told of 2", StringComparison.Ordinal)));
        Assert.Empty((await VerifyAsync(account)).Alarms);
    }

    [Fact]
    public async Task ItIsToldAlthoughTheOthersDoNotTellAndSomethingElseIsFoundFirst()
    {
        using var account = await AccountAsync();
        Answer(State(), 0, 1);
        Answer(State(), 0, 1);
        Assert.Empty((await VerifyAsync(account)).Alarms);
        _server.Journals[0].RemoveAt(0);
        _server.Away.Add(1);
        _server.Journals[2].Add(_server.Journals[1][0] with { Statement = [1, 2, 3] });
        await Assert.ThrowsAsync<AlarmException>(() => VerifyAsync(account));
        Assert.StartsWith("trustee-1 tells of 1", Assert.Single(account.Raised).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatTheCloudHasNotLoggedIsOneAlarmHoweverMuchItIs()
    {
        using var account = await AccountAsync();
        var grants = Enumerable.Range(0, 7).Select(_ => Give()).ToArray();
        _server.Grants.AddRange(grants.Select(grant => new GrantView(grant.Signed, null, [])));
        var report = await VerifyAsync(account);
        var alarm = Assert.Single(report.Alarms);
        Assert.Equal((AlarmKind.Unlogged, 1), (alarm.Kind, report.Evidence!.Own));
        Assert.Contains("7 entries of yours", alarm.Message, StringComparison.Ordinal);
        Assert.Equal(5, grants.Count(grant => alarm.Message.Contains(grant.Terms.Id.ToString(), StringComparison.Ordinal)));
        foreach (var grant in grants[1..])
            _log.Append(LogEntry.Of(LogKind.Grant, grant.Signed));
        Assert.Equal($"The cloud has the grant {grants[0].Terms.Id} and has not entered it into the log.", Assert.Single((await VerifyAsync(account)).Alarms).Message);
    }

    [Fact]
    public async Task TheFirstOfManyAccessesThatNoTrusteeNamesAreRemembered()
    {
        using var account = await AccountAsync();
        var first = Answer(State());
        for (var i = 0; i < 300; i++)
            Answer(State());
        Assert.Equal(301, (await VerifyAsync(account)).Events.Count);
        Assert.Equal((256, first), (account.State.Content.UnnamedAccesses.Count, account.State.Content.UnnamedAccesses[0]));
    }

    [Fact]
    public async Task WhatWasAnsweredBeforeTheTrusteesKnewOfTheRevocationIsSaid()
    {
        using var account = await AccountAsync();
        var notice = Revocation.Create(_owner.Identity, _grant.Terms.Id, _time.GetUtcNow() - TimeSpan.FromMinutes(20));
        _server.Grants[0] = new GrantView(_grant.Signed, notice.Signed, []);
        _log.Append(LogEntry.Of(LogKind.Revocation, notice.Signed));
        Answer(State(), 0, 1);
        _server.Acknowledged[0] = _server.Acknowledged[1] = _time.GetUtcNow() + TimeSpan.FromSeconds(2);
        var report = await VerifyAsync(account);
        Assert.Empty(report.Alarms);
        Assert.EndsWith("; it was revoked, and the trustees did not know yet.", Assert.Single(report.Events).Sentence, StringComparison.Ordinal);
    }

    [Fact, Attack("U02")]
    public async Task ARecordThatWasOpenedUnderAStatedSearchIsShownAsOpened()
    {
        using var account = await AccountAsync();
        var (record, segment) = (Identifier.Random<RecordId>(), Identifier.Random<RecordId>());
        var names = new AccessNames(account, [new OwnGrant(_grant, null, new Dictionary<string, DateTimeOffset>())], new Dictionary<string, string> { [record.ToString()] = "blood.pdf" });
        var search = Searched(segment);
        Assert.False(names.IsDisguised(search));
        Assert.Equal((AccessKind.Search, 0), (names.Event(search).Kind, names.Event(search).Items.Count));
        var disguised = Searched(segment, record);
        Assert.True(names.IsDisguised(disguised));
        Assert.Equal((AccessKind.Open, "blood.pdf"), (names.Event(disguised).Kind, Assert.Single(names.Event(disguised).Items).Name));
        Assert.False(names.IsDisguised(new Access(State(), 1, [])));

        Access Searched(params RecordId[] items) => new(State(AccessKind.Search, items), 1, []);
    }

    private AccessStatement State(AccessKind kind = AccessKind.Open, RecordId[]? items = null, Keyring? by = null, AccountId? owner = null) =>
        AccessStatement.Create((by ?? _reader).Identity, new AccessSubject(kind, owner ?? _owner.Card.Account, _grant.Terms.Id, Medical, EpochNumber.First,
            items ?? [Identifier.Random<RecordId>()]), _time.GetUtcNow());

    /// <summary>The access in the log, and in the journals of these trustees.</summary>
    private long Answer(AccessStatement statement, params int[] trustees) => Answer(statement, _owner.Card, trustees);

    private long Answer(AccessStatement statement, AccountCard card, params int[] trustees)
    {
        var entry = TestLog.Entry(statement, card, statement.Nonce);
        var index = _log.Append(entry);
        foreach (var trustee in trustees)
            _server.Journals[trustee].Add(new JournalLine(_time.GetUtcNow(), index, entry.LeafHash, statement.Signed));
        _lines[index] = new JournalLine(_time.GetUtcNow(), index, entry.LeafHash, statement.Signed);
        return index;
    }

    private void Name(long index, int trustee) => _server.Journals[trustee].Add(_lines[index]);

    private Grant Give()
    {
        using var key = DelegatingKey.FromSeed(Enumerable.Repeat((byte)5, 64).ToArray());
        var terms = new GrantTerms(Identifier.Random<GrantId>(), 1, _owner.Identity.PublicKey, _reader.Identity.PublicKey, _reader.Card.Receiving, GrantRole.Doctor, Purpose.Treatment,
            DateTimeOffset.UnixEpoch, Limits.NoEnd);
        var shares = Delegation.Split(key, _reader.Card.Receiving, terms.Policy(Medical, EpochNumber.First).Common());
        var entry = new GrantEntry(Medical, EpochNumber.First, key.PublicKey, [.. shares.Select(share => new TrusteeShare(SigningKey.Generate().PublicKey, share.Public))]);
        return Grant.Create(_owner.Identity, terms, [entry], []);
    }

    private static Task<AccessReport> VerifyAsync(Account account) => new AccessHistory(account).VerifyAsync(null, None);

    private Task<Account> AccountAsync() => _server.AccountAsync(_folder.File("profile"), _owner, _time);
}

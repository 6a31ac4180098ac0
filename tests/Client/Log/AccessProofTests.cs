using Salus.Client.Accounts;
using Salus.Client.Keys;
using Salus.Client.Log;
using Salus.Client.Sharing;
using Salus.Crypto.Reencryption;
using Salus.Protocol;
using Salus.Protocol.Log;
using Salus.Testing;
using Salus.Trustee.Tests;

namespace Salus.Client.Tests.Log;

/// <summary>An access that trustees tell of, held against the log and the owner's grants: one thing wrong at a time.</summary>
public sealed class AccessProofTests : IDisposable
{
    private static readonly PartitionId Medical = new(7);

    private readonly TemporaryFolder _folder = new();
    private readonly Keyring _owner = Keyring.Generate();
    private readonly Keyring _reader = Keyring.Generate();
    private readonly TestLog _log = new();
    private readonly LogServer _server;
    private readonly ManualTime _time = new();
    private readonly GrantId _grant = Identifier.Random<GrantId>();

    public AccessProofTests() => _server = new LogServer(_log);

    public void Dispose()
    {
        _owner.Dispose();
        _reader.Dispose();
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact, Attack("U02")]
    public async Task AnAccessStandsInTheLogAsItsRequesterSignedIt()
    {
        using var account = await AccountAsync();
        var right = Log(State());
        for (var i = 0; i < 5; i++)
            Log(State());
        await account.Log.NewestAsync(CancellationToken.None);
        var proof = new AccessProof(account, []);
        await proof.CheckLoggedAsync(right, CancellationToken.None);

        // At another place; of which a trustee has seen another entry; that was never logged at all; sealed to somebody else.
        await AlarmsAsync(AlarmKind.Fork, right with { Index = 2 });
        await AlarmsAsync(AlarmKind.Fork, right with { Lines = [right.Lines[0], Line(right.Statement, right.Index, new byte[32])] });
        var other = State();
        await AlarmsAsync(AlarmKind.Unlogged, new Access(other, right.Index, [Line(other, right.Index, right.Lines[0].Line.Leaf)]));
        var foreign = Log(State(), _reader.Card);
        await account.Log.NewestAsync(CancellationToken.None);
        await AlarmsAsync(AlarmKind.Unlogged, foreign);
        await AlarmsAsync(AlarmKind.Withheld, right with { Index = 100 });

        async Task AlarmsAsync(AlarmKind kind, Access access) =>
            Assert.Equal(kind, (await Assert.ThrowsAsync<AlarmException>(() => proof.CheckLoggedAsync(access, CancellationToken.None))).Kind);
    }

    [Fact, Attack("U02")]
    public async Task AnAccessIsByTheOwnersLeave()
    {
        using var account = await AccountAsync();
        var grant = Give();
        var right = Log(State());
        await CheckAsync([grant], right);
        await CheckAsync([grant], Log(State(kind: AccessKind.Readings)));

        Assert.Equal(AlarmKind.Injected, await AlarmAsync([], right));
        using var stranger = Keyring.Generate();
        Assert.Equal(AlarmKind.Injected, await AlarmAsync([grant], Log(State(by: stranger))));
        Assert.Equal(AlarmKind.Injected, await AlarmAsync([grant], Log(State(grant: Identifier.Random<GrantId>()))));
        Assert.Equal(AlarmKind.Injected, await AlarmAsync([grant], Log(State(partition: new PartitionId(8)))));
        Assert.Equal(AlarmKind.Injected, await AlarmAsync([grant], Log(State(epoch: new EpochNumber(2)))));
        Assert.Equal(AlarmKind.Revived, await AlarmAsync([Give(until: _time.GetUtcNow() - TimeSpan.FromHours(1))], right));
        Assert.Equal(AlarmKind.Revived, await AlarmAsync([Give(from: _time.GetUtcNow() + TimeSpan.FromHours(1))], right));

        // After the revocation, by the owner's clock and in the log: by two trustees that give no receipt it was opened, by one alone it was not.
        var over = Over(grant, -1);
        Enter(over);
        var late = Log(State());
        Assert.Equal(AlarmKind.Revived, await AlarmAsync([over], late));
        await CheckAsync([over], late with { Lines = [late.Lines[0]] });
        // The owner's clock was behind: the log has the access first. It was ahead.
        await CheckAsync([over], right);
        await CheckAsync([Over(grant, 1)], right);
        // A revocation that the log does not have proves nothing in favour of an access.
        Assert.Equal(AlarmKind.Revived, await AlarmAsync([Over(grant, -2)], right));

        OwnGrant Over(OwnGrant of, double hours) => of with { Revocation = Revocation.Create(_owner.Identity, _grant, _time.GetUtcNow() + TimeSpan.FromHours(hours)) };

        void Enter(OwnGrant revoked) => _log.Append(LogEntry.Of(LogKind.Revocation, revoked.Revocation!.Signed));

        Task CheckAsync(IReadOnlyList<OwnGrant> grants, Access access) => new AccessProof(account, grants).CheckGrantedAsync(access, CancellationToken.None);

        async Task<AlarmKind> AlarmAsync(IReadOnlyList<OwnGrant> grants, Access access) => (await Assert.ThrowsAsync<AlarmException>(() => CheckAsync(grants, access))).Kind;
    }

    [Fact, Attack("U02")]
    public async Task ATrusteeThatAnswersAfterItsOwnReceiptIsCaughtAndOneThatDidNotKnowIsNot()
    {
        using var account = await AccountAsync();
        var (now, grant) = (_time.GetUtcNow(), Give());
        var notice = Revocation.Create(_owner.Identity, _grant, now - TimeSpan.FromHours(1));
        var access = Log(State());
        // Entered again behind the access: the place that the cloud shows of the notice says nothing.
        _log.Append(LogEntry.Of(LogKind.Revocation, notice.Signed));
        Assert.False(await CheckAsync(grant));
        Assert.Equal(AlarmKind.Revived, await AlarmAsync(Acknowledged("trustee-1", -1)));
        Assert.Equal(AlarmKind.Revived, await AlarmAsync(Acknowledged("trustee-3", -0.001)));
        // Both heard of it later, as the cloud shows; or as they say when they are asked.
        Assert.True(await CheckAsync(grant with { Revocation = notice, Receipts = new Dictionary<string, DateTimeOffset> { ["trustee-1"] = now, ["trustee-3"] = now.AddMinutes(1) } }));
        _server.Acknowledged[0] = _server.Acknowledged[2] = now.AddMinutes(2);
        Assert.True(await CheckAsync(Acknowledged("trustee-2", -30)));
        Assert.Equal(2, account.State.Content.Revocations[_grant.ToString()].Receipts.Count);
        // A trustee of which the cloud hides the receipt gives it again.
        _server.Acknowledged[2] = now.AddMinutes(-2);
        Assert.Equal(AlarmKind.Revived, await AlarmAsync(Acknowledged("trustee-1", 3)));
        // With a date in the future it was no revocation yet.
        Assert.False(await CheckAsync(grant with { Revocation = Revocation.Create(_owner.Identity, _grant, now.AddHours(1)) }));

        OwnGrant Acknowledged(string trustee, double minutes) =>
            grant with { Revocation = notice, Receipts = new Dictionary<string, DateTimeOffset> { [trustee] = now.AddMinutes(minutes) } };

        Task<bool> CheckAsync(OwnGrant own) => new AccessProof(account, [own]).CheckGrantedAsync(access, CancellationToken.None);

        async Task<AlarmKind> AlarmAsync(OwnGrant own) => (await Assert.ThrowsAsync<AlarmException>(() => CheckAsync(own))).Kind;
    }

    private AccessStatement State(Keyring? by = null, GrantId? grant = null, PartitionId? partition = null, EpochNumber? epoch = null, AccessKind kind = AccessKind.Open) =>
        AccessStatement.Create((by ?? _reader).Identity, new AccessSubject(kind, _owner.Card.Account, grant ?? _grant, partition ?? Medical,
            kind == AccessKind.Readings ? null : epoch ?? EpochNumber.First, [Identifier.Random<RecordId>()]), _time.GetUtcNow());

    /// <summary>The access in the log, and in the journals of two trustees.</summary>
    private Access Log(AccessStatement statement, AccountCard? card = null)
    {
        var entry = TestLog.Entry(statement, card ?? _owner.Card, statement.Nonce);
        var index = _log.Append(entry);
        return new Access(statement, index, [Line(statement, index, entry.LeafHash), Line(statement, index, entry.LeafHash, "trustee-3")]);
    }

    private JournalledAccess Line(AccessStatement statement, long index, byte[] leaf, string trustee = "trustee-1") =>
        new(trustee, new JournalLine(_time.GetUtcNow(), index, leaf, statement.Signed), statement);

    private OwnGrant Give(DateTimeOffset? from = null, DateTimeOffset? until = null)
    {
        using var key = DelegatingKey.FromSeed(Enumerable.Repeat((byte)5, 64).ToArray());
        var terms = new GrantTerms(_grant, 1, _owner.Identity.PublicKey, _reader.Identity.PublicKey, _reader.Card.Receiving, GrantRole.Doctor, Purpose.Treatment,
            from ?? DateTimeOffset.UnixEpoch, until ?? Limits.NoEnd);
        var shares = Delegation.Split(key, _reader.Card.Receiving, terms.Policy(Medical, EpochNumber.First).Common());
        var entry = new GrantEntry(Medical, EpochNumber.First, key.PublicKey, [.. shares.Select(share => new TrusteeShare(SigningKey.Generate().PublicKey, share.Public))]);
        return new OwnGrant(Grant.Create(_owner.Identity, terms, [entry], []), null, new Dictionary<string, DateTimeOffset>());
    }

    private Task<Account> AccountAsync() => _server.AccountAsync(_folder.File("profile"), _owner, _time);
}

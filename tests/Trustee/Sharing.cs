using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Reencryption;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;

namespace Salus.Trustee.Tests;

/// <summary>An owner who shares one partition in one epoch with a delegatee, through three trustees, from an hour before the test's now until an hour after.</summary>
internal sealed class Sharing : IDisposable
{
    private readonly DelegatingKey _delegating = Crypto.Reencryption.DelegatingKey.FromSeed(RandomNumberGenerator.GetBytes(64));
    private readonly ReceivingKey _receiving = ReceivingKey.FromSeed(RandomNumberGenerator.GetBytes(64));

    public Sharing(TestTime time, SigningKey? owner = null, GrantId? grant = null, TimeSpan? from = null, TimeSpan? until = null)
    {
        Owner = owner ?? SigningKey.Generate();
        Policy = new GrantPolicy(grant ?? Identifier.Random<GrantId>(), Owner.PublicKey, Identifier.Random<PartitionId>(), new EpochNumber(3),
            time.Now + (from ?? TimeSpan.FromHours(-1)), time.Now + (until ?? TimeSpan.FromHours(1)), Purpose.Treatment, Delegatee.PublicKey, _receiving.PublicKey);
        Shares = Delegation.Split(_delegating, _receiving.PublicKey, Policy.Common());
        Time = time;
        using var ownReceiving = ReceivingKey.FromSeed(RandomNumberGenerator.GetBytes(64));
        TestLog.Cards[Account] = AccountCard.Create(Owner, ownReceiving.PublicKey, Box.PublicKey, 1);
    }

    public TestTime Time { get; }

    /// <summary>To which the owner's entries in the log are sealed.</summary>
    public UnboxingKey Box { get; } = new(RandomNumberGenerator.GetBytes(32));

    public SigningKey Owner { get; }

    public SigningKey Delegatee { get; } = SigningKey.Generate();

    public GrantPolicy Policy { get; }

    public KeyShare[] Shares { get; }

    public AccountId Account => Owner.PublicKey.Account;

    public PublicKey DelegatingKey => _delegating.PublicKey;

    /// <summary>The message that brings share number <paramref name="index"/> to a trustee.</summary>
    public byte[] KFragFor(TrusteeHost trustee, int index = 0, GrantPolicy? policy = null, ReleaseLock? releaseLock = null) =>
        KFrag.Seal(Owner, policy ?? Policy, DelegatingKey, trustee.Key, trustee.Box, Shares[index], releaseLock);

    /// <summary>The same message, signed by somebody else.</summary>
    public byte[] ForgedKFragFor(TrusteeHost trustee, SigningKey signer)
    {
        using var own = new UnboxingKey(RandomNumberGenerator.GetBytes(32));
        Assert.True(own.TryOpen(KFrag.Seal(Owner, Policy, DelegatingKey, trustee.Key, own.PublicKey, Shares[0]), out var signed));
        signer.Sign(Domains.SignKFrag, signed.AsSpan(0, signed.Length - SigningKey.SignatureSize), signed.AsSpan(signed.Length - SigningKey.SignatureSize));
        return trustee.Box.Seal(signed);
    }

    public async Task BringAsync(TrusteeHost trustee, int index = 0) => Assert.Equal(204, (await trustee.PostAsync(Paths.KFrags, KFragFor(trustee, index))).Status);

    /// <summary>A record's capsule, for the place given or that of the policy, and the key within.</summary>
    public (ReencryptionItem Item, Secret Key) Seal(AccountId? owner = null, PartitionId? partition = null, EpochNumber? epoch = null, RecordId? boundTo = null)
    {
        var record = Identifier.Random<RecordId>();
        var context = new RecordContext(owner ?? Account, partition ?? Policy.Partition, epoch ?? Policy.Epoch, boundTo ?? record);
        var capsule = Capsule.Encapsulate(DelegatingKey, context.ToBytes(), out var key);
        return (new ReencryptionItem(record, capsule), key);
    }

    /// <summary>A delegatee's request, right in everything that is not given.</summary>
    public ReencryptionRequest Ask(TrusteeHost trustee, IReadOnlyList<ReencryptionItem>? items = null, SigningKey? requester = null, VerifyingKey? addressee = null,
        GrantId? grant = null, AccountId? owner = null, PartitionId? partition = null, EpochNumber? epoch = null, DateTimeOffset? at = null, byte[]? trace = null)
    {
        var asked = items ?? [Seal().Item];
        var subject = new AccessSubject(AccessKind.Open, owner ?? Account, grant ?? Policy.Grant, partition ?? Policy.Partition, epoch ?? Policy.Epoch, [.. asked.Select(item => item.Record)]);
        return ReencryptionRequest.Create(requester ?? Delegatee, addressee ?? trustee.Key, subject.Grant, subject.Owner, subject.Partition, subject.Epoch!.Value, at ?? Time.Now, asked,
            trace ?? TestLog.Shared.Trace(requester ?? Delegatee, subject, at is { } time && (time - Time.Now).Duration() <= Limits.ClockTolerance ? time : Time.Now));
    }

    /// <summary>The delegatee's claim, right in everything that is not given.</summary>
    public ReleaseClaim Claim(TrusteeHost trustee, ReadOnlySpan<byte> secret, SigningKey? claimant = null, VerifyingKey? addressee = null, GrantId? grant = null,
        AccountId? owner = null, DateTimeOffset? at = null) =>
        ReleaseClaim.Create(claimant ?? Delegatee, addressee ?? trustee.Key, owner ?? Account, grant ?? Policy.Grant, secret, at ?? Time.Now);

    public Revocation Revoke(DateTimeOffset? at = null) => Revocation.Create(Owner, Policy.Grant, at ?? Time.Now);

    /// <summary>Asks and expects an answer; verifies every cfrag in it.</summary>
    public async Task<IReadOnlyList<VerifiedCFrag?>> AnswerAsync(TrusteeHost trustee, IReadOnlyList<ReencryptionItem> items, int index = 0)
    {
        var request = Ask(trustee, items);
        var answer = await trustee.PostAsync(Paths.Reencryptions, request.Signed);
        Assert.Equal((200, ""), (answer.Status, answer.Problem));
        Assert.True(request.TryDecodeAnswer(answer.Bytes, out var cfrags));
        return [.. cfrags.Zip(items, (cfrag, item) =>
        {
            if (cfrag is null)
                return null;
            Assert.True(item.Capsule.TryVerify(DelegatingKey, request.Context(item).ToBytes(), out var capsule));
            Assert.True(cfrag.TryVerify(capsule, Shares[index].Public, request.Binding(item), out var verified));
            return verified;
        })];
    }

    public Secret Open(ReencryptionItem item, VerifiedCFrag first, VerifiedCFrag second)
    {
        var context = new RecordContext(Account, Policy.Partition, Policy.Epoch, item.Record);
        Assert.True(item.Capsule.TryVerify(DelegatingKey, context.ToBytes(), out var capsule));
        Assert.True(Delegation.TryOpen(capsule, _receiving, DelegatingKey, Policy.Common(), first, second, out var key));
        return key;
    }

    public void Dispose()
    {
        _delegating.Dispose();
        _receiving.Dispose();
        Owner.Dispose();
        Delegatee.Dispose();
        Box.Dispose();
        foreach (var share in Shares)
            share.Dispose();
    }
}

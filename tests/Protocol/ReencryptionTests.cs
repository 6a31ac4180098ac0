using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Reencryption;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Tests;

public class ReencryptionTests
{
    private static readonly SigningKey Owner = Parts.Signing(1);
    private static readonly SigningKey Delegatee = Parts.Signing(2);
    private static readonly SigningKey Trustee = Parts.Signing(3);

    private static ReencryptionRequest Ask(params RecordId[] records) => ReencryptionRequest.Create(Delegatee, Trustee.PublicKey, Parts.GrantNumber,
        Owner.PublicKey.Account, Parts.Partition, EpochNumber.First, Parts.Now, [.. records.Select(record => new ReencryptionItem(record, Parts.Capsule))], []);

    private static CFrag CFrag(ReencryptionRequest request)
    {
        var context = "context"u8;
        Assert.True(Parts.Capsule.TryVerify(Parts.Delegating(1).PublicKey, context, out var capsule));
        return Delegation.ReEncrypt(capsule, Parts.Shares(Owner, Delegatee)[0], request.Binding(request.Items[0]));
    }

    [Fact]
    public void AProofIsBoundToTheRequestAndTheRecord()
    {
        var (first, second) = (new RecordId(1), new RecordId(2));
        var request = Ask(first, second);
        var again = Ask(first, second); // the same but for its nonce
        var bindings = new[] { request, again }.SelectMany(one => one.Items.Select(item => Convert.ToHexString(one.Binding(item)))).ToArray();
        Assert.Equal(4, bindings.Distinct().Count());
        Assert.NotEqual(request.Nonce, again.Nonce);

        var cfrag = CFrag(request);
        Assert.True(Parts.Capsule.TryVerify(Parts.Delegating(1).PublicKey, "context"u8, out var capsule));
        Assert.True(cfrag.TryVerify(capsule, Parts.Shares(Owner, Delegatee)[0].Public, request.Binding(request.Items[0]), out _));
        Assert.False(cfrag.TryVerify(capsule, Parts.Shares(Owner, Delegatee)[0].Public, request.Binding(request.Items[1]), out _));
        Assert.False(cfrag.TryVerify(capsule, Parts.Shares(Owner, Delegatee)[0].Public, again.Binding(again.Items[0]), out _));
    }

    [Fact]
    public void AnAnswerHasAnEntryForEachItemAndNothingElse()
    {
        var request = Ask(new RecordId(1), new RecordId(2), new RecordId(3));
        var cfrag = CFrag(request);
        var answer = ReencryptionRequest.EncodeAnswer([cfrag, null, cfrag]);
        Assert.Equal(1 + 128 + 1 + 1 + 128, answer.Length);
        Assert.True(request.TryDecodeAnswer(answer, out var read));
        Assert.Equal([cfrag.Bytes.ToArray(), null, cfrag.Bytes.ToArray()], read.Select(one => one?.Bytes.ToArray()));

        for (var length = 0; length < answer.Length; length++)
            Assert.False(request.TryDecodeAnswer(answer.AsSpan(0, length), out _));
        Assert.False(request.TryDecodeAnswer([.. answer, 0], out _));
        Assert.False(request.TryDecodeAnswer([2, .. answer[1..]], out _));
        Assert.False(request.TryDecodeAnswer(ReencryptionRequest.EncodeAnswer([cfrag, null]), out _));
        Assert.False(request.TryDecodeAnswer(ReencryptionRequest.EncodeAnswer([cfrag, null, null, null]), out _));
    }

    [Fact]
    public void AnAlteredAnswerIsNotTaken()
    {
        var request = Ask(new RecordId(1));
        var answer = ReencryptionRequest.EncodeAnswer([CFrag(request)]);
        Assert.True(Parts.Capsule.TryVerify(Parts.Delegating(1).PublicKey, "context"u8, out var capsule));
        for (var bit = 8; bit < 8 * answer.Length; bit++)
        {
            answer[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(request.TryDecodeAnswer(answer, out var read)
                && read[0]!.TryVerify(capsule, Parts.Shares(Owner, Delegatee)[0].Public, request.Binding(request.Items[0]), out _));
            answer[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void TheOwnerSignsEveryTermOfAPolicy()
    {
        var terms = Parts.Terms(Owner, Delegatee) with { Until = Parts.Now.AddDays(1) };
        var policies = new[]
        {
            terms.Policy(Parts.Partition, EpochNumber.First),
            terms.Policy(new PartitionId(1), EpochNumber.First),
            terms.Policy(Parts.Partition, new EpochNumber(2)),
            (terms with { Id = new GrantId(1) }).Policy(Parts.Partition, EpochNumber.First),
            (terms with { Owner = Trustee.PublicKey }).Policy(Parts.Partition, EpochNumber.First),
            (terms with { Delegatee = Trustee.PublicKey }).Policy(Parts.Partition, EpochNumber.First),
            (terms with { Receiving = Parts.Receiving(3).PublicKey }).Policy(Parts.Partition, EpochNumber.First),
            (terms with { Purpose = Purpose.Research }).Policy(Parts.Partition, EpochNumber.First),
            (terms with { From = terms.From.AddMilliseconds(1) }).Policy(Parts.Partition, EpochNumber.First),
            (terms with { Until = terms.Until.AddMilliseconds(1) }).Policy(Parts.Partition, EpochNumber.First),
        };
        Assert.Equal(policies.Length, policies.Select(policy => Convert.ToHexString(policy.Common())).Distinct().Count());
        Assert.All(policies, policy => Assert.Equal(16 + 32 + 16 + 4 + 8 + 8 + 1 + 32 + 32, policy.Common().Length));
    }

    [Fact]
    public void ARecordsContextTellsAllItsPartsApart()
    {
        var context = new RecordContext(new AccountId(1), new PartitionId(2), new EpochNumber(3), new RecordId(4));
        var contexts = new[] { context, context with { Owner = new(9) }, context with { Partition = new(9) }, context with { Epoch = new(9) }, context with { Record = new(9) } };
        Assert.All(contexts, one => Assert.Equal(52, one.ToBytes().Length));
        Assert.Equal(contexts.Length, contexts.Select(one => Convert.ToHexString(one.ToBytes())).Distinct().Count());
        Assert.Equal(21, RecordContext.Body(new RecordId(4), 5).Length);
        Assert.NotEqual(RecordContext.Body(new RecordId(4), 5), RecordContext.Body(new RecordId(4), 6));
    }

    [Fact]
    public void AKeyForOneTrusteeOpensForNoOther()
    {
        var policy = Parts.Policy(Owner, Delegatee);
        var (right, wrong) = (Parts.Box(3), Parts.Box(4));
        var share = Parts.Shares(Owner, Delegatee)[0];
        var message = KFrag.Seal(Owner, policy, Parts.Delegating(1).PublicKey, Trustee.PublicKey, right.PublicKey, share);
        Assert.True(KFrag.TryOpen(right, Trustee.PublicKey, message, out var kfrag));
        Assert.Equal(share.Rk.Bytes, kfrag.Share.Rk.Bytes);
        Assert.False(KFrag.TryOpen(wrong, Trustee.PublicKey, message, out _));
        Assert.False(KFrag.TryOpen(right, Delegatee.PublicKey, message, out _));
        Assert.Throws<ArgumentException>(() => KFrag.Seal(Delegatee, policy, Parts.Delegating(1).PublicKey, Trustee.PublicKey, right.PublicKey, share));
        Assert.True(right.TryOpen(message, out var signed));
        var forged = SignedMessage.Sign(Domains.SignKFrag, Delegatee, signed.AsSpan(0, signed.Length - SigningKey.SignatureSize));
        Assert.False(KFrag.TryOpen(right, Trustee.PublicKey, right.PublicKey.Seal(forged), out _));
        for (var length = 0; length < message.Length; length++)
            Assert.False(KFrag.TryOpen(right, Trustee.PublicKey, message.AsSpan(0, length), out _));
        Assert.False(KFrag.TryOpen(right, Trustee.PublicKey, RandomNumberGenerator.GetBytes(message.Length), out _));
    }
}

using System.Text;
using Salus.Crypto;
using Salus.Crypto.Reencryption;
using Salus.Protocol.Wire;
using Salus.Testing;

namespace Salus.Protocol.Tests;

/// <summary>
/// Makes the example of docs/spec/grant.md anew: an owner shares one partition with a doctor through three trustees, the doctor opens one record with the answers of two,
/// the owner revokes. Run it (`-explicit only -method '*GrantExample*'`) after a change of the format, and put what it prints into the document.
/// </summary>
public class GrantExample
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, 89, TimeSpan.Zero);

    [Fact(Explicit = true)]
    public void Write()
    {
        byte[] Seed(string of, int size) => [.. System.Security.Cryptography.SHA512.HashData(Encoding.ASCII.GetBytes($"Salus example: {of}")).Take(size)];
        var (ownerSeed, delegateeSeed, delegatingSeed, receivingSeed) = (Seed("owner", 32), Seed("delegatee", 32), Seed("delegating", 64), Seed("receiving", 64));
        byte[][] trusteeSeeds = [Seed("trustee 1", 32), Seed("trustee 2", 32), Seed("trustee 3", 32)], boxSeeds = [Seed("box 1", 32), Seed("box 2", 32), Seed("box 3", 32)];
        using var owner = new SigningKey(ownerSeed);
        using var delegatee = new SigningKey(delegateeSeed);
        using var delegating = DelegatingKey.FromSeed(delegatingSeed);
        using var receiving = ReceivingKey.FromSeed(receivingSeed);
        var trustees = trusteeSeeds.Select(seed => new SigningKey(seed)).ToArray();
        var boxes = boxSeeds.Select(seed => new UnboxingKey(seed)).ToArray();

        var terms = new GrantTerms(new GrantId(0x2222), 1, owner.PublicKey, delegatee.PublicKey, receiving.PublicKey, GrantRole.Doctor, Purpose.Treatment, Now, Now.AddDays(30));
        var policy = terms.Policy(new PartitionId(0x1111), EpochNumber.First);
        var shares = Delegation.Split(delegating, receiving.PublicKey, policy.Common());
        var grant = Grant.Create(owner, terms,
            [new(policy.Partition, policy.Epoch, delegating.PublicKey, [.. shares.Zip(trustees, (share, trustee) => new TrusteeShare(trustee.PublicKey, share.Public))])], [.. "sealed note"u8]);
        var messages = shares.Select((share, i) => KFrag.Seal(owner, policy, delegating.PublicKey, trustees[i].PublicKey, boxes[i].PublicKey, share)).ToArray();
        var record = new RecordId(0x3333);
        var capsule = Capsule.Encapsulate(delegating.PublicKey, new RecordContext(owner.PublicKey.Account, policy.Partition, policy.Epoch, record).ToBytes(), out var key);
        var requests = trustees.Take(2).Select(trustee => ReencryptionRequest.Create(delegatee, trustee.PublicKey, policy.Grant, owner.PublicKey.Account, policy.Partition, policy.Epoch,
            Now.AddHours(1), [new(record, capsule)], [])).ToArray();
        var answers = requests.Select((request, i) =>
        {
            Assert.True(capsule.TryVerify(delegating.PublicKey, request.Context(request.Items[0]).ToBytes(), out var verified));
            return ReencryptionRequest.EncodeAnswer([Delegation.ReEncrypt(verified, shares[i], request.Binding(request.Items[0]))]);
        }).ToArray();
        var revocation = Revocation.Create(owner, policy.Grant, Now.AddDays(1));
        var claimSecret = Seed("claim at trustee 1", ReleaseLock.SecretSize);
        var releaseLock = ReleaseLock.Of(claimSecret, Now.AddDays(1));
        var locked = KFrag.Seal(owner, policy, delegating.PublicKey, trustees[0].PublicKey, boxes[0].PublicKey, shares[0], releaseLock);
        var claim = ReleaseClaim.Create(delegatee, trustees[0].PublicKey, owner.PublicKey.Account, policy.Grant, claimSecret, Now.AddHours(1));
        var receipt = RevocationReceipt.Create(trustees[0], revocation, 1, Now.AddDays(1).AddSeconds(1));

        var text = new StringBuilder("""
            # The example of docs/spec/grant.md, made by this software: an owner shares one partition in one epoch with a doctor through three trustees; the doctor
            # opens one record with the answers of the first two; the owner revokes. Seeds are the first bytes of SHA-512("Salus example: NAME").
            # kfrag: what is signed, taken out of its sealed box. refused: signed or altered so that it must not be accepted as its type.

            """);
        Block(("type", "keys"), ("owner", ownerSeed), ("delegatee", delegateeSeed), ("delegating", delegatingSeed), ("receiving", receivingSeed),
            ("trustee-1", trusteeSeeds[0]), ("trustee-2", trusteeSeeds[1]), ("trustee-3", trusteeSeeds[2]), ("box-1", boxSeeds[0]), ("box-2", boxSeeds[1]), ("box-3", boxSeeds[2]),
            ("expect", "ok"));
        Block(("type", "grant"), ("bytes", grant.Signed), ("expect", "ok"));
        var opened = messages.Select((message, i) => boxes[i].TryOpen(message, out var inner) ? inner : throw new InvalidOperationException()).ToArray();
        for (var i = 0; i < 3; i++)
            Block(("type", $"kfrag-{i + 1}"), ("bytes", opened[i]), ("box", messages[i]), ("expect", "ok"));
        Block(("type", "locked-kfrag-1"), ("bytes", boxes[0].TryOpen(locked, out var lockedInner) ? lockedInner : throw new InvalidOperationException()), ("box", locked), ("expect", "ok"));
        Block(("type", "claim-1"), ("bytes", claim.Signed), ("expect", "ok"));
        for (var i = 0; i < 2; i++)
            Block(("type", $"request-{i + 1}"), ("bytes", requests[i].Signed), ("expect", "ok"));
        for (var i = 0; i < 2; i++)
            Block(("type", $"answer-{i + 1}"), ("bytes", answers[i]), ("expect", "ok"));
        Block(("type", "record"), ("capsule", capsule.Bytes.ToArray()), ("key", key.Bytes.ToArray()), ("expect", "ok"));
        Block(("type", "revocation"), ("bytes", revocation.Signed), ("expect", "ok"));
        Block(("type", "receipt-1"), ("bytes", receipt.Signed), ("expect", "ok"));
        Refused("request-1", "signed under the label of a revocation", SignedMessage.Sign(Domains.SignRevocation, delegatee, Payload(requests[0].Signed)));
        Refused("request-1", "signed by the owner instead", SignedMessage.Sign(Domains.SignReencryption, owner, Payload(requests[0].Signed)));
        Refused("request-1", "a byte after the last item", SignedMessage.Sign(Domains.SignReencryption, delegatee, [.. Payload(requests[0].Signed), 0]));
        Refused("kfrag-1", "of trustee 2", opened[1]);
        Refused("kfrag-1", "rk of trustee 2", SignedMessage.Sign(Domains.SignKFrag, owner, [.. opened[0].AsSpan(0, opened[0].Length - 96), .. opened[1].AsSpan(opened[1].Length - 96, 32)]));
        Refused("grant", "until = from", SignedMessage.Sign(Domains.SignGrant, owner, [.. grant.Signed.AsSpan(0, 140), .. grant.Signed.AsSpan(132, 8), .. Payload(grant.Signed)[148..]]));
        Refused("revocation", "a bit of the grant flipped", [.. revocation.Signed.AsSpan(0, 66), (byte)(revocation.Signed[66] ^ 1), .. revocation.Signed.AsSpan(67)]);
        Refused("receipt-1", "for another revocation", RevocationReceipt.Create(trustees[0], Revocation.Create(owner, new GrantId(1), Now), 1, Now).Signed);
        File.WriteAllText(Path.Combine(Places.Vectors, "grant.txt"), text.ToString());

        void Refused(string type, string why, byte[] bytes) => Block(("type", type), ("why", why), ("bytes", bytes), ("expect", "refused"));

        void Block(params (string Key, object Value)[] pairs)
        {
            text.Append('\n');
            foreach (var (name, value) in pairs)
                text.Append(name).Append(": ").Append(value is byte[] bytes ? Convert.ToHexStringLower(bytes) : value).Append('\n');
        }

        static byte[] Payload(byte[] signed) => signed[..^SigningKey.SignatureSize];
    }
}

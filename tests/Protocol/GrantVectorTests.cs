using System.Text.RegularExpressions;
using Salus.Crypto.Reencryption;
using Salus.Testing;

namespace Salus.Protocol.Tests;

/// <summary>The example of docs/spec/grant.md, from the keys to the opened record, by nothing but what travels; and the document's own bytes.</summary>
public partial class GrantVectorTests
{
    private static readonly IReadOnlyList<Vector> All = Vectors.Read("grant");
    private static readonly Vector Keys = One("keys");

    private static Vector One(string type) => All.Single(vector => vector["type"] == type && vector.Expect == "ok");

    private static byte[] Bytes(string type) => One(type).Bytes("bytes");

    private static VerifyingKey Key(string name)
    {
        using var key = new SigningKey(Keys.Bytes(name));
        return key.PublicKey;
    }

    [Fact]
    public void TwoAnswersOpenTheRecord()
    {
        using var receiving = ReceivingKey.FromSeed(Keys.Bytes("receiving"));
        Assert.True(Grant.TryVerify(Bytes("grant"), out var grant));
        Assert.Equal((Key("owner"), Key("delegatee"), receiving.PublicKey), (grant.Terms.Owner, grant.Terms.Delegatee, grant.Terms.Receiving));
        var entry = Assert.Single(grant.Entries);
        var policy = grant.Terms.Policy(entry.Partition, entry.Epoch);
        Assert.True(Capsule.TryParse(One("record").Bytes("capsule"), out var capsule));

        var cfrags = new VerifiedCFrag[2];
        VerifiedCapsule? verified = null;
        for (var i = 0; i < 2; i++)
        {
            Assert.True(ReencryptionRequest.TryVerify(Bytes($"request-{i + 1}"), out var request));
            Assert.Equal((Key($"trustee-{i + 1}"), Key("owner").Account), (request.Trustee, request.Owner));
            Assert.True(capsule.TryVerify(entry.DelegatingKey, request.Context(request.Items[0]).ToBytes(), out verified));
            Assert.True(request.TryDecodeAnswer(Bytes($"answer-{i + 1}"), out var answer));
            var share = entry.Shares.Single(share => share.Trustee.Equals(request.Trustee)).Share;
            Assert.True(answer[0]!.TryVerify(verified, share, request.Binding(request.Items[0]), out cfrags[i]!));
        }
        Assert.True(Delegation.TryOpen(verified!, receiving, entry.DelegatingKey, policy.Common(), cfrags[0], cfrags[1], out var key));
        Assert.Equal(One("record").Bytes("key"), key.Bytes);

        using var delegating = DelegatingKey.FromSeed(Keys.Bytes("delegating"));
        Assert.Equal(key.Bytes, verified!.Open(delegating).Bytes);
    }

    [Fact]
    public void TheTrusteesOpenTheirKeys()
    {
        Assert.True(Grant.TryVerify(Bytes("grant"), out var grant));
        for (var i = 1; i <= 3; i++)
        {
            using var box = new UnboxingKey(Keys.Bytes($"box-{i}"));
            Assert.True(KFrag.TryOpen(box, Key($"trustee-{i}"), One($"kfrag-{i}").Bytes("box"), out var kfrag));
            using var opened = kfrag;
            Assert.True(box.TryOpen(One($"kfrag-{i}").Bytes("box"), out var inner));
            Assert.Equal(Bytes($"kfrag-{i}"), inner);
            Assert.Equal(grant.Entries[0].Shares[i - 1].Share.Bytes, kfrag.Share.Public.Bytes);
            Assert.Equal(grant.Terms.Policy(grant.Entries[0].Partition, grant.Entries[0].Epoch), kfrag.Policy);
        }
    }

    [Fact]
    public void TheClaimOpensTheLock()
    {
        using var box = new UnboxingKey(Keys.Bytes("box-1"));
        Assert.True(KFrag.TryOpen(box, Key("trustee-1"), One("locked-kfrag-1").Bytes("box"), out var locked));
        using var opened = locked;
        Assert.True(KFrag.TryOpen(box, Key("trustee-1"), One("kfrag-1").Bytes("box"), out var free));
        using var other = free;
        Assert.Null(free.Lock);
        Assert.Equal((free.Policy, free.DelegatingKey, free.Policy.From.AddDays(1)), (locked.Policy, locked.DelegatingKey, locked.Lock!.Expires));
        Assert.True(box.TryOpen(One("locked-kfrag-1").Bytes("box"), out var inner));
        Assert.Equal(Bytes("locked-kfrag-1"), inner);
        Assert.True(ReleaseClaim.TryVerify(Bytes("claim-1"), out var claim));
        Assert.Equal((Key("trustee-1"), Key("delegatee"), Key("owner").Account, locked.Policy.Grant), (claim.Trustee, claim.Claimant, claim.Owner, claim.Grant));
        Assert.True(locked.Lock.IsOpenedBy(claim.Secret));
        claim.Secret[0] ^= 1;
        Assert.False(locked.Lock.IsOpenedBy(claim.Secret));
    }

    [Fact]
    public void MessagesMadeFromTheSameValuesAreTheSameBytes()
    {
        using var owner = new SigningKey(Keys.Bytes("owner"));
        using var trustee = new SigningKey(Keys.Bytes("trustee-1"));
        Assert.True(Grant.TryVerify(Bytes("grant"), out var grant));
        Assert.Equal(grant.Signed, Grant.Create(owner, grant.Terms, grant.Entries, grant.SealedNote).Signed);
        Assert.True(Revocation.TryVerify(Bytes("revocation"), out var revocation));
        Assert.Equal(revocation.Signed, Revocation.Create(owner, grant.Terms.Id, revocation.At).Signed);
        Assert.True(RevocationReceipt.TryVerify(Bytes("receipt-1"), trustee.PublicKey, revocation, out var receipt));
        Assert.Equal(receipt.Signed, RevocationReceipt.Create(trustee, revocation, receipt.KeysDeleted, receipt.At).Signed);
    }

    [Fact]
    public void WhatIsToBeRefusedIs()
    {
        var refused = All.Where(vector => vector.Expect == "refused").ToArray();
        Assert.True(refused.Length >= 8);
        Assert.True(Revocation.TryVerify(Bytes("revocation"), out var revocation));
        foreach (var vector in refused)
        {
            var bytes = vector.Bytes("bytes");
            using var box = new UnboxingKey(Keys.Bytes("box-1"));
            var taken = vector["type"] switch
            {
                "grant" => Grant.TryVerify(bytes, out _),
                "kfrag-1" => KFrag.TryOpen(box, Key("trustee-1"), box.PublicKey.Seal(bytes), out _),
                "request-1" => ReencryptionRequest.TryVerify(bytes, out _),
                "revocation" => Revocation.TryVerify(bytes, out _),
                "receipt-1" => RevocationReceipt.TryVerify(bytes, Key("trustee-1"), revocation, out _),
                _ => throw new FormatException($"{vector}: no such type"),
            };
            Assert.False(taken, $"{vector}: {vector["why"]}");
        }
    }

    /// <summary>A block of the document begins with `example TYPE`; each line is hexadecimal and, after two blanks, what it is.</summary>
    [Fact]
    public void TheDocumentShowsTheseBytes()
    {
        var document = File.ReadAllText(Path.Combine(Places.Root, "docs", "spec", "grant.md"));
        var shown = Example().Matches(document).ToDictionary(
            block => block.Groups["type"].Value,
            block => string.Concat(block.Groups["lines"].Value.Split('\n').Select(line => line.Split("  ", 2)[0].Trim())));
        Assert.Equal(["answer-1", "card", "claim-1", "deposit", "grant", "kfrag-1", "locked-kfrag-1", "receipt-1", "request-1", "revocation"], shown.Keys.Order());
        var vectors = All.Concat(Vectors.Read("deposit")).Where(vector => vector.Expect == "ok").ToArray();
        foreach (var (type, hex) in shown)
            Assert.Equal(Convert.ToHexStringLower(vectors.Single(vector => vector["type"] == type).Bytes("bytes")), hex);
    }

    [GeneratedRegex("```text\nexample (?<type>[a-z0-9-]+)\n(?<lines>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Example();
}

using Salus.Crypto.Reencryption;
using Salus.Testing;

namespace Salus.Crypto.Tests.Reencryption;

/// <summary>vectors/umbral.txt: the whole scheme with fixed randomness, as a script of its own derived it.</summary>
public class UmbralVectorTests
{
    public static TheoryData<Vector> All => [.. Vectors.Read("umbral")];

    public static TheoryData<Vector> Made => [.. Vectors.Read("umbral").Where(vector => vector.Has("owner-seed"))];

    [Theory]
    [MemberData(nameof(Made))]
    public void EveryStepGivesTheVectorsBytes(Vector vector)
    {
        using var owner = DelegatingKey.FromSeed(vector.Bytes("owner-seed"));
        using var reader = ReceivingKey.FromSeed(vector.Bytes("reader-seed"));
        Assert.Equal(vector.Bytes("owner-key"), owner.PublicKey.Bytes.ToArray());
        Assert.Equal(vector.Bytes("reader-key"), reader.PublicKey.Bytes.ToArray());

        var capsule = Capsule.Encapsulate(owner.PublicKey, vector.Bytes("context"), Scalar("r"), Scalar("u"), out var key);
        Assert.Equal(vector.Bytes("capsule"), capsule.Bytes.ToArray());
        Assert.Equal(vector.Bytes("key"), key.Bytes.ToArray());
        Assert.True(capsule.TryVerify(owner.PublicKey, vector.Bytes("context"), out var verified));
        Assert.Equal(vector.Bytes("key"), verified.Open(owner).Bytes.ToArray());

        var shares = Delegation.Split(owner, reader.PublicKey, vector.Bytes("policy"), Scalar("x"), Scalar("f1"), vector.Bytes("ids"));
        for (var i = 0; i < Delegation.Shares; i++)
        {
            Assert.Equal(vector.Bytes($"share-{i}"), shares[i].Public.Bytes.ToArray());
            Assert.Equal(vector.Bytes($"rk-{i}"), shares[i].Rk.Bytes.ToArray());
            var cfrag = CFrag.Make(verified, shares[i], vector.Bytes($"request-{i}"), vector.Bytes($"entropy-{i}"));
            Assert.Equal(vector.Bytes($"cfrag-{i}"), cfrag.Bytes.ToArray());
        }

        Secret Scalar(string name) => Secret.CopyOf(vector.Bytes(name));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void AReaderOpensOrStopsAtTheNamedStep(Vector vector) => Assert.Equal(vector.Expect, Open(vector));

    private static string Open(Vector vector)
    {
        using var reader = ReceivingKey.FromSeed(vector.Bytes("reader-seed"));
        Assert.True(PublicKey.TryParse(vector.Bytes("owner-key"), out var owner));
        if (!Capsule.TryParse(vector.Bytes("capsule"), out var parsed))
            return "capsule-malformed";
        if (!parsed.TryVerify(owner, vector.Bytes("context"), out var capsule))
            return "capsule-refused";

        var answers = new List<VerifiedCFrag>();
        foreach (var i in new[] { vector["first"], vector["second"] })
        {
            if (!PublicShare.TryParse(vector.Bytes($"share-{i}"), out var share))
                return "share-malformed";
            if (!CFrag.TryParse(vector.Bytes($"cfrag-{i}"), out var cfrag))
                return "cfrag-malformed";
            if (!cfrag.TryVerify(capsule, share, vector.Bytes($"request-{i}"), out var answer))
                return "cfrag-refused";
            answers.Add(answer);
        }
        if (!Delegation.TryOpen(capsule, reader, owner, vector.Bytes("policy"), answers[0], answers[1], out var key))
            return "not-opened";
        return key.Bytes.SequenceEqual(vector.Bytes("key")) ? "ok" : "another key";
    }
}

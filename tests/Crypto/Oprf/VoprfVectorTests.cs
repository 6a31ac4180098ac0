using Salus.Crypto.Oprf;
using Salus.Crypto.Primitives;
using Salus.Testing;

namespace Salus.Crypto.Tests.Oprf;

/// <summary>vectors/oprf.txt: the RFC's own bytes, step by step.</summary>
public class VoprfVectorTests
{
    public static TheoryData<Vector> All => [.. Vectors.Read("oprf")];

    [Theory]
    [MemberData(nameof(All))]
    public void EveryStepGivesTheBytesOfTheRfc(Vector vector)
    {
        var key = new byte[Voprf.ScalarSize];
        Voprf.DeriveKey(vector.Bytes("seed"), vector.Bytes("key-info"), key);
        Assert.Equal(vector.Bytes("key"), key);
        var publicKey = new byte[Voprf.ElementSize];
        Assert.True(Ristretto255.TryMultiplyBase(key, publicKey));
        Assert.Equal(vector.Bytes("public-key"), publicKey);

        using var blinded = BlindedInput.Blind(vector.Bytes("input"), Secret.CopyOf(vector.Bytes("blind")));
        Assert.Equal(vector.Bytes("blinded"), blinded.Element.Bytes.ToArray());
        var evaluation = Evaluation.Make(key, publicKey, blinded.Element, vector.Bytes("random"));
        Assert.Equal([.. vector.Bytes("evaluated"), .. vector.Bytes("proof")], evaluation.Bytes.ToArray());
        Assert.True(Voprf.Verify(publicKey, vector.Bytes("blinded"), vector.Bytes("evaluated"), vector.Bytes("proof")));
        using var output = blinded.Finish(vector.Bytes("evaluated"));
        Assert.Equal(vector.Bytes("output"), output.Bytes.ToArray());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void TheProofOfAnotherKeyInputOrAnswerIsRefused(Vector vector)
    {
        var (key, blinded, evaluated, proof) = (vector.Bytes("public-key"), vector.Bytes("blinded"), vector.Bytes("evaluated"), vector.Bytes("proof"));
        Assert.False(Voprf.Verify(blinded, blinded, evaluated, proof));
        Assert.False(Voprf.Verify(key, evaluated, evaluated, proof));
        Assert.False(Voprf.Verify(key, blinded, blinded, proof));
        for (var bit = 0; bit < 8 * proof.Length; bit++)
        {
            var changed = proof.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Evaluation.TryParse([.. evaluated, .. changed], out _) && Voprf.Verify(key, blinded, evaluated, changed));
        }
    }
}

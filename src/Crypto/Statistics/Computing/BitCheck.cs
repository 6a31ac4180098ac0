namespace Salus.Crypto.Statistics.Computing;

/// <summary>b is 0 or 1 exactly when b·(b - 1) = 0: for many b one sum with weights of a coin that was tossed when they were fixed, as zero weights meet with a chance of 1/p.</summary>
internal static class BitCheck
{
    /// <summary>The sum that is zero for bits.</summary>
    public static Product Of(SecretVector bits, ReadOnlySpan<byte> coin) =>
        Product.Dot(bits.Scale(Weights(coin, bits.Count)), bits.AddPublic(Field61.Negate(1)));

    /// <summary>Weights from a coin, of a stream that the weights of <see cref="ProductProof"/> do not use.</summary>
    public static ulong[] Weights(ReadOnlySpan<byte> coin, int count)
    {
        var weights = new ulong[count];
        FieldStream.Fill(coin, ulong.MaxValue, weights);
        return weights;
    }
}

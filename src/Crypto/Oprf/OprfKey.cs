using Salus.Crypto.Primitives;

namespace Salus.Crypto.Oprf;

/// <summary>
/// A key of the OPRF that one holder has whole, secret: what it says of an input, nobody else can, and it does not see the inputs that it evaluates blinded.
/// </summary>
/// <remarks>
/// Source: RFC 9497, suite ristretto255-SHA512 in mode 1: DeriveKeyPair (section 3.2.1), BlindEvaluate and Evaluate (section 3.3.2). Constant time in the key and the input.
/// </remarks>
public sealed class OprfKey : IDisposable
{
    /// <summary>Bytes of the seed of a key.</summary>
    public const int SeedSize = 32;

    private readonly Secret _scalar;

    private OprfKey(Secret scalar, OprfElement publicKey) => (_scalar, PublicKey) = (scalar, publicKey);

    public OprfElement PublicKey { get; }

    /// <summary>The key of a uniform seed and a public string of up to 65,535 bytes.</summary>
    public static OprfKey Derive(ReadOnlySpan<byte> seed32, ReadOnlySpan<byte> info)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(seed32.Length, SeedSize, nameof(seed32));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(info.Length, ushort.MaxValue, nameof(info));
        var scalar = new Secret(Voprf.ScalarSize);
        Voprf.DeriveKey(seed32, info, scalar.Writable);
        Span<byte> point = stackalloc byte[OprfElement.Size];
        return Ristretto255.TryMultiplyBase(scalar.Bytes, point) && OprfElement.TryParse(point, out var publicKey)
            ? new OprfKey(scalar, publicKey) : throw new InvalidOperationException("A key is a scalar, so its public key is a point.");
    }

    public Evaluation Evaluate(OprfElement blinded)
    {
        ArgumentNullException.ThrowIfNull(blinded);
        return Evaluation.Make(_scalar.Bytes, PublicKey.Bytes, blinded);
    }

    /// <summary>The output for an input of 1 to 65,535 bytes, the same that whoever blinded it has: 64 bytes.</summary>
    public Secret Compute(ReadOnlySpan<byte> input)
    {
        ArgumentOutOfRangeException.ThrowIfZero(input.Length, nameof(input));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(input.Length, Voprf.MaxInput, nameof(input));
        Span<byte> element = stackalloc byte[OprfElement.Size];
        using var wiped = new Wiped(element);
        ReadOnlySpan<byte> one = [1, .. new byte[Voprf.ScalarSize - 1]];
        Voprf.Blind(input, _scalar.Bytes, element); // the key in the blind's place: key · HashToGroup(input)
        var output = new Secret(BlindedInput.OutputSize);
        Voprf.Finalize(input, one, element, output.Writable);
        return output;
    }

    public void Dispose() => _scalar.Dispose();

    public override string ToString() => "[redacted]";
}

using System.Diagnostics.CodeAnalysis;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Oprf;

/// <summary>
/// An input on its way through the OPRF: <see cref="Element"/> goes to the key's holders, who learn nothing of the input from it, and their answers come back
/// as the output. Holds the input and the blind, both secret.
/// </summary>
public sealed class BlindedInput : IDisposable
{
    /// <summary>Bytes of the output.</summary>
    public const int OutputSize = Voprf.OutputSize;

    private readonly Secret _input;
    private readonly Secret _blind;

    private BlindedInput(Secret input, Secret blind)
    {
        (_input, _blind) = (input, blind);
        Span<byte> element = stackalloc byte[OprfElement.Size];
        Voprf.Blind(input.Bytes, blind.Bytes, element);
        Element = OprfElement.TryParse(element, out var parsed) ? parsed : throw new InvalidOperationException("A product is a point.");
    }

    public OprfElement Element { get; }

    /// <summary>Blinds 1 to 65,535 bytes with a fresh random scalar.</summary>
    public static BlindedInput Blind(ReadOnlySpan<byte> input)
    {
        var blind = new Secret(Voprf.ScalarSize);
        Ristretto255.Random(blind.Writable);
        return Blind(input, blind);
    }

    /// <summary>
    /// Blinds with a scalar hashed from a secret seed of 32 bytes, so that who has lost everything else asks the same again. One seed blinds one input, and is uniform.
    /// </summary>
    public static BlindedInput Blind(ReadOnlySpan<byte> input, ReadOnlySpan<byte> seed32)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(seed32.Length, OprfKey.SeedSize, nameof(seed32));
        var blind = new Secret(Voprf.ScalarSize);
        using (var transcript = new Transcript(Domains.OprfBlind))
            transcript.Append(seed32).Append(input).ToScalar(blind.Writable);
        return Blind(input, blind);
    }

    /// <summary>With a chosen blind, for vectors.</summary>
    internal static BlindedInput Blind(ReadOnlySpan<byte> input, Secret blind)
    {
        ArgumentOutOfRangeException.ThrowIfZero(input.Length, nameof(input));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(input.Length, Voprf.MaxInput, nameof(input));
        return new BlindedInput(Secret.CopyOf(input), blind);
    }

    /// <summary>
    /// The output, from the verified answers of two holders of shares of one key. False when they are for another input or of one share.
    /// </summary>
    public bool TryFinish(VerifiedEvaluation first, VerifiedEvaluation second, [NotNullWhen(true)] out Secret? output)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        output = null;
        Span<byte> combined = stackalloc byte[OprfElement.Size];
        if (!first.Blinded.Equals(Element) || !second.Blinded.Equals(Element) || !ThresholdKey.TryCombine(first, second, combined))
            return false;
        output = Finish(combined);
        return true;
    }

    /// <summary>The output, from the answer of a holder of a whole key. False when the answer is not that key's to this input: its proof is checked.</summary>
    public bool TryFinish(OprfElement publicKey, Evaluation evaluation, [NotNullWhen(true)] out Secret? output)
    {
        ArgumentNullException.ThrowIfNull(publicKey);
        ArgumentNullException.ThrowIfNull(evaluation);
        output = evaluation.IsBy(publicKey, Element) ? Finish(evaluation.Element) : null;
        return output is not null;
    }

    /// <summary>Finalize of RFC 9497.</summary>
    internal Secret Finish(ReadOnlySpan<byte> evaluated)
    {
        var output = new Secret(OutputSize);
        Voprf.Finalize(_input.Bytes, _blind.Bytes, evaluated, output.Writable);
        return output;
    }

    public void Dispose()
    {
        _input.Dispose();
        _blind.Dispose();
    }

    public override string ToString() => "[redacted]";
}

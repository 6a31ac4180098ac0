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

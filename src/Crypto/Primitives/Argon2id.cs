namespace Salus.Crypto.Primitives;

/// <summary>
/// Argon2id version 1.3 (RFC 9106) with one lane. The first half of the first pass does not depend on the passphrase in its memory access.
/// </summary>
public static class Argon2id
{
    public const int SaltSize = 16;
    public const int MinimumOutput = 16;

    /// <summary>
    /// Fills <paramref name="output"/> (16 bytes at least). Parameters that are not <see cref="Argon2Parameters.IsAcceptable"/> throw: test them
    /// where they arrive.
    /// </summary>
    public static void Derive(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, Argon2Parameters parameters, Span<byte> output)
    {
        if (!parameters.IsAcceptable)
            throw new ArgumentOutOfRangeException(nameof(parameters), "The cost is outside the accepted range.");
        DeriveAtAnyCost(passphrase, salt, parameters, output);
    }

    /// <summary>Without floor and ceiling: for published vectors only.</summary>
    internal static void DeriveAtAnyCost(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, Argon2Parameters parameters, Span<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(salt.Length, SaltSize, nameof(salt));
        ArgumentOutOfRangeException.ThrowIfLessThan(output.Length, MinimumOutput, nameof(output));
        if (!PrimitivesBackEnd.Current.Argon2id(passphrase, salt, parameters, output))
            throw new InsufficientMemoryException("Argon2id could not get its memory.");
    }
}

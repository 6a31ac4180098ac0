namespace Salus.Protocol.Wire;

/// <summary>
/// A signed message is its payload followed by a 64-byte Ed25519 signature (RFC 8032) over the length-prefixed label of its type and the payload.
/// The label keeps a signature made for one purpose from serving another.
/// </summary>
internal static class SignedMessage
{
    public static byte[] Sign(string label, SigningKey key, ReadOnlySpan<byte> payload)
    {
        var signed = new byte[payload.Length + SigningKey.SignatureSize];
        payload.CopyTo(signed);
        key.Sign(label, payload, signed.AsSpan(payload.Length));
        return signed;
    }

    /// <summary>
    /// For a message that its own reader refuses: every Create reads back what it has signed, so that nothing is signed that nobody would accept, and what was
    /// made is what others will read (times in whole milliseconds, copies of arrays).
    /// </summary>
    public static ArgumentException Mistake(string type) => new($"These are no values of a {type}: a length, a count, a time or an order is outside its limits.");

    public static bool TrySplit(ReadOnlySpan<byte> signed, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (signed.Length <= SigningKey.SignatureSize)
            return false;
        payload = signed[..^SigningKey.SignatureSize];
        return true;
    }

    public static bool Verify(string label, VerifyingKey key, ReadOnlySpan<byte> signed) =>
        TrySplit(signed, out var payload) && key.Verify(label, payload, signed[payload.Length..]);
}

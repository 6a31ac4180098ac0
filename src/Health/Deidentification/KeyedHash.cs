namespace Salus.Health.Deidentification;

/// <summary>HMAC-SHA256 of the message under a key that stays with the caller; <paramref name="tag"/> has 32 bytes.</summary>
public delegate void KeyedHash(ReadOnlySpan<byte> message, Span<byte> tag);

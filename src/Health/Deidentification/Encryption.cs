namespace Salus.Health.Deidentification;

/// <summary>Encrypts a value under a key that stays with the caller, so that who has the key can have the value back.</summary>
public delegate byte[] Encryption(ReadOnlySpan<byte> value);

using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Salus.Crypto;
using Salus.Crypto.Primitives;

namespace Salus.Protocol.Log;

/// <summary>What a key of a signed note signs (c2sp.org/signed-note, "signature types").</summary>
public enum NoteAlgorithm : byte
{
    /// <summary>The text of the note: the log's own signature.</summary>
    Ed25519 = 1,

    /// <summary>The text behind a line with a time: a witness's cosignature (c2sp.org/tlog-cosignature).</summary>
    Cosignature = 4,
}

/// <summary>
/// The public key of a log or a witness. Its text is a C2SP vkey, NAME+KEYID+KEY: a name without blanks or '+', eight hexadecimal digits, base64 of the algorithm's byte and the Ed25519 key.
/// </summary>
public sealed class NoteKey : IEquatable<NoteKey>
{
    /// <summary>Characters of a name, at most.</summary>
    public const int MaxName = 100;

    private readonly byte[] _key;

    private NoteKey(string name, NoteAlgorithm algorithm, byte[] key)
    {
        (Name, Algorithm, _key) = (name, algorithm, key);
        KeyId = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData([.. Encoding.ASCII.GetBytes(name), (byte)'\n', (byte)algorithm, .. key]));
    }

    public string Name { get; }

    public NoteAlgorithm Algorithm { get; }

    /// <summary>The first four bytes of SHA-256(name | "\n" | algorithm | key).</summary>
    public uint KeyId { get; }

    public static bool TryParse([NotNullWhen(true)] string? vkey, NoteAlgorithm algorithm, [NotNullWhen(true)] out NoteKey? key)
    {
        key = null;
        if (vkey?.Split('+', 3) is not [var name, var id, var encoded] || !IsName(name)
            || !StrictBase64.TryDecode(encoded, out var bytes) || bytes.Length != 1 + Ed25519.PublicKeySize || bytes[0] != (byte)algorithm)
            return false;
        var found = new NoteKey(name, algorithm, bytes[1..]);
        if (id != found.KeyIdText)
            return false;
        key = found;
        return true;
    }

    public bool Equals(NoteKey? other) => other is not null && Name == other.Name && Algorithm == other.Algorithm && _key.AsSpan().SequenceEqual(other._key);

    public override bool Equals(object? obj) => Equals(obj as NoteKey);

    public override int GetHashCode() => unchecked((int)KeyId);

    public override string ToString() => $"{Name}+{KeyIdText}+{Convert.ToBase64String([(byte)Algorithm, .. _key])}";

    internal static NoteKey Of(string name, NoteAlgorithm algorithm, ReadOnlySpan<byte> key) =>
        IsName(name) ? new(name, algorithm, key.ToArray()) : throw new ArgumentException("A key's name is 1 to 100 visible ASCII characters without '+'.", nameof(name));

    internal bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => Ed25519.Verify(_key, message, signature);

    private string KeyIdText => KeyId.ToString("x8", CultureInfo.InvariantCulture);

    private static bool IsName(string name) => name.Length is > 0 and <= MaxName && name.All(c => c is > ' ' and <= '~' and not '+');
}

/// <summary>The private half of a <see cref="NoteKey"/>: a log's or a witness's.</summary>
public sealed class NoteSigner : IDisposable
{
    private readonly Secret _seed;

    private NoteSigner(Secret seed, string prefix, NoteAlgorithm algorithm)
    {
        _seed = seed;
        Span<byte> key = stackalloc byte[Ed25519.PublicKeySize];
        Ed25519.PublicKey(seed.Bytes, key);
        Key = NoteKey.Of(prefix + Convert.ToHexStringLower(key[..8]), algorithm, key);
    }

    public NoteKey Key { get; }

    /// <summary>A log's key; takes over a seed of 32 bytes. Its name, "salus/log/" and 16 digits of the key, is the origin of the log's checkpoints.</summary>
    public static NoteSigner Log(Secret seed) => new(seed, "salus/log/", NoteAlgorithm.Ed25519);

    /// <summary>A witness's key; takes over a seed of 32 bytes.</summary>
    public static NoteSigner Witness(Secret seed) => new(seed, "salus/witness/", NoteAlgorithm.Cosignature);

    public void Dispose() => _seed.Dispose();

    public override string ToString() => "[redacted]";

    internal byte[] Sign(ReadOnlySpan<byte> message)
    {
        var signature = new byte[Ed25519.SignatureSize];
        Ed25519.Sign(_seed.Bytes, message, signature);
        return signature;
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Text;
using Salus.Crypto;
using Salus.Crypto.Primitives;

namespace Salus.Protocol;

/// <summary>An Ed25519 public key (RFC 8032), 32 bytes: the identity of an account or of a server.</summary>
public sealed class VerifyingKey : IEquatable<VerifyingKey>
{
    public const int Size = Ed25519.PublicKeySize;

    internal static readonly VerifyingKey None = new(new byte[Size]);

    private readonly byte[] _bytes;

    private VerifyingKey(byte[] bytes) => _bytes = bytes;

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The account whose identity key this is.</summary>
    public AccountId Account
    {
        get
        {
            using var transcript = new Transcript(Domains.AccountId);
            return Identifier.Read<AccountId>(transcript.Append(_bytes).ToHash().AsSpan(0, Identifier.Size));
        }
    }

    /// <summary>Takes 32 bytes. Whether they are a point shows when a signature is verified.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out VerifyingKey key)
    {
        key = bytes.Length == Size ? new VerifyingKey(bytes.ToArray()) : None;
        return bytes.Length == Size;
    }

    /// <summary>Verifies a signature over the length-prefixed label and the payload.</summary>
    public bool Verify(string label, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> signature) =>
        signature.Length == SigningKey.SignatureSize && Ed25519.Verify(_bytes, SigningKey.Message(label, payload), signature);

    public bool Equals(VerifyingKey? other) => other is not null && _bytes.AsSpan().SequenceEqual(other._bytes);

    public override bool Equals(object? obj) => Equals(obj as VerifyingKey);

    public override int GetHashCode() => BitConverter.ToInt32(_bytes);

    public override string ToString() => Convert.ToHexStringLower(_bytes);
}

/// <summary>An Ed25519 private key. Every signature is made over the label of its purpose as well.</summary>
public sealed class SigningKey : IDisposable
{
    public const int SignatureSize = Ed25519.SignatureSize;

    private readonly Secret _seed;

    /// <summary>Takes a copy of a 32-byte seed.</summary>
    public SigningKey(ReadOnlySpan<byte> seed)
    {
        _seed = Secret.CopyOf(seed);
        Span<byte> publicKey = stackalloc byte[VerifyingKey.Size];
        Ed25519.PublicKey(_seed.Bytes, publicKey);
        _ = VerifyingKey.TryParse(publicKey, out var verifying);
        PublicKey = verifying;
    }

    public VerifyingKey PublicKey { get; }

    public static SigningKey Generate()
    {
        using var seed = Secret.Random(Ed25519.SeedSize);
        return new SigningKey(seed.Bytes);
    }

    public void Sign(string label, ReadOnlySpan<byte> payload, Span<byte> signature) => Ed25519.Sign(_seed.Bytes, Message(label, payload), signature);

    public void Dispose() => _seed.Dispose();

    public override string ToString() => "[redacted]";

    internal static byte[] Message(string label, ReadOnlySpan<byte> payload)
    {
        var name = Encoding.ASCII.GetBytes(label);
        var message = new byte[1 + name.Length + payload.Length];
        message[0] = checked((byte)name.Length);
        name.CopyTo(message, 1);
        payload.CopyTo(message.AsSpan(1 + name.Length));
        return message;
    }
}

/// <summary>An X25519 public key for sealed boxes, 32 bytes: small messages on their way to one account or one trustee.</summary>
public sealed class BoxKey : IEquatable<BoxKey>
{
    public const int Size = SealedBox.PublicKeySize;

    internal static readonly BoxKey None = new(new byte[Size]);

    /// <summary>
    /// The points of small order, to which nothing can be sealed: u = 0, 1, two of order 8, and p-1, p, p+1 (cr.yp.to/ecdh.html, "validate public keys"). The highest bit
    /// of a key is not looked at (RFC 7748, section 5).
    /// </summary>
    private static readonly byte[][] SmallOrder =
    [
        new byte[Size], [1, .. new byte[Size - 1]],
        Convert.FromHexString("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
        Convert.FromHexString("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
        Convert.FromHexString("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        Convert.FromHexString("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        Convert.FromHexString("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    ];

    private readonly byte[] _bytes;

    private BoxKey(byte[] bytes) => _bytes = bytes;

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>False for other lengths and for keys to which nothing can be sealed.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out BoxKey key)
    {
        key = None;
        if (bytes.Length != Size || IsOfSmallOrder(bytes))
            return false;
        key = new BoxKey(bytes.ToArray());
        return true;
    }

    private static bool IsOfSmallOrder(ReadOnlySpan<byte> bytes)
    {
        Span<byte> u = stackalloc byte[Size];
        bytes.CopyTo(u);
        u[^1] &= 0x7f;
        foreach (var point in SmallOrder)
            if (u.SequenceEqual(point))
                return true;
        return false;
    }

    public byte[] Seal(ReadOnlySpan<byte> message) => SealedBox.Seal(_bytes, message);

    public bool Equals(BoxKey? other) => other is not null && _bytes.AsSpan().SequenceEqual(other._bytes);

    public override bool Equals(object? obj) => Equals(obj as BoxKey);

    public override int GetHashCode() => BitConverter.ToInt32(_bytes);

    public override string ToString() => Convert.ToHexStringLower(_bytes);
}

/// <summary>The private half of a <see cref="BoxKey"/>.</summary>
public sealed class UnboxingKey : IDisposable
{
    private readonly Secret _seed;

    /// <summary>Takes a copy of a 32-byte seed.</summary>
    public UnboxingKey(ReadOnlySpan<byte> seed)
    {
        _seed = Secret.CopyOf(seed);
        Span<byte> publicKey = stackalloc byte[BoxKey.Size];
        SealedBox.PublicKey(_seed.Bytes, publicKey);
        _ = BoxKey.TryParse(publicKey, out var box);
        PublicKey = box;
    }

    public BoxKey PublicKey { get; }

    /// <summary>What this key and another have in common (X25519), to be hashed before use.</summary>
    internal bool TryAgree(ReadOnlySpan<byte> publicKey, Span<byte> shared) => SealedBox.TryAgree(_seed.Bytes, publicKey, shared);

    public bool TryOpen(ReadOnlySpan<byte> box, [NotNullWhen(true)] out byte[]? message) => SealedBox.TryOpen(_seed.Bytes, box, out message);

    public void Dispose() => _seed.Dispose();

    public override string ToString() => "[redacted]";
}

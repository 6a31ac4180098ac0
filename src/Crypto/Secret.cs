using System.Security.Cryptography;

namespace Salus.Crypto;

/// <summary>
/// Secret bytes: pinned, so that the collector leaves no copies behind, and zeroed on <see cref="Dispose"/>.
/// No equality, no serialisation, and it prints <c>[redacted]</c>.
/// </summary>
/// <remarks>
/// There is no finalizer on purpose: a span of <see cref="Bytes"/> does not keep this object alive, and a finalizer that zeroed
/// bytes still in use would encrypt under a key of zeros.
/// </remarks>
public sealed class Secret : IDisposable
{
    private readonly byte[] _bytes;
    private bool _disposed;

    /// <summary>A secret of <paramref name="size"/> zero bytes, to be filled through <see cref="Writable"/>.</summary>
    public Secret(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        _bytes = GC.AllocateArray<byte>(size, pinned: true);
    }

    /// <summary>Fresh random bytes of the system's generator.</summary>
    public static Secret Random(int size)
    {
        var secret = new Secret(size);
        RandomNumberGenerator.Fill(secret._bytes);
        return secret;
    }

    /// <summary>A copy; the caller still has to zero the source.</summary>
    public static Secret CopyOf(ReadOnlySpan<byte> bytes)
    {
        var secret = new Secret(bytes.Length);
        bytes.CopyTo(secret._bytes);
        return secret;
    }

    public int Length => _bytes.Length;

    public ReadOnlySpan<byte> Bytes => Alive();

    public Span<byte> Writable => Alive();

    /// <summary>For the asynchronous back end, which cannot hold a span across an await.</summary>
    internal Memory<byte> Memory => Alive();

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_bytes);
    }

    public override string ToString() => "[redacted]";

    private byte[] Alive()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _bytes;
    }
}

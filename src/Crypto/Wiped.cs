using System.Security.Cryptography;

namespace Salus.Crypto;

/// <summary>Zeroes stack memory at the end of its scope: <c>using var wiped = new Wiped(work);</c></summary>
internal readonly ref struct Wiped(Span<byte> bytes)
{
    private readonly Span<byte> _bytes = bytes;

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);
}

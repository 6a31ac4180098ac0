using System.Buffers.Binary;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Oprf;
using Salus.Crypto.Primitives;
using Salus.Crypto.Reencryption;
using Salus.Protocol;

namespace Salus.Trustee.Reencryption;

/// <summary>
/// Seals re-encryption keys at rest, so that the database or a backup of it alone re-encrypts nothing: AES-256-GCM under a key derived from the trustee's
/// identity seed, which is a file outside of the database. The policy, the delegating key, the public share and the lock are authenticated with it: whoever can
/// write rows cannot lengthen a grant, nor move a key to another delegatee, nor take its lock off.
/// Sealed: nonce 12 (random; the keys sealed by one trustee stay far below 2^32) | ciphertext 32 | tag 16.
/// </summary>
internal sealed class RestKey(Secret key) : IDisposable
{
    public const int SealedSize = Aead.NonceSize + KeyShare.RkSize + Aead.TagSize;

    public async Task<KFragRow> SealAsync(KFrag kfrag)
    {
        var policy = kfrag.Policy;
        var rk = kfrag.Share.Rk.Bytes.ToArray();
        try
        {
            var row = new KFragRow
            {
                Owner = policy.Owner.Account,
                Grant = policy.Grant,
                Partition = policy.Partition,
                Epoch = policy.Epoch,
                OwnerKey = policy.Owner,
                From = policy.From,
                Until = policy.Until,
                Purpose = policy.Purpose,
                Delegatee = policy.Delegatee,
                Receiving = policy.Receiving,
                DelegatingKey = kfrag.DelegatingKey,
                Share = kfrag.Share.Public.Bytes.ToArray(),
                SealedRk = new byte[SealedSize],
                LockVerifier = kfrag.Lock?.Verifier.ToArray(),
                LockExpires = kfrag.Lock?.Expires,
            };
            await SealIntoAsync(row.SealedRk, rk, Associated(row));
            return row;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(rk);
        }
    }

    /// <summary>The share of a row. Throws when the row is not as this trustee wrote it: the database has been changed, or the identity has.</summary>
    public async Task<KeyShare> OpenAsync(KFragRow row)
    {
        var rk = new byte[KeyShare.RkSize];
        try
        {
            if (!PublicShare.TryParse(row.Share, out var publicShare) || !await TryOpenIntoAsync(row.SealedRk, rk, Associated(row))
                || !KeyShare.TryParse(publicShare, rk, out var share))
                throw new InvalidDataException("A re-encryption key in the database is not as this trustee wrote it.");
            return share;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(rk);
        }
    }

    /// <summary>
    /// Seals the trustee's share of the hardening key under the word that it gives about that key: longer than what a re-encryption key is sealed with, so that
    /// neither opens as the other.
    /// </summary>
    public async Task<byte[]> SealAsync(ThresholdShare share, HardeningKey word)
    {
        var scalar = share.Scalar.Bytes.ToArray();
        var sealedShare = new byte[SealedSize];
        try
        {
            await SealIntoAsync(sealedShare, scalar, word.Signed);
            return sealedShare;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scalar);
        }
    }

    /// <summary>The share of the hardening key. Throws when it is not as this trustee wrote it.</summary>
    public async Task<ThresholdShare> OpenAsync(byte[] sealedShare, HardeningKey word)
    {
        var scalar = new byte[ThresholdShare.Size];
        try
        {
            return await TryOpenIntoAsync(sealedShare, scalar, word.Signed) && ThresholdShare.TryParse(word.Key, word.Members.IndexOf(word.Trustee), scalar, out var share)
                ? share : throw new InvalidDataException("The hardening key's share in the database is not as this trustee wrote it.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scalar);
        }
    }

    /// <summary>Whether the row keeps this very kfrag. The public share stands for rk, as U1 = rk·U.</summary>
    public static bool Keeps(KFragRow row, KFrag kfrag) =>
        Associated(row).AsSpan().SequenceEqual([.. kfrag.Policy.Common(), .. kfrag.DelegatingKey.Bytes, .. kfrag.Share.Public.Bytes, .. Associated(kfrag.Lock)]);

    public void Dispose() => key.Dispose();

    private static byte[] Associated(KFragRow row) => [.. row.Policy.Common(), .. row.DelegatingKey.Bytes, .. row.Share, .. Associated(row.Lock)];

    private static byte[] Associated(ReleaseLock? releaseLock)
    {
        if (releaseLock is null)
            return [];
        Span<byte> expires = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(expires, releaseLock.Expires.ToUnixTimeMilliseconds());
        return [.. releaseLock.Verifier, .. expires];
    }

    private async Task SealIntoAsync(byte[] output, byte[] scalar, byte[] associated)
    {
        RandomNumberGenerator.Fill(output.AsSpan(0, Aead.NonceSize));
        await Aead.SealAsync(key, output.AsMemory(0, Aead.NonceSize), scalar, associated, output.AsMemory(Aead.NonceSize));
    }

    private async Task<bool> TryOpenIntoAsync(byte[] sealedScalar, byte[] scalar, byte[] associated) => sealedScalar.Length == SealedSize
        && await Aead.OpenAsync(key, sealedScalar.AsMemory(0, Aead.NonceSize), sealedScalar.AsMemory(Aead.NonceSize), associated, scalar);
}

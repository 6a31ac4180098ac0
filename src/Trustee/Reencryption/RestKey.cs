using System.Buffers.Binary;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Oprf;
using Salus.Crypto.Reencryption;
using Salus.Protocol;

namespace Salus.Trustee.Reencryption;

/// <summary>
/// Seals re-encryption keys at rest (<see cref="AtRest"/>), so that the database or a backup of it alone re-encrypts nothing. The policy, the delegating key, the public share
/// and the lock are authenticated with it: whoever can write rows cannot lengthen a grant, nor move a key to another delegatee, nor take its lock off.
/// </summary>
internal sealed class RestKey(Secret key) : IDisposable
{
    private readonly AtRest _rest = new(key);

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
                SealedRk = new byte[KeyShare.RkSize + AtRest.Overhead],
                LockVerifier = kfrag.Lock?.Verifier.ToArray(),
                LockExpires = kfrag.Lock?.Expires,
            };
            (await _rest.SealAsync(rk, Associated(row))).CopyTo(row.SealedRk, 0);
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
        var rk = await _rest.OpenAsync(row.SealedRk, Associated(row));
        try
        {
            if (rk is not { Length: KeyShare.RkSize } || !PublicShare.TryParse(row.Share, out var publicShare)
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
        try
        {
            return await _rest.SealAsync(scalar, word.Signed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scalar);
        }
    }

    /// <summary>The share of the hardening key. Throws when it is not as this trustee wrote it.</summary>
    public async Task<ThresholdShare> OpenAsync(byte[] sealedShare, HardeningKey word)
    {
        var scalar = await _rest.OpenAsync(sealedShare, word.Signed);
        try
        {
            return scalar is { Length: ThresholdShare.Size } && ThresholdShare.TryParse(word.Key, word.Members.IndexOf(word.Trustee), scalar, out var share)
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

    public void Dispose() => _rest.Dispose();

    private static byte[] Associated(KFragRow row) => [.. row.Policy.Common(), .. row.DelegatingKey.Bytes, .. row.Share, .. Associated(row.Lock)];

    private static byte[] Associated(ReleaseLock? releaseLock)
    {
        if (releaseLock is null)
            return [];
        Span<byte> expires = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(expires, releaseLock.Expires.ToUnixTimeMilliseconds());
        return [.. releaseLock.Verifier, .. expires];
    }
}

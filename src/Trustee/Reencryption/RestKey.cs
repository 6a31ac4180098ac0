using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Crypto.Reencryption;
using Salus.Protocol;

namespace Salus.Trustee.Reencryption;

/// <summary>
/// Seals re-encryption keys at rest, so that the database or a backup of it alone re-encrypts nothing: AES-256-GCM under a key derived from the trustee's
/// identity seed, which is a file outside of the database. The policy, the delegating key and the public share are authenticated with it: whoever can write rows
/// cannot lengthen a grant, nor move a key to another delegatee.
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
            };
            RandomNumberGenerator.Fill(row.SealedRk.AsSpan(0, Aead.NonceSize));
            await Aead.SealAsync(key, row.SealedRk.AsMemory(0, Aead.NonceSize), rk, Associated(row), row.SealedRk.AsMemory(Aead.NonceSize));
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
            if (row.SealedRk.Length != SealedSize || !PublicShare.TryParse(row.Share, out var publicShare)
                || !await Aead.OpenAsync(key, row.SealedRk.AsMemory(0, Aead.NonceSize), row.SealedRk.AsMemory(Aead.NonceSize), Associated(row), rk)
                || !KeyShare.TryParse(publicShare, rk, out var share))
                throw new InvalidDataException("A re-encryption key in the database is not as this trustee wrote it.");
            return share;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(rk);
        }
    }

    /// <summary>Whether the row keeps this very kfrag. The public share stands for rk, as U1 = rk·U.</summary>
    public static bool Keeps(KFragRow row, KFrag kfrag) =>
        Associated(row).AsSpan().SequenceEqual([.. kfrag.Policy.Common(), .. kfrag.DelegatingKey.Bytes, .. kfrag.Share.Public.Bytes]);

    public void Dispose() => key.Dispose();

    private static byte[] Associated(KFragRow row) => [.. row.Policy.Common(), .. row.DelegatingKey.Bytes, .. row.Share];
}

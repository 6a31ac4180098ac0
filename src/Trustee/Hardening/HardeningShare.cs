using Microsoft.EntityFrameworkCore;
using Salus.Crypto.Oprf;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Trustee.Reencryption;

namespace Salus.Trustee.Hardening;

/// <summary>The trustee's shares of the keys, each opened once: they never change.</summary>
internal sealed class HardeningShares(ServerIdentity self, RestKey rest) : IDisposable
{
    private readonly Dictionary<KeyPurpose, HardeningShare> _shares = KeyPurpose.All.ToDictionary(purpose => purpose, purpose => new HardeningShare(self, rest, purpose));

    public HardeningShare this[KeyPurpose purpose] => _shares[purpose];

    public void Dispose()
    {
        foreach (var share in _shares.Values)
            share.Dispose();
    }
}

/// <summary>The trustee's share of one key.</summary>
internal sealed class HardeningShare(ServerIdentity self, RestKey rest, KeyPurpose purpose) : IDisposable
{
    private readonly SemaphoreSlim _opening = new(1);
    private ThresholdShare? _share;

    /// <summary>Null while no key is established.</summary>
    public async Task<ThresholdShare?> OpenAsync(TrusteeDatabase database, CancellationToken cancel)
    {
        if (_share is not null)
            return _share;
        await _opening.WaitAsync(cancel);
        try
        {
            if (_share is null && await database.HardeningKeys.AsNoTracking().SingleOrDefaultAsync(row => row.Id == purpose.Row, cancel) is { } row)
                _share = await rest.OpenAsync(row.SealedShare, Read(self.Key, row));
            return _share;
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>The word kept with the share. Throws when it is not this trustee's.</summary>
    public static HardeningKey Read(VerifyingKey self, HardeningKeyRow row) => HardeningKey.TryVerify(row.Word, self, out var word)
        ? word : throw new InvalidDataException("The hardening key in the database is not as this trustee wrote it.");

    public void Dispose()
    {
        _share?.Dispose();
        _opening.Dispose();
    }
}

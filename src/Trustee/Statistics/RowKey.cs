using Salus.Crypto;

namespace Salus.Trustee.Statistics;

/// <summary>
/// Seals the shares of rows at rest (<see cref="AtRest"/>), so that two databases or their backups together still show nothing. Study, contribution and commitments are authenticated with them:
/// whoever can write rows cannot make one count for another.
/// </summary>
internal sealed class RowKey(Secret key) : IDisposable
{
    private readonly AtRest _rest = new(key);

    public Task<byte[]> SealAsync(byte[] parcel, ShareRow row) => _rest.SealAsync(parcel, Associated(row));

    /// <summary>The parcel of a row. Throws when the row is not as this trustee wrote it.</summary>
    public async Task<byte[]> OpenAsync(ShareRow row) => await _rest.OpenAsync(row.SealedParcel, Associated(row))
        ?? throw new InvalidDataException("A row of shares in the database is not as this trustee wrote it.");

    public void Dispose() => _rest.Dispose();

    private static byte[] Associated(ShareRow row) => [.. Protocol.Identifier.ToBytes(row.Study), .. Protocol.Identifier.ToBytes(row.Contribution), .. row.Commitments];
}

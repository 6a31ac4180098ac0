using System.Diagnostics.CodeAnalysis;
using Salus.Crypto;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Readings;

/// <summary>
/// The owner's order to delete readings: every batch that meets a span of time, or the series itself with all that is in it. What a batch has outside of the span, its owner
/// adds anew first.
/// Wire: "salus reading deletion 1\n" | owner 32 | series 16 | whole u8 | from u64 | to u64 | at u64 | signature 64. A deletion of the whole series is from 0 to the latest time.
/// </summary>
public sealed class ReadingDeletion
{
    private static ReadOnlySpan<byte> Magic => "salus reading deletion 1\n"u8;

    private ReadingDeletion(byte[] signed, VerifyingKey owner, SeriesId series, bool isWhole, DateTimeOffset from, DateTimeOffset to, DateTimeOffset at) =>
        (Signed, Owner, Series, IsWhole, From, To, At) = (signed, owner, series, isWhole, from, to, at);

    public VerifyingKey Owner { get; }

    public SeriesId Series { get; }

    /// <summary>Whether the series ends with its readings.</summary>
    public bool IsWhole { get; }

    public DateTimeOffset From { get; }

    /// <summary>Included.</summary>
    public DateTimeOffset To { get; }

    public DateTimeOffset At { get; }

    public byte[] Signed { get; }

    /// <summary>Whether a batch goes by this order.</summary>
    public bool Deletes(ReadingBatch batch) => batch.Owner.Equals(Owner) && batch.Series == Series && batch.Meets(From, To);

    public static ReadingDeletion OfSpan(SigningKey owner, SeriesId series, DateTimeOffset from, DateTimeOffset to, DateTimeOffset at) => Create(owner, series, 0, from, to, at);

    public static ReadingDeletion OfSeries(SigningKey owner, SeriesId series, DateTimeOffset at) => Create(owner, series, 1, DateTimeOffset.UnixEpoch, Limits.NoEnd, at);

    /// <summary>False when the bytes are no deletion or not signed by the owner named within.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out ReadingDeletion? deletion)
    {
        if (TryRead(signed, out deletion) && SignedMessage.Verify(Domains.SignReadingDeletion, deletion.Owner, signed))
            return true;
        deletion = null;
        return false;
    }

    private static ReadingDeletion Create(SigningKey owner, SeriesId series, byte whole, DateTimeOffset from, DateTimeOffset to, DateTimeOffset at)
    {
        var payload = new WireWriter().Bytes(Magic).Key(owner.PublicKey).Id(series).Byte(whole).Time(from).Time(to).Time(at).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignReadingDeletion, owner, payload), out var deletion) ? deletion : throw SignedMessage.Mistake(nameof(ReadingDeletion));
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out ReadingDeletion? deletion)
    {
        deletion = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey owner) || !reader.Id(out SeriesId series) || !reader.Byte(out var whole) || whole > 1
            || !reader.Time(out var from) || !reader.Time(out var to) || to < from || !reader.Time(out var at) || !reader.AtEnd
            || (whole == 1 && (from != DateTimeOffset.UnixEpoch || to != Limits.NoEnd)))
            return false;
        deletion = new ReadingDeletion(signed.ToArray(), owner, series, whole == 1, from, to, at);
        return true;
    }
}

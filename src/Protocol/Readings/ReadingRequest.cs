using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Protocol.Log;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Readings;

/// <summary>Under what a request is made: nothing for the owner, else a grant of one partition.</summary>
public sealed record ReadingAccess(AccountId Owner, GrantId Grant, PartitionId Partition)
{
    /// <summary>The owner's own access, to all partitions.</summary>
    public static ReadingAccess Own(AccountId owner) => new(owner, default, default);

    public bool IsOwn => Grant == default;
}

/// <summary>A span of a series, from a place in the order of feeds and sequence numbers on.</summary>
/// <param name="To">Included.</param>
/// <param name="Feed">With <paramref name="Sequence"/> where a page begins; zeros for the first page.</param>
public sealed record ReadingSpan(SeriesId Series, DateTimeOffset From, DateTimeOffset To, FeedId Feed = default, long Sequence = 0);

/// <summary>
/// What the owner or a delegatee asks of one trustee: its parts of a span of a series, or which series there are. The answer is sealed to a key of this request.
/// Wire: "salus reading ask 2\n" | requester 32 | trustee 32 | owner 16 | grant 16 | partition 16 | series 16 | from u64 | to u64 | feed 16 | sequence u64 | answer key 32
/// | at u64 | nonce 32 | trace (variable) | signature 64. The owner's own request has zeros for grant and partition; the list of series has zeros from series to sequence.
/// The trace of a delegatee's request is a <see cref="AccessTrace"/>: it shows that the access is in the log. The owner's own have none.
/// </summary>
public sealed class ReadingRequest
{
    private static ReadOnlySpan<byte> Magic => "salus reading ask 2\n"u8;

    private ReadingRequest(byte[] signed, VerifyingKey requester, VerifyingKey trustee, ReadingAccess access, ReadingSpan? span, BoxKey answerKey, DateTimeOffset at, byte[] nonce,
        byte[] trace)
    {
        (Signed, Requester, Trustee, Access) = (signed, requester, trustee, access);
        (Span, AnswerKey, At, Nonce, Trace) = (span, answerKey, at, nonce, trace);
    }

    public VerifyingKey Requester { get; }

    public VerifyingKey Trustee { get; }

    public ReadingAccess Access { get; }

    /// <summary>Null when the list of series is asked for.</summary>
    public ReadingSpan? Span { get; }

    /// <summary>The answer is sealed to it.</summary>
    public BoxKey AnswerKey { get; }

    public DateTimeOffset At { get; }

    /// <summary>Random; a trustee answers a nonce once.</summary>
    public byte[] Nonce { get; }

    /// <summary>Not looked at yet: <see cref="AccessTrace"/>.</summary>
    public byte[] Trace { get; }

    public byte[] Signed { get; }

    /// <summary>What the request is about.</summary>
    public AccessSubject Subject => new(AccessKind.Readings, Access.Owner, Access.Grant, Access.Partition, null, Span is { } span ? [new RecordId(span.Series.Value)] : []);

    public byte[] Hash => SHA256.HashData(Signed);

    public static ReadingRequest Create(SigningKey requester, VerifyingKey trustee, ReadingAccess access, ReadingSpan? span, BoxKey answerKey, DateTimeOffset at,
        ReadOnlySpan<byte> trace)
    {
        var of = span ?? new ReadingSpan(default, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
        var payload = new WireWriter().Bytes(Magic).Key(requester.PublicKey).Key(trustee).Id(access.Owner).Id(access.Grant).Id(access.Partition)
            .Id(of.Series).Time(of.From).Time(of.To).Id(of.Feed).UInt64((ulong)of.Sequence).Key(answerKey).Time(at)
            .Bytes(RandomNumberGenerator.GetBytes(ReencryptionRequest.NonceSize)).Variable(trace).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignReadingAsk, requester, payload), out var request) ? request : throw SignedMessage.Mistake(nameof(ReadingRequest));
    }

    /// <summary>False when the bytes are no request or not signed by its requester. The trustee checks whether that one may ask.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out ReadingRequest? request)
    {
        if (TryRead(signed, out request) && SignedMessage.Verify(Domains.SignReadingAsk, request.Requester, signed))
            return true;
        request = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out ReadingRequest? request)
    {
        request = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey requester) || !reader.Key(out VerifyingKey trustee) || !reader.Id(out AccountId owner)
            || !reader.Id(out GrantId grant) || !reader.Id(out PartitionId partition) || (grant == default) != (partition == default)
            || !reader.Id(out SeriesId series) || !reader.Time(out var from) || !reader.Time(out var to) || to < from || !reader.Id(out FeedId feed)
            || !reader.UInt64(out var sequence) || sequence >= long.MaxValue || !reader.Key(out BoxKey answerKey) || !reader.Time(out var at)
            || !reader.Bytes(ReencryptionRequest.NonceSize, out var nonce) || !reader.Variable(Limits.MaxTrace, out var trace)
            || !reader.AtEnd)
            return false;
        var span = new ReadingSpan(series, from, to, feed, (long)sequence);
        var isList = series == default;
        if (isList && span != new ReadingSpan(default, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch))
            return false;
        request = new ReadingRequest(signed.ToArray(), requester, trustee, new ReadingAccess(owner, grant, partition), isList ? null : span, answerKey, at, nonce.ToArray(),
            trace.ToArray());
        return true;
    }
}

using Salus.Crypto.Reencryption;
using Salus.Crypto.Sealing;
using Salus.Protocol;
using Salus.Protocol.Readings;

namespace Salus.Client.Records;

/// <summary>A content key under a capsule: a record's, or that of a segment of the search index, which trustees take for one.</summary>
/// <param name="Name">For messages: "The record 12ab…".</param>
internal sealed record SealedKey(RecordContext Context, Capsule Capsule, WrappedKey Key, string Name)
{
    public static SealedKey Of(SealedRecord record) =>
        new(record.Header.Context, record.Header.Capsule, record.Header.ContentKey, $"The record {record.Header.Context.Record}");

    public static SealedKey Of(SegmentInfo segment, AccountId owner, PartitionId partition) =>
        new(segment.Context(owner, partition), segment.Capsule, segment.Key, $"The segment {segment.Id} of the search index");

    public static SealedKey Of(Series series) => new(series.Context, series.Capsule, series.Key, $"The series {series.Id}");
}

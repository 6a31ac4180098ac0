using Salus.Crypto.Reencryption;
using Salus.Crypto.Sealing;
using Salus.Protocol;

namespace Salus.Client.Uploads;

/// <summary>A staged segment of the search index: what its source will sign of it. The files beside the plan have its name.</summary>
internal sealed record PlannedSegment(string Segment, uint Epoch, byte[] Capsule, byte[] Key, long DictionaryLength, byte[] DictionaryHash, int Blocks)
{
    public static PlannedSegment Of(SegmentInfo info) =>
        new(info.Id.ToString(), info.Epoch.Value, info.Capsule.Bytes.ToArray(), info.Key.Bytes.ToArray(), info.DictionaryLength, info.DictionaryHash, info.Blocks);

    public SegmentInfo Info(VerifyingKey source) =>
        Identifier.TryParse<SegmentId>(Segment, out var id) && Salus.Crypto.Reencryption.Capsule.TryParse(Capsule, out var capsule) && WrappedKey.TryParse(Key, out var key)
        ? new SegmentInfo(id, source, new EpochNumber(Epoch), capsule, key, DictionaryLength, DictionaryHash, Blocks)
        : throw new AlarmException(AlarmKind.Integrity, "A staged segment of the search index is damaged. Move the outbox away and put the file again.");
}

/// <summary>What a put or an import adds to the search index of one partition, in one update.</summary>
/// <param name="Update">The signed update, once it was made and before it is sent: after a kill the very same bytes are sent again.</param>
internal sealed record PlannedIndex(string Owner, string Partition, IReadOnlyList<PlannedSegment> Segments, byte[]? Update = null);

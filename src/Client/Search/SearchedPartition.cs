using Salus.Client.Partitions;
using Salus.Client.Search.Segments;
using Salus.Client.Sharing;
using Salus.Protocol;

namespace Salus.Client.Search;

/// <summary>Somebody whose records are searched: the account itself, or the owner of live grants to it.</summary>
/// <param name="Name">The mail address under which the owner is pinned here, else the account's number.</param>
/// <param name="Own">The account's own partitions; null for somebody else's.</param>
/// <param name="Grants">Live grants of the owner; none for the account itself.</param>
/// <param name="Chains">The epochs of the owner's partitions.</param>
internal sealed record SearchedOwner(
    VerifyingKey Identity, string Name, IReadOnlyDictionary<PartitionId, Partition>? Own, IReadOnlyList<ReceivedGrant> Grants,
    IReadOnlyDictionary<PartitionId, IReadOnlyList<EpochHeader>> Chains);

/// <summary>One partition of an owner, and its index as it was verified.</summary>
internal sealed record SearchedPartition(SearchedOwner Owner, PartitionId Id, string Name, PartitionIndex Index)
{
    /// <summary>The segments whose key this account can have.</summary>
    public IEnumerable<SegmentInfo> Readable => Owner.Own is not null
        ? Index.Segments
        : Index.Segments.Where(segment => GrantOf(segment.Epoch) is not null);

    /// <summary>A grant that opens an epoch of the partition.</summary>
    public ReceivedGrant? GrantOf(EpochNumber epoch) => Owner.Grants.FirstOrDefault(grant => grant.Grant.Entry(Id, epoch) is not null);
}

/// <summary>A segment whose dictionary is open.</summary>
internal sealed record LiveSegment(SearchedPartition Partition, SegmentInfo Info, OpenSegment Open) : IDisposable
{
    public void Dispose() => Open.Dispose();
}

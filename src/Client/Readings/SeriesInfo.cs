using Salus.Client.Sharing;
using Salus.Protocol;

namespace Salus.Client.Readings;

/// <summary>A series of readings as its owner describes it: opened with the keys of its partition.</summary>
/// <param name="Name">The owner's own, unique among the owner's series: "heart-rate".</param>
/// <param name="Code">LOINC; null when the owner gave none.</param>
/// <param name="Unit">UCUM; empty when the owner gave none.</param>
/// <param name="Decimals">Digits behind the point that every value is kept with.</param>
/// <param name="Partition">What the owner calls it.</param>
/// <param name="OwnerName">The mail address under which the owner is pinned here, else the account's number.</param>
public sealed record SeriesInfo(SeriesId Id, string Name, string? Code, string Unit, int Decimals, string Partition, AccountId Owner, string OwnerName)
{
    /// <summary>The grant that opens it; null for an own series.</summary>
    internal ReceivedGrant? Grant { get; init; }

    internal PartitionId PartitionId { get; init; }

    public bool IsOwn => Grant is null;
}

/// <summary>One value at one time, exact.</summary>
public readonly record struct Reading(DateTimeOffset Time, decimal Value);

/// <summary>A span of a series as two trustees at least gave it back.</summary>
/// <param name="Readings">By time.</param>
/// <param name="Complaints">Trustees that are away or behind, in words.</param>
/// <param name="Alarms">Trustees that were caught: each alarm names its own. The readings are those of the others.</param>
public sealed record ReadingRange(SeriesInfo Series, IReadOnlyList<Reading> Readings, IReadOnlyList<string> Complaints, IReadOnlyList<AlarmException> Alarms);

/// <summary>How a series is made when there is none of its name yet; one that exists must agree with what is given.</summary>
/// <param name="Code">LOINC.</param>
/// <param name="Unit">UCUM.</param>
/// <param name="Decimals">0 to 9; what the code is usually given with, else 3.</param>
/// <param name="Partition">medical when null.</param>
public sealed record SeriesOptions(string? Code = null, string? Unit = null, int? Decimals = null, string? Partition = null);

/// <summary>What came of adding readings.</summary>
/// <param name="Added">Readings that are new: kept on this device, and sent.</param>
/// <param name="Known">Readings that the same source had brought before.</param>
/// <param name="IsStored">Whether two trustees have acknowledged all that was waiting: from then on it is read back whatever becomes of this device.</param>
/// <param name="Missing">For each trustee that has not taken everything, why; it waits on this device and is sent with the next command.</param>
public sealed record AddedReadings(SeriesInfo Series, long Added, long Known, bool IsStored, IReadOnlyDictionary<string, string> Missing);

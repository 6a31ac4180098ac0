using Salus.Crypto.Reencryption;
using Salus.Protocol.Wire;

namespace Salus.Protocol;

/// <summary>Who a delegatee is to the owner. Family and friends are the private domain, the others the public one.</summary>
public enum GrantRole : byte
{
    Family = 1,
    Friend = 2,
    Doctor = 3,
    Pharmacist = 4,
    Insurer = 5,
    Researcher = 6,
}

/// <summary>
/// Why access is given, as HL7 v3 PurposeOfUse codes: a code and never free text, for the trustees read it.
/// </summary>
public enum Purpose : byte
{
    /// <summary>TREAT</summary>
    Treatment = 1,

    /// <summary>HPAYMT</summary>
    Payment = 2,

    /// <summary>FAMRQT</summary>
    Family = 3,

    /// <summary>HRESCH</summary>
    Research = 4,

    /// <summary>ETREAT</summary>
    Emergency = 5,

    /// <summary>COC</summary>
    CoordinationOfCare = 6,
}

/// <summary>
/// What a re-encryption key may be used for: one grant, partition and epoch, from a date until a date, for one purpose and one delegatee.
/// <see cref="Common"/> is the part shared by the keys of all trustees ("policy*" of the scheme), hashed into the keys themselves.
/// </summary>
/// <param name="From">The first instant at which a trustee answers.</param>
/// <param name="Until">The first instant at which it answers no more; <see cref="Limits.NoEnd"/> for no end.</param>
public sealed record GrantPolicy(
    GrantId Grant, VerifyingKey Owner, PartitionId Partition, EpochNumber Epoch, DateTimeOffset From, DateTimeOffset Until, Purpose Purpose,
    VerifyingKey Delegatee, PublicKey Receiving)
{
    public byte[] Common() => Write(new WireWriter()).ToArray();

    internal WireWriter Write(WireWriter writer) => writer.Id(Grant).Key(Owner).Id(Partition).Epoch(Epoch).Time(From).Time(Until).Byte((byte)Purpose)
        .Key(Delegatee).Key(Receiving);

    internal static bool TryRead(ref WireReader reader, out GrantPolicy? policy)
    {
        policy = null;
        if (!reader.Id(out GrantId grant) || !reader.Key(out VerifyingKey owner) || !reader.Id(out PartitionId partition) || !reader.Epoch(out var epoch)
            || !reader.Time(out var from) || !reader.Time(out var until) || !reader.Byte(out var purpose) || !Enum.IsDefined((Purpose)purpose)
            || !reader.Key(out VerifyingKey delegatee) || !reader.Key(out PublicKey? receiving) || until <= from)
            return false;
        policy = new GrantPolicy(grant, owner, partition, epoch, from, until, (Purpose)purpose, delegatee, receiving!);
        return true;
    }
}

using System.Diagnostics.CodeAnalysis;
using Salus.Crypto;
using Salus.Protocol.Wire;

namespace Salus.Protocol;

/// <summary>The sentence of a deposit grant: who may add to which partitions, from when, until when. It lets nobody read anything.</summary>
/// <param name="Until">The first instant at which nothing may be added any more; <see cref="Limits.NoEnd"/> for no end.</param>
public sealed record DepositTerms(
    GrantId Id, VerifyingKey Owner, VerifyingKey Depositor, DateTimeOffset From, DateTimeOffset Until, IReadOnlyList<PartitionId> Partitions);

/// <summary>
/// The owner's permission for somebody else, a hospital or a laboratory, to add records and index segments to their partitions. It carries no key: the depositor seals to the
/// public key of the partition's newest epoch, and reads nothing. Ended by a <see cref="Revocation"/> of the same identifier. An instance exists only after the signature was
/// verified or made.
/// Wire: "salus deposit 1\n" | id 16 | owner 32 | depositor 32 | from u64 | until u64 | u32 count, partitions of 16 | sealed note (variable) | signature 64.
/// The note, sealed to the depositor, names the owner and the partitions.
/// </summary>
public sealed class DepositGrant
{
    private static ReadOnlySpan<byte> Magic => "salus deposit 1\n"u8;

    private DepositGrant(byte[] signed, DepositTerms terms, byte[] sealedNote) => (Signed, Terms, SealedNote) = (signed, terms, sealedNote);

    public DepositTerms Terms { get; }

    public byte[] SealedNote { get; }

    public byte[] Signed { get; }

    public static DepositGrant Create(SigningKey owner, DepositTerms terms, byte[] sealedNote)
    {
        if (!owner.PublicKey.Equals(terms.Owner))
            throw new ArgumentException("The terms name another owner.", nameof(terms));
        var writer = new WireWriter().Bytes(Magic).Id(terms.Id).Key(terms.Owner).Key(terms.Depositor).Time(terms.From).Time(terms.Until).UInt32((uint)terms.Partitions.Count);
        foreach (var partition in terms.Partitions)
            writer.Id(partition);
        var payload = writer.Variable(sealedNote).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignDeposit, owner, payload), out var grant) ? grant : throw SignedMessage.Mistake(nameof(DepositGrant));
    }

    /// <summary>False when the bytes are no deposit grant or not signed by the owner named within. The reader checks that this is the owner it means.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out DepositGrant? grant)
    {
        if (TryRead(signed, out grant) && SignedMessage.Verify(Domains.SignDeposit, grant.Terms.Owner, signed))
            return true;
        grant = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out DepositGrant? grant)
    {
        grant = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Id(out GrantId id) || !reader.Key(out VerifyingKey owner) || !reader.Key(out VerifyingKey depositor) || depositor.Equals(owner)
            || !reader.Time(out var from) || !reader.Time(out var until) || until <= from
            || !reader.UInt32(out var count) || count is 0 or > Limits.MaxDepositPartitions)
            return false;
        var partitions = new List<PartitionId>();
        var seen = new HashSet<PartitionId>();
        for (var i = 0; i < count; i++)
        {
            if (!reader.Id(out PartitionId partition) || !seen.Add(partition))
                return false;
            partitions.Add(partition);
        }
        if (!reader.Variable(Limits.MaxSealedNote, out var note) || !reader.AtEnd)
            return false;
        grant = new DepositGrant(signed.ToArray(), new DepositTerms(id, owner, depositor, from, until, partitions), note.ToArray());
        return true;
    }
}

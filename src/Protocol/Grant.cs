using System.Diagnostics.CodeAnalysis;
using Salus.Crypto;
using Salus.Crypto.Reencryption;
using Salus.Protocol.Wire;

namespace Salus.Protocol;

/// <summary>The public part of one trustee's re-encryption key: what the delegatee checks that trustee's answers against.</summary>
public sealed record TrusteeShare(VerifyingKey Trustee, PublicShare Share);

/// <summary>One partition in one epoch of a grant.</summary>
public sealed record GrantEntry(PartitionId Partition, EpochNumber Epoch, PublicKey DelegatingKey, IReadOnlyList<TrusteeShare> Shares);

/// <summary>The sentence of a grant: who sees which partitions, from when, until when, for what purpose.</summary>
/// <param name="Version">Grows by one whenever the owner extends the grant to a new epoch; everything else stays.</param>
public sealed record GrantTerms(
    GrantId Id, uint Version, VerifyingKey Owner, VerifyingKey Delegatee, PublicKey Receiving, GrantRole Role, Purpose Purpose,
    DateTimeOffset From, DateTimeOffset Until)
{
    public GrantPolicy Policy(PartitionId partition, EpochNumber epoch) => new(Id, Owner, partition, epoch, From, Until, Purpose, Delegatee, Receiving);
}

/// <summary>
/// A grant, signed by the owner. An instance exists only after the signature was verified or made.
/// Wire: "salus grant 1\n" | id 16 | version u32 | owner 32 | delegatee 32 | receiving 32 | role u8 | purpose u8 | from u64 | until u64
/// | u32 count, entries of (partition 16 | epoch u32 | key 32 | 3 of (trustee 32 | share 96)) | sealed note (variable) | signature 64.
/// The note, sealed to the delegatee, names the owner and the partitions.
/// </summary>
public sealed class Grant
{
    private static ReadOnlySpan<byte> Magic => "salus grant 1\n"u8;

    private Grant(byte[] signed, GrantTerms terms, IReadOnlyList<GrantEntry> entries, byte[] sealedNote) =>
        (Signed, Terms, Entries, SealedNote) = (signed, terms, entries, sealedNote);

    public GrantTerms Terms { get; }

    public IReadOnlyList<GrantEntry> Entries { get; }

    public byte[] SealedNote { get; }

    public byte[] Signed { get; }

    public GrantEntry? Entry(PartitionId partition, EpochNumber epoch) => Entries.FirstOrDefault(entry => entry.Partition == partition && entry.Epoch == epoch);

    public static Grant Create(SigningKey owner, GrantTerms terms, IReadOnlyList<GrantEntry> entries, byte[] sealedNote)
    {
        if (!owner.PublicKey.Equals(terms.Owner))
            throw new ArgumentException("The terms name another owner.", nameof(terms));
        var writer = new WireWriter().Bytes(Magic).Id(terms.Id).UInt32(terms.Version).Key(terms.Owner).Key(terms.Delegatee).Key(terms.Receiving)
            .Byte((byte)terms.Role).Byte((byte)terms.Purpose).Time(terms.From).Time(terms.Until).UInt32((uint)entries.Count);
        foreach (var entry in entries)
        {
            if (entry.Shares.Count != Delegation.Shares)
                throw new ArgumentException("An entry has a share for each trustee.", nameof(entries));
            writer.Id(entry.Partition).Epoch(entry.Epoch).Key(entry.DelegatingKey);
            foreach (var share in entry.Shares)
                writer.Key(share.Trustee).Bytes(share.Share.Bytes);
        }
        var payload = writer.Variable(sealedNote).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignGrant, owner, payload), out var grant) ? grant : throw SignedMessage.Mistake(nameof(Grant));
    }

    /// <summary>False when the bytes are no grant or not signed by the owner named within. The reader checks that this is the owner it means.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out Grant? grant)
    {
        if (TryRead(signed, out grant) && SignedMessage.Verify(Domains.SignGrant, grant.Terms.Owner, signed))
            return true;
        grant = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out Grant? grant)
    {
        grant = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Id(out GrantId id) || !reader.UInt32(out var version) || version == 0 || !reader.Key(out VerifyingKey owner)
            || !reader.Key(out VerifyingKey delegatee) || !reader.Key(out PublicKey? receiving) || !reader.Byte(out var role)
            || !Enum.IsDefined((GrantRole)role) || !reader.Byte(out var purpose) || !Enum.IsDefined((Purpose)purpose)
            || !reader.Time(out var from) || !reader.Time(out var until) || until <= from
            || !reader.UInt32(out var count) || count is 0 or > Limits.MaxGrantEntries)
            return false;
        var entries = new List<GrantEntry>();
        var seen = new HashSet<(PartitionId, EpochNumber)>();
        for (var i = 0; i < count; i++)
        {
            if (!TryReadEntry(ref reader, out var entry) || !seen.Add((entry.Partition, entry.Epoch)))
                return false;
            entries.Add(entry);
        }
        if (!reader.Variable(Limits.MaxSealedNote, out var note) || !reader.AtEnd)
            return false;
        var terms = new GrantTerms(id, version, owner, delegatee, receiving!, (GrantRole)role, (Purpose)purpose, from, until);
        grant = new Grant(signed.ToArray(), terms, entries, note.ToArray());
        return true;
    }

    private static bool TryReadEntry(ref WireReader reader, [NotNullWhen(true)] out GrantEntry? entry)
    {
        entry = null;
        if (!reader.Id(out PartitionId partition) || !reader.Epoch(out var epoch) || !reader.Key(out PublicKey? key))
            return false;
        var shares = new TrusteeShare[Delegation.Shares];
        for (var i = 0; i < shares.Length; i++)
        {
            if (!reader.Key(out VerifyingKey trustee) || !reader.Bytes(PublicShare.Size, out var bytes) || !PublicShare.TryParse(bytes, out var share)
                || shares.AsSpan(0, i).ToArray().Any(other => other.Trustee.Equals(trustee)))
                return false;
            shares[i] = new TrusteeShare(trustee, share);
        }
        entry = new GrantEntry(partition, epoch, key!, shares);
        return true;
    }
}

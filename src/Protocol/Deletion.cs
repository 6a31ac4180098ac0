using System.Diagnostics.CodeAnalysis;
using Salus.Crypto;
using Salus.Protocol.Wire;

namespace Salus.Protocol;

/// <summary>
/// The owner's order to delete a record: what the catalogue keeps as its tombstone.
/// Wire: "salus deletion 1\n" | owner 32 | record 16 | version u32 | at u64 | signature 64.
/// </summary>
public sealed class Deletion
{
    private static ReadOnlySpan<byte> Magic => "salus deletion 1\n"u8;

    private Deletion(byte[] signed, VerifyingKey owner, RecordId record, uint version, DateTimeOffset at) =>
        (Signed, Owner, Record, Version, At) = (signed, owner, record, version, at);

    public VerifyingKey Owner { get; }

    public RecordId Record { get; }

    /// <summary>The version that the owner saw last; it and those before it are deleted.</summary>
    public uint Version { get; }

    public DateTimeOffset At { get; }

    public byte[] Signed { get; }

    public static Deletion Create(SigningKey owner, RecordId record, uint version, DateTimeOffset at)
    {
        var payload = new WireWriter().Bytes(Magic).Key(owner.PublicKey).Id(record).UInt32(version).Time(at).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignDeletion, owner, payload), out var deletion) ? deletion : throw SignedMessage.Mistake(nameof(Deletion));
    }

    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out Deletion? deletion)
    {
        if (TryRead(signed, out deletion) && SignedMessage.Verify(Domains.SignDeletion, deletion.Owner, signed))
            return true;
        deletion = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out Deletion? deletion)
    {
        deletion = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey owner) || !reader.Id(out RecordId record) || !reader.UInt32(out var version)
            || !reader.Time(out var at) || !reader.AtEnd)
            return false;
        deletion = new Deletion(signed.ToArray(), owner, record, version, at);
        return true;
    }
}

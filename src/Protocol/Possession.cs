using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Protocol.Dispersal;
using Salus.Protocol.Wire;

namespace Salus.Protocol;

/// <summary>
/// The cloud's permission to prove to one store the possession of a fragment, for one claim on a shared body: it names neither account nor body, which the store need not learn.
/// Wire: "salus possession ticket 1\n" | cloud 32 | store 32 | claim 16 | until u64 | signature 64.
/// </summary>
public sealed class PossessionTicket
{
    private static ReadOnlySpan<byte> Magic => "salus possession ticket 1\n"u8;

    private PossessionTicket(byte[] signed, VerifyingKey cloud, VerifyingKey store, UInt128 claim, DateTimeOffset until) =>
        (Signed, Cloud, Store, Claim, Until) = (signed, cloud, store, claim, until);

    public VerifyingKey Cloud { get; }

    public VerifyingKey Store { get; }

    /// <summary>Random; the cloud knows whose record it is for.</summary>
    public UInt128 Claim { get; }

    public DateTimeOffset Until { get; }

    public byte[] Signed { get; }

    public static PossessionTicket Create(SigningKey cloud, VerifyingKey store, UInt128 claim, DateTimeOffset until)
    {
        var payload = new WireWriter().Bytes(Magic).Key(cloud.PublicKey).Key(store).Id(RecordId.From(claim)).Time(until).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignPossessionTicket, cloud, payload), out var ticket) ? ticket : throw SignedMessage.Mistake(nameof(PossessionTicket));
    }

    /// <summary>False unless it is <paramref name="cloud"/>'s ticket. The store checks its own name and the date.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, VerifyingKey cloud, [NotNullWhen(true)] out PossessionTicket? ticket)
    {
        if (TryRead(signed, out ticket) && ticket.Cloud.Equals(cloud) && SignedMessage.Verify(Domains.SignPossessionTicket, cloud, signed))
            return true;
        ticket = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out PossessionTicket? ticket)
    {
        ticket = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey cloud) || !reader.Key(out VerifyingKey store) || !reader.Id(out RecordId claim)
            || !reader.Time(out var until) || !reader.AtEnd)
            return false;
        ticket = new PossessionTicket(signed.ToArray(), cloud, store, claim.Value, until);
        return true;
    }
}

/// <summary>
/// A store's signed word that whoever holds a claim has answered from the bytes of the fragment that a commitment stands for.
/// Wire: "salus possession 1\n" | store 32 | claim 16 | commitment 32 | at u64 | signature 64.
/// </summary>
public sealed class PossessionProof
{
    private static ReadOnlySpan<byte> Magic => "salus possession 1\n"u8;

    private PossessionProof(byte[] signed, VerifyingKey store, UInt128 claim, byte[] commitment, DateTimeOffset at) =>
        (Signed, Store, Claim, Commitment, At) = (signed, store, claim, commitment, at);

    public VerifyingKey Store { get; }

    public UInt128 Claim { get; }

    /// <summary>As in the record's header: of the fragment's root under the blind that the prover showed.</summary>
    public byte[] Commitment { get; }

    public DateTimeOffset At { get; }

    public byte[] Signed { get; }

    public static PossessionProof Create(SigningKey store, UInt128 claim, ReadOnlySpan<byte> commitment, DateTimeOffset at)
    {
        var payload = new WireWriter().Bytes(Magic).Key(store.PublicKey).Id(RecordId.From(claim)).Fixed(SealedRecord.CommitmentSize, commitment).Time(at).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignPossession, store, payload), out var proof) ? proof : throw SignedMessage.Mistake(nameof(PossessionProof));
    }

    /// <summary>False unless it is signed by the store named within, which the reader must know.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out PossessionProof? proof)
    {
        if (TryRead(signed, out proof) && SignedMessage.Verify(Domains.SignPossession, proof.Store, signed))
            return true;
        proof = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out PossessionProof? proof)
    {
        proof = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey store) || !reader.Id(out RecordId claim)
            || !reader.Bytes(SealedRecord.CommitmentSize, out var commitment) || !reader.Time(out var at) || !reader.AtEnd)
            return false;
        proof = new PossessionProof(signed.ToArray(), store, claim.Value, commitment.ToArray(), at);
        return true;
    }
}

/// <summary>
/// What a store asks and a prover answers: leaves of the fragment drawn by the store's nonce, never the same again, and a code over them that only their bytes give. Hashes of the
/// leaves, of the fragment or of the content do not.
/// <code>
/// leaf j  = first 8 bytes of HMAC(nonce, j u64) mod the leaves of units
/// answer  = HMAC(nonce, len(label) | label | SHA-256(ticket) | address | reference | leaf 0 | leaf 1 …)
/// request = nonce 32 | blind 32 | reference 32 | answer 32
/// </code>
/// </summary>
public static class PossessionAnswer
{
    public const int NonceSize = 32;
    public const int BlindSize = 32;
    /// <summary>Hash of what will release the reference that is proven.</summary>
    public const int ReferenceSize = Sha256.Size;

    public const int RequestSize = NonceSize + BlindSize + ReferenceSize + Mac.Size;

    private const int AddressSize = StoreReceipt.AddressSize;

    /// <summary>The code over the leaves that the nonce draws.</summary>
    /// <param name="read">Fills the buffer from an offset in the fragment; false when its bytes end before.</param>
    public static async Task<byte[]?> ComputeAsync(
        ReadOnlyMemory<byte> nonce, PossessionTicket ticket, ReadOnlyMemory<byte> address, ReadOnlyMemory<byte> reference, FragmentLayout layout,
        Func<long, Memory<byte>, ValueTask<bool>> read)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(read);
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, NonceSize, nameof(nonce));
        ArgumentOutOfRangeException.ThrowIfNotEqual(address.Length, AddressSize, nameof(address));
        ArgumentOutOfRangeException.ThrowIfNotEqual(reference.Length, ReferenceSize, nameof(reference));
        var label = Encoding.ASCII.GetBytes(Domains.PossessionAnswer);
        var leaves = (int)Math.Min(layout.UnitLeaves, Limits.PossessionLeaves);
        var data = new byte[sizeof(ulong) + label.Length + Sha256.Size + AddressSize + ReferenceSize + leaves * FragmentLayout.LeafSize];
        BinaryPrimitives.WriteUInt64BigEndian(data, (ulong)label.Length);
        label.CopyTo(data, sizeof(ulong));
        var at = sizeof(ulong) + label.Length;
        SHA256.HashData(ticket.Signed, data.AsSpan(at, Sha256.Size));
        address.CopyTo(data.AsMemory(at + Sha256.Size));
        reference.CopyTo(data.AsMemory(at + Sha256.Size + AddressSize));
        at += Sha256.Size + AddressSize + ReferenceSize;
        for (var j = 0; j < leaves; j++)
        {
            var offset = Leaf(nonce.Span, j, layout.UnitLeaves) * FragmentLayout.LeafSize;
            var length = (int)Math.Min(FragmentLayout.LeafSize, layout.UnitsLength - offset);
            if (!await read(FragmentLayout.HeaderSize + offset, data.AsMemory(at, length)))
                return null;
            at += length;
        }
        var answer = new byte[Mac.Size];
        Mac.HmacSha256(nonce.Span, data.AsSpan(0, at), answer);
        return answer;
    }

    private static long Leaf(ReadOnlySpan<byte> nonce, int j, long leaves)
    {
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(number, (ulong)j);
        Span<byte> drawn = stackalloc byte[Mac.Size];
        Mac.HmacSha256(nonce, number, drawn);
        return (long)(BinaryPrimitives.ReadUInt64BigEndian(drawn) % (ulong)leaves);
    }
}

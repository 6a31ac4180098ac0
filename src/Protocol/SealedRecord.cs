using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Crypto.Reencryption;
using Salus.Crypto.Sealing;
using Salus.Protocol.Dispersal;
using Salus.Protocol.Wire;

namespace Salus.Protocol;

/// <summary>What the author signs of a record: everything but the bytes, which the fragment commitments stand for.</summary>
/// <param name="Version">1, 2, 3 …: every version has a content key of its own.</param>
/// <param name="SealedAt">The author's clock.</param>
/// <param name="RestoreFrom">k: so many fragments restore the body.</param>
/// <param name="BodyLength">Bytes of the encrypted body.</param>
/// <param name="BodyPrefix">Salt and key commitment of the body, 56 bytes.</param>
/// <param name="FragmentCommitments">
/// One for each fragment, in the order of the sequence key: H(blind; root). The blinds come from the sequence key, so the list matches no stored fragment
/// for whoever has not got it; its length is n.
/// </param>
/// <param name="MetadataHash">SHA-256 of the sealed metadata.</param>
/// <param name="Body">The body that the record shares with others of its author's domain; null when it has one of its own.</param>
public sealed record RecordHeader(
    RecordContext Context, uint Version, VerifyingKey Author, DateTimeOffset SealedAt, Capsule Capsule, WrappedKey ContentKey,
    int RestoreFrom, long BodyLength, byte[] BodyPrefix, IReadOnlyList<byte[]> FragmentCommitments, byte[] MetadataHash, BodyId? Body = null)
{
    public int Fragments => FragmentCommitments.Count;

    /// <summary>The context of the body's encryption.</summary>
    public byte[] BodyContext => Body is { } shared ? RecordContext.Body(shared) : RecordContext.Body(Context.Record, Version);

    /// <summary>What is the same of all records that share a body: SHA-256 of k, n, length, prefix and commitments.</summary>
    public byte[] BodyFacts()
    {
        var writer = new WireWriter().Byte((byte)RestoreFrom).Byte((byte)Fragments).UInt64((ulong)BodyLength).Bytes(BodyPrefix);
        foreach (var commitment in FragmentCommitments)
            writer.Bytes(commitment);
        return SHA256.HashData(writer.ToArray());
    }
}

/// <summary>
/// A record as the catalogue keeps it: signed header and sealed metadata; the body is in the stores. An instance exists only after its author's signature and
/// the hash of its metadata were verified or made; whether that author may write there, the reader checks.
/// Wire: "salus record 1\n" | suite u8 | owner 16 | partition 16 | epoch u32 | record 16 | version u32 | author 32 | sealed at u64 | capsule 96 | wrapped key 80
/// | k u8 | n u8 | body length u64 | body prefix 56 | n commitments of 32 | metadata hash 32 | in suite 2: body 16 | signature 64.
/// </summary>
public sealed class SealedRecord
{
    /// <summary>The one suite: ristretto255, AES-256-GCM, SHA-256, Ed25519.</summary>
    public const byte Suite = 1;

    /// <summary>The same with a shared body, which the header names at its end.</summary>
    public const byte SharedSuite = 2;

    public const int CommitmentSize = 32;

    private static ReadOnlySpan<byte> Magic => "salus record 1\n"u8;

    private SealedRecord(byte[] signed, RecordHeader header, byte[] sealedMetadata) => (Signed, Header, SealedMetadata) = (signed, header, sealedMetadata);

    public RecordHeader Header { get; }

    public byte[] Signed { get; }

    public byte[] SealedMetadata { get; }

    /// <summary>The commitment to one fragment's tree root under its blind.</summary>
    public static byte[] Commit(ReadOnlySpan<byte> blind, ReadOnlySpan<byte> root)
    {
        using var transcript = new Transcript(Domains.FragmentCommitment);
        return transcript.Append(blind).Append(root).ToHash()[..CommitmentSize];
    }

    public static SealedRecord Create(SigningKey author, RecordHeader header, byte[] sealedMetadata)
    {
        if (!author.PublicKey.Equals(header.Author))
            throw new ArgumentException("The header names another author.", nameof(header));
        var writer = new WireWriter().Bytes(Magic).Byte(header.Body is null ? Suite : SharedSuite).Bytes(header.Context.ToBytes()).UInt32(header.Version).Key(header.Author).Time(header.SealedAt)
            .Bytes(header.Capsule.Bytes).Bytes(header.ContentKey.Bytes).Byte((byte)header.RestoreFrom).Byte((byte)header.Fragments)
            .UInt64((ulong)header.BodyLength).Fixed(ChunkedEncryption.PrefixSize, header.BodyPrefix);
        foreach (var commitment in header.FragmentCommitments)
            writer.Fixed(CommitmentSize, commitment);
        writer.Fixed(Sha256.Size, header.MetadataHash);
        var payload = (header.Body is { } body ? writer.Id(body) : writer).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignRecord, author, payload), sealedMetadata, out var record) ? record : throw SignedMessage.Mistake(nameof(SealedRecord));
    }

    /// <summary>False when the bytes are no record, not canonical, not signed by the author named within, or the metadata is other than the signed one.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> sealedMetadata, [NotNullWhen(true)] out SealedRecord? record)
    {
        if (TryRead(signed, sealedMetadata, out record) && SignedMessage.Verify(Domains.SignRecord, record.Header.Author, signed))
            return true;
        record = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> sealedMetadata, [NotNullWhen(true)] out SealedRecord? record)
    {
        record = null;
        if (sealedMetadata.Length > Limits.MaxSealedMetadata || !SignedMessage.TrySplit(signed, out var payload) || !TryReadHeader(payload, out var header))
            return false;
        Span<byte> hash = stackalloc byte[Sha256.Size];
        SHA256.HashData(sealedMetadata, hash);
        if (!hash.SequenceEqual(header.MetadataHash))
            return false;
        record = new SealedRecord(signed.ToArray(), header, sealedMetadata.ToArray());
        return true;
    }

    private static bool TryReadHeader(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out RecordHeader? header)
    {
        header = null;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Byte(out var suite) || suite is not (Suite or SharedSuite) || !reader.Id(out AccountId owner) || !reader.Id(out PartitionId partition)
            || !reader.Epoch(out var epoch) || !reader.Id(out RecordId id) || !reader.UInt32(out var version) || version == 0
            || !reader.Key(out VerifyingKey author) || !reader.Time(out var sealedAt)
            || !reader.Bytes(Capsule.Size, out var capsuleBytes) || !Capsule.TryParse(capsuleBytes, out var capsule)
            || !reader.Bytes(WrappedKey.Size, out var keyBytes) || !WrappedKey.TryParse(keyBytes, out var contentKey)
            || !reader.Byte(out var k) || !reader.Byte(out var n)
            || !reader.UInt64(out var length) || length > long.MaxValue || !FragmentLayout.TryCreate((long)length, k, n, out _)
            || !reader.Bytes(ChunkedEncryption.PrefixSize, out var prefix))
            return false;
        var commitments = new byte[n][];
        for (var i = 0; i < n; i++)
        {
            if (!reader.Bytes(CommitmentSize, out var commitment))
                return false;
            commitments[i] = commitment.ToArray();
        }
        if (!reader.Bytes(Sha256.Size, out var metadataHash))
            return false;
        BodyId? shared = null;
        if (suite == SharedSuite)
        {
            if (!reader.Id(out BodyId body))
                return false;
            shared = body;
        }
        if (!reader.AtEnd)
            return false;
        header = new RecordHeader(new RecordContext(owner, partition, epoch, id), version, author, sealedAt, capsule, contentKey, k, (long)length,
            prefix.ToArray(), commitments, metadataHash.ToArray(), shared);
        return true;
    }
}

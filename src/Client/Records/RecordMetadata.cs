using System.Text.Json;
using System.Text.Json.Serialization;
using Salus.Client.Transport;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Crypto.Sealing;
using Salus.Protocol;

namespace Salus.Client.Records;

/// <summary>What a record is, sealed under a key from its content key: its owner's and readers' only.</summary>
/// <param name="Kind">"file", "fhir" (one partition's slice of an import) or "attachment" (taken out of one).</param>
/// <param name="ContentLength">Bytes of the content proper, at the start of the body.</param>
/// <param name="TailLength">Bytes of what is kept behind the content: for a slice, its index of resources.</param>
/// <param name="Import">Links the records of one import; null for a file.</param>
/// <param name="Attachment">The identifier under which a slice refers to this attachment; null for anything else.</param>
/// <param name="SequenceKey">The sequence key when the record carries it; null when its owner holds it.</param>
/// <param name="Stores">The keys of the stores, in the order that placement counts them in.</param>
/// <param name="IsFindable">Whether the owner lets the record be found by number and keywords, before anybody is given access.</param>
/// <param name="BodyKey">The content key of a shared body; null when the body is under the record's own.</param>
/// <param name="OwnerHashes">Hashes of the capabilities to delete the fragments of a shared body, which its domain alone has; null for a body of the record's own.</param>
internal sealed record RecordMetadata(
    string Name, string MediaType, string Kind, string Partition, long ContentLength, long TailLength, int Resources, string? Import, string? Attachment,
    string? SequenceKey, string[] Stores, string[] Keywords,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsFindable = false, byte[]? BodyKey = null, byte[][]? OwnerHashes = null)
{
    public const string FileKind = "file";
    public const string SliceKind = "fhir";
    public const string AttachmentKind = "attachment";

    private const int PadTo = 512;

    /// <summary>The sequence key that the record carries; null when its owner holds it.</summary>
    public Crypto.Dispersal.SequenceKey? CarriedKey() => Crypto.Dispersal.SequenceKey.TryParse(SequenceKey, out var key) == Crypto.Dispersal.SequenceKeyFault.None ? key : null;

    /// <summary>Seals the metadata, padded with spaces to a multiple of 512 bytes so that the length of a name does not show.</summary>
    public async Task<byte[]> SealAsync(Secret contentKey, RecordContext context, uint version)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this, MetadataJson.Default.RecordMetadata);
        var padded = new byte[(json.Length + PadTo - 1) / PadTo * PadTo];
        padded.AsSpan().Fill((byte)' ');
        json.CopyTo(padded, 0);
        using var key = Key(contentKey);
        var box = await SealedBlob.SealAsync(key, Domains.Metadata, padded, Binding(context, version));
        return box.Length <= Limits.MaxSealedMetadata
            ? box
            : throw new CannotException("The name and keywords of the record are too long: together they have room for about 60 KB.", Reasons.TooManyWords);
    }

    /// <summary>Null when the metadata is not that of this record and version, or does not fit it: whoever may add records seals it, and the cloud cannot look.</summary>
    public static async Task<RecordMetadata?> TryOpenAsync(SealedRecord record, Secret contentKey)
    {
        using var key = Key(contentKey);
        using var opened = await SealedBlob.OpenSecretAsync(key, Domains.Metadata, record.SealedMetadata, Binding(record.Header.Context, record.Header.Version));
        return opened is null ? null : TryRead(opened.Bytes, record.Header);
    }

    /// <summary>Null when it is not what this class seals for such a record.</summary>
    internal static RecordMetadata? TryRead(ReadOnlySpan<byte> json, RecordHeader header)
    {
        try
        {
            return JsonSerializer.Deserialize(json, MetadataJson.Default.RecordMetadata) is { } metadata && metadata.Fits(header) ? metadata : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private bool Fits(RecordHeader header) =>
        this is { Name: not null, MediaType: not null, Partition: not null, Stores.Length: > 0, Keywords: not null, Resources: >= 0 }
        && Kind switch
        {
            FileKind => true,
            SliceKind => Import is not null,
            AttachmentKind => Import is not null && Attachment is not null,
            _ => false,
        }
        && Stores.All(store => PartyKeys.TryVerifying(store, out _)) && Array.TrueForAll(Keywords, word => word is not null)
        && ChunkedEncryption.TryPlaintextLength(header.BodyLength + ChunkedEncryption.PrefixSize, out var length)
        && ContentLength >= 0 && ContentLength <= length && TailLength == length - ContentLength
        && (SequenceKey is null || CarriedKey()?.Count == header.Fragments)
        && (header.Body is null ? BodyKey is null && OwnerHashes is null : HasSharedBody(header));

    private bool HasSharedBody(RecordHeader header) => SequenceKey is not null && BodyKey is { Length: Aead.KeySize }
        && OwnerHashes is { } hashes && hashes.Length == header.Fragments && Array.TrueForAll(hashes, hash => hash is { Length: Sha256.Size });

    private static Secret Key(Secret contentKey) => Kdf.Derive(contentKey.Bytes, Domains.MetadataKey, Aead.KeySize);

    private static byte[] Binding(RecordContext context, uint version) => [.. context.ToBytes(), .. RecordContext.Body(context.Record, version)];
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RecordMetadata))]
internal sealed partial class MetadataJson : JsonSerializerContext;

using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Dispersal;

namespace Salus.Client.Records;

/// <summary>One record as its reader sees it in a list.</summary>
/// <param name="Owner">The owner's mail address: the account's own, or the one under which a grant's owner is pinned here; else the account's number.</param>
/// <param name="Account">The owner's account.</param>
/// <param name="Source">Who wrote it: "you", the name of an organisation, or a mail address.</param>
/// <param name="Bytes">Of the content.</param>
/// <param name="Resources">FHIR resources within; 0 for a file.</param>
/// <param name="Import">The import that the record belongs to, or null.</param>
public sealed record RecordSummary(RecordId Record, string Partition, string Name, string MediaType, long Bytes, string Owner, AccountId Account, string Source,
    DateTimeOffset SealedAt, string Kind, int Resources, string? Import, bool NeedsSequenceKey, uint Version, int Fragments, int RestoreFrom, IReadOnlyList<string> Keywords)
{
    /// <summary>What the account itself is called as a source.</summary>
    public const string Self = "you";
}

/// <summary>A record whose metadata is open: header, metadata and content key. The key is zeroed when it is disposed.</summary>
internal sealed class OpenedRecord(SealedRecord sealedRecord, RecordMetadata metadata, Secret contentKey, string owner, string source) : IDisposable
{
    public SealedRecord Sealed { get; } = sealedRecord;

    public RecordMetadata Metadata { get; } = metadata;

    public Secret ContentKey { get; } = contentKey;

    public string Source => source;

    /// <summary>What the author signed of the sizes, which the signature's reader has checked to be possible.</summary>
    public FragmentLayout Layout => new(Sealed.Header.BodyLength, Sealed.Header.RestoreFrom, Sealed.Header.Fragments);

    public RecordId Id => Sealed.Header.Context.Record;

    public RecordSummary Summary => new(Id, Metadata.Partition, Metadata.Name, Metadata.MediaType, Metadata.ContentLength, owner, Sealed.Header.Context.Owner, source,
        Sealed.Header.SealedAt, Metadata.Kind, Metadata.Resources, Metadata.Import, Metadata.SequenceKey is null, Sealed.Header.Version,
        Sealed.Header.Fragments, Sealed.Header.RestoreFrom, Metadata.Keywords);

    public void Dispose() => ContentKey.Dispose();
}

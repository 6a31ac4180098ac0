using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Salus.Client.Uploads;

/// <summary>One staged fragment: which store it goes to, and under which address and owner's hash.</summary>
/// <param name="Blind">That of its root, for a shared body: shown to the store with a proof of possession.</param>
/// <param name="Reference">Of a shared body: the hash of what releases the record's reference. The store keeps the fragment until then.</param>
internal sealed record PlannedFragment(int Index, string Store, byte[] Address, byte[] OwnerHash, long Bytes, byte[]? Blind = null, byte[]? Reference = null);

/// <summary>What was put: to know the same file again when the command is repeated after a kill.</summary>
internal sealed record PlanSource(string Path, long Length, DateTimeOffset Modified);

/// <summary>
/// A sealed record on its way to the stores: all that is needed to go on after a kill without the source, its passphrase or a new encryption. Kept sealed under the account's own
/// key in the outbox, beside the fragments' files.
/// </summary>
/// <param name="Owner">Whose record it is: the account's own, or a patient's who lets it add to theirs.</param>
/// <param name="Partition">The partition's name.</param>
/// <param name="Import">The import that the record is part of: the plan counts only once the import's journal is there, which is written when all its records are sealed.</param>
/// <param name="Index">What the record adds to the search index, entered after the record, less and less as it is entered; empty for a record of an import, whose journal has it.</param>
/// <param name="IsPublished">Whether the catalogue has it; fragments that are still here then are for stores that did not answer, and words for a cloud that did not take them.</param>
/// <param name="IsFindable">Whether the owner's directory entry counts it.</param>
/// <param name="IsShared">Whether its body is one that records share: the fragments stay here until the catalogue has it, for their possession may have to be proven.</param>
internal sealed record UploadPlan(
    string Record, string Owner, string Partition, byte[] Signed, byte[] SealedMetadata, int RestoreFrom, IReadOnlyList<PlannedFragment> Fragments, PlanSource Source, string? Import,
    IReadOnlyList<PlannedIndex> Index, bool IsPublished, bool IsFindable = false, bool IsShared = false);

/// <summary>One record of an import, as the command reports it.</summary>
internal sealed record JournalRecord(string Record, string Partition, int Resources, long Bytes, string Name, string[] PersonalFacts);

/// <summary>An import whose records are all sealed: all of them get stored, after a kill too, or none. Records that are entered into the index later are kept in the same way.</summary>
/// <param name="Index">What it adds to the search index, entered when all records are; less and less as it is entered.</param>
internal sealed record ImportJournal(string Import, string Owner, PlanSource Source, IReadOnlyList<JournalRecord> Records, IReadOnlyList<PlannedIndex> Index);

// Left out and not written as null: generated code writes no bytes as empty ones.
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UploadPlan))]
[JsonSerializable(typeof(ImportJournal))]
internal sealed partial class PlanJson : JsonSerializerContext
{
    public static T? Parse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Salus.Client.Profiles;
using Salus.Protocol;
using Salus.Protocol.Dispersal;
using Salus.Protocol.Http;

namespace Salus.Client.Repair;

/// <summary>Where a fragment of a plan may be read, and what its root is committed to.</summary>
/// <param name="Store">Key of the store that has it, or may have it, when that did not answer; null when none does.</param>
public sealed record PlannedSource(byte[] Address, byte[] Blind, byte[] Commitment, string? Store = null);

/// <summary>A fragment to be rebuilt and stored.</summary>
/// <param name="Index">0 &lt;= index &lt; n.</param>
/// <param name="Label">Of its header.</param>
/// <param name="NextLabel">As it stands at its end: masked.</param>
/// <param name="Store">Where it is to go.</param>
/// <param name="IsMoved">Whether that is another store than its own, which is gone.</param>
/// <param name="Address">The one that it has there.</param>
/// <param name="OwnerHash">Hash of the capability to delete it, for the store.</param>
/// <param name="Ticket">The cloud's ticket for it.</param>
/// <param name="Owner">The capability, when there are rotten bytes at the fragment's source, to be deleted once the new ones are durable; null when there are none, or
/// when the author of a shared body alone can delete them.</param>
public sealed record LostFragment(int Index, byte[] Label, byte[] NextLabel, string Store, bool IsMoved, byte[] Address, byte[] OwnerHash, byte[] Ticket,
    byte[]? Owner = null);

/// <summary>What it takes to rebuild fragments of one record: their order, and no key. Whoever has it can read and link the record's fragments, which are ciphertext.</summary>
/// <param name="Name">How a report names the record.</param>
public sealed record RecordPlan(string Name, long BodyLength, int RestoreFrom, IReadOnlyList<PlannedSource> Sources, IReadOnlyList<LostFragment> Lost);

/// <summary>A repair that anybody can carry out, until its tickets expire.</summary>
public sealed record RepairPlan(int Format, PartyDirectory Parties, IReadOnlyList<RecordPlan> Records)
{
    private const int KnownFormat = 1;
    private const long MaxBytes = 256L * 1024 * 1024;
    private const int MaxTicket = 1024;
    private const int MaxName = 200;

    public static RepairPlan Of(PartyDirectory parties, IReadOnlyList<RecordPlan> records) => new(KnownFormat, parties, records);

    /// <summary>Reads a plan that anybody may have written.</summary>
    /// <exception cref="CannotException">It is none.</exception>
    public static RepairPlan Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new CannotException($"There is no file {path}.", Reasons.NoFile);
        if (file.Length > MaxBytes)
            throw NoPlan(path);
        try
        {
            using var stream = file.OpenRead();
            return JsonSerializer.Deserialize(stream, RepairJson.Default.RepairPlan) is { Format: KnownFormat } plan
                && Transport.PartyKeys.AreThere(plan.Parties) && plan.Records.All(IsPossible) ? plan : throw NoPlan(path);
        }
        catch (JsonException)
        {
            throw NoPlan(path);
        }
    }

    /// <summary>Writes it for its user alone, whole or not at all.</summary>
    public void Write(string path) => DurableFile.Write(Path.GetFullPath(path), JsonSerializer.SerializeToUtf8Bytes(this, RepairJson.Default.RepairPlan));

    private static bool IsPossible(RecordPlan? record) => record is not null && record.Name.Length <= MaxName && VisibleName.IsPrintable(record.Name)
        && FragmentLayout.TryCreate(record.BodyLength, record.RestoreFrom, record.Sources.Count, out _)
        && record.Sources.All(source => source is not null && (source.Store is null || IsKey(source.Store)) && Is32(source.Address) && Is32(source.Blind) && Is32(source.Commitment))
        && record.Lost.All(lost => lost is not null && lost.Index >= 0 && lost.Index < record.Sources.Count && Is32(lost.Label) && Is32(lost.NextLabel) && IsKey(lost.Store) && Is32(lost.Address)
            && Is32(lost.OwnerHash) && (lost.Owner is null || Is32(lost.Owner)) && lost.Ticket.Length <= MaxTicket)
        && record.Lost.Select(lost => lost.Index).Distinct().Count() == record.Lost.Count;

    private static bool Is32(byte[] value) => value.Length == 32;

    private static bool IsKey(string text) => text.Length == 2 * VerifyingKey.Size && text.All(char.IsAsciiHexDigitLower);

    private static CannotException NoPlan(string path) => new($"{path} is no plan of a repair. `salus repair --plan FILE` writes one.");
}

// What is null is left out: generated code writes no bytes as empty ones.
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RepairPlan))]
internal sealed partial class RepairJson : JsonSerializerContext;

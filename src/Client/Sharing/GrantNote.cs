using System.Text.Json;
using System.Text.Json.Serialization;
using Salus.Protocol;

namespace Salus.Client.Sharing;

/// <summary>What the owner tells the delegatee of a grant, or the depositor, sealed to that one's box key: who they are and what the partitions are called.</summary>
/// <param name="Log">The newest head of the log that the owner has seen: it must be the reader's log too.</param>
internal sealed record GrantNote(string Owner, Dictionary<string, string> Partitions, byte[]? Log = null)
{
    public byte[] Seal(BoxKey to) => to.Seal(JsonSerializer.SerializeToUtf8Bytes(this, NoteJson.Default.GrantNote));

    /// <summary>Null when the note is not for this key or is damaged.</summary>
    public static GrantNote? Open(UnboxingKey key, byte[] sealedNote)
    {
        if (!key.TryOpen(sealedNote, out var plain))
            return null;
        try
        {
            return JsonSerializer.Deserialize(plain, NoteJson.Default.GrantNote) is { Owner: not null, Partitions: not null } note ? note : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string Name(PartitionId partition) => Partitions.GetValueOrDefault(partition.ToString(), "?");
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(GrantNote))]
internal sealed partial class NoteJson : JsonSerializerContext;

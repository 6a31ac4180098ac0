using System.Text.Json;
using System.Text.Json.Serialization;
using Salus.Client.Studies.Custody;

namespace Salus.Client.Studies;

/// <summary>The JSON documents of studies that no server sees, compiled.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(ReleaseReport))]
internal sealed partial class StudyJson : JsonSerializerContext;

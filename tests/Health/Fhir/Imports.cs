using System.Text;
using Salus.Health.Fhir;

namespace Salus.Health.Tests.Fhir;

/// <summary>Imports from text, for tests that write their files in place.</summary>
internal static class Imports
{
    public static FhirImport Of(string json, FhirImportOptions? options = null) => Of(Encoding.UTF8.GetBytes(json), options);

    public static FhirImport Of(byte[] file, FhirImportOptions? options = null) => FhirImport.Read(new MemoryStream(file), options);

    public static string Bundle(params string[] entries) =>
        "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[" + string.Join(",", entries) + "]}";

    /// <summary>An entry at urn:uuid:<paramref name="id"/>.</summary>
    public static string Entry(string type, string id, string more = "") =>
        $"{{\"fullUrl\":\"urn:uuid:{id}\",\"resource\":{{\"resourceType\":\"{type}\",\"id\":\"{id}\"{(more.Length > 0 ? "," + more : "")}}}}}";

    public static string Reference(string name, string id) => $"\"{name}\":{{\"reference\":\"urn:uuid:{id}\"}}";

    public static PartitionSlice Slice(this FhirImport import, string partition) => import.Slices.Single(s => s.Partition == partition);

    public static string Text(this PartitionSlice slice) => Encoding.UTF8.GetString(Exports.Bytes(slice.OpenRead()));

    /// <summary>partition: ids, for each slice.</summary>
    public static Dictionary<string, string> Ids(this FhirImport import) =>
        import.Slices.ToDictionary(s => s.Partition, s => string.Join(' ', s.Index.Entries.Select(e => e.Id)));

    public static FhirFormatException Refused(byte[] file) => Assert.Throws<FhirFormatException>(() => Of(file));

    public static FhirFormatException Refused(string json) => Refused(Encoding.UTF8.GetBytes(json));
}

using System.Text;
using System.Text.Json;
using Salus.Health.Fhir;

namespace Salus.Health.Tests.Fhir;

/// <summary>On real bundles: whoever has one slice finds nothing of the entries of the others in it.</summary>
public class NeedleTests
{
    [Theory, MemberData(nameof(FhirFiles.All), MemberType = typeof(FhirFiles))]
    public void OneSliceHoldsNothingOfTheEntriesOfAnother(string name)
    {
        var file = FhirFiles.Read(name);
        if (!Encoding.UTF8.GetString(file).Contains("\"Bundle\"", StringComparison.Ordinal))
            return;
        var import = Imports.Of(file);
        using var bundle = JsonDocument.Parse(file);
        var owned = import.Slices.ToDictionary(s => s.Partition, s => s.Index.Entries.Select(e => $"{e.Type}/{e.Id}").ToHashSet());
        var entries = bundle.RootElement.GetProperty("entry").EnumerateArray().ToList();
        var needles = 0;
        foreach (var slice in import.Slices)
        {
            var body = slice.Text();
            var all = body + Encoding.UTF8.GetString(slice.Index.ToBytes());
            var own = entries.Where(e => owned[slice.Partition].Contains(NameOf(e))).SelectMany(Texts).ToHashSet();
            // A summary is made of the words of its own entry, which may stand together in another: given name and family name.
            foreach (var summary in slice.Index.Entries.Select(e => e.Summary).ToHashSet())
                if (summary.Split(' ').All(word => own.Any(o => o.Contains(word, StringComparison.Ordinal))))
                    own.Add(summary);
            foreach (var other in entries.Where(e => !owned[slice.Partition].Contains(NameOf(e))))
                foreach (var text in Texts(other).Where(t => t.Length >= 12 && !own.Any(o => o.Contains(t, StringComparison.Ordinal))))
                {
                    needles++;
                    Assert.False(all.Contains(text, StringComparison.Ordinal), $"{slice.Partition} holds \"{text}\" of {NameOf(other)}");
                }
        }
        Assert.True(import.Slices.Count == 1 || needles > 10);
    }

    private static string NameOf(JsonElement entry) =>
        entry.GetProperty("resource") is var resource ? $"{resource.GetProperty("resourceType").GetString()}/{resource.GetProperty("id").GetString()}" : "";

    private static IEnumerable<string> Texts(JsonElement at) => at.ValueKind switch
    {
        JsonValueKind.Object => at.EnumerateObject().SelectMany(p => Texts(p.Value)),
        JsonValueKind.Array => at.EnumerateArray().SelectMany(Texts),
        JsonValueKind.String => [at.GetString()!],
        _ => [],
    };
}

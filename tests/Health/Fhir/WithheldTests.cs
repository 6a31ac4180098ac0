using System.Text;
using System.Text.Json;
using Salus.Health.Fhir;
using static Salus.Health.Tests.Fhir.Imports;

namespace Salus.Health.Tests.Fhir;

public class WithheldTests
{
    private static readonly string File = Bundle(
        Entry("Patient", "p"),
        Entry("Observation", "o", Reference("subject", "p") + ",\"performer\":[{\"reference\":\"urn:uuid:outside\"}]"),
        Entry("Condition", "k", "\"subject\":{\"display\":\"John Roe\",\"reference\":\"Patient/p\"}," + Reference("encounter", "o")),
        Entry("Claim", "c", "\"diagnosis\":[{\"diagnosisReference\":{\"reference\":\"Condition/k\"}}]," + Reference("patient", "p")));

    private static JsonElement Json(byte[] output) => JsonDocument.Parse(output, new() { AllowDuplicateProperties = false }).RootElement;

    private static JsonElement Resource(JsonElement bundle, string id) =>
        bundle.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("resource")).Single(r => r.GetProperty("id").GetString() == id);

    [Fact]
    public void ReferencesIntoAWithheldPartitionAreMaskedAndSayWithheld()
    {
        var (output, report) = Exports.Of(Of(File), "medical");
        var bundle = Json(output);
        Assert.Equal("Bundle", bundle.GetProperty("resourceType").GetString());
        var subject = Resource(bundle, "o").GetProperty("subject");
        Assert.False(subject.TryGetProperty("reference", out _));
        Assert.Equal("withheld", subject.GetProperty("display").GetString());
        var extensions = subject.GetProperty("_reference").GetProperty("extension").EnumerateArray().ToList();
        Assert.Equal("http://hl7.org/fhir/StructureDefinition/data-absent-reason", extensions[0].GetProperty("url").GetString());
        Assert.Equal("masked", extensions[0].GetProperty("valueCode").GetString());
        Assert.Equal("urn:uuid:p", extensions[1].GetProperty("valueString").GetString());
        Assert.Equal((ExportOutcome.Partial, 2, 2), (report.Outcome, report.Resources, report.WithheldReferences));
        Assert.Equal(["medical"], report.Partitions);
        Assert.Equal(["personal"], report.WithheldPartitions);
        Assert.Null(report.ImportSha256);
    }

    [Fact]
    public void ADisplayThatIsThereStays()
    {
        var subject = Resource(Json(Exports.Of(Of(File), "medical").Output), "k").GetProperty("subject");
        Assert.Equal("John Roe", subject.GetProperty("display").GetString());
        Assert.True(subject.TryGetProperty("_reference", out _));
    }

    [Fact]
    public void ReferencesThatLeadSomewhereOrLedOutsideStayAsTheyAre()
    {
        var bundle = Json(Exports.Of(Of(File), "medical").Output);
        Assert.Equal("urn:uuid:o", Resource(bundle, "k").GetProperty("encounter").GetProperty("reference").GetString());
        Assert.Equal("urn:uuid:outside", Resource(bundle, "o").GetProperty("performer")[0].GetProperty("reference").GetString());
    }

    [Fact]
    public void TwoPartitionsTogetherWithholdOnlyWhatLeadsToTheThird()
    {
        var (output, report) = Exports.Of(Of(File), "medical", "personal");
        Assert.Equal(0, report.WithheldReferences);
        Assert.Equal("urn:uuid:p", Resource(Json(output), "o").GetProperty("subject").GetProperty("reference").GetString());
        Assert.Equal(1, Exports.Of(Of(File), "insurance", "personal").Report.WithheldReferences);
    }

    [Fact]
    public void AReferenceThatHasAShadowIsMaskedWithoutADuplicate()
    {
        var file = Bundle(Entry("Patient", "p"), Entry("Observation", "o", "\"subject\":{\"_reference\":{\"id\":\"x\"},\"reference\" : \"urn:uuid:p\"}"));
        var subject = Resource(Json(Exports.Of(Of(file), "medical").Output), "o").GetProperty("subject");
        Assert.Equal("urn:salus:withheld", subject.GetProperty("reference").GetString());
        Assert.Equal("withheld", subject.GetProperty("display").GetString());
    }

    [Fact]
    public void DirectoryEntriesOfSeveralSlicesAreWrittenOnce()
    {
        var file = Bundle(
            Entry("Practitioner", "d"), Entry("Claim", "c", Reference("provider", "d")), Entry("Observation", "o", Reference("performer", "d")),
            Entry("Patient", "p"));
        var (output, report) = Exports.Of(Of(file), "medical", "insurance");
        Assert.Equal(3, report.Resources);
        Assert.Equal(1, Encoding.UTF8.GetString(output).Split("\"Practitioner\"").Length - 1);
    }

    [Theory]
    [InlineData("transaction", "medical", "transaction")]
    [InlineData("document", "medical", "document")]
    [InlineData("document", "personal", "collection")]
    public void ThePartKeepsTheBundlesTypeWhereItsRulesHold(string type, string partition, string expected)
    {
        var file = Bundle(Entry("Composition", "x", Reference("subject", "p")), Entry("Patient", "p")).Replace("collection", type, StringComparison.Ordinal);
        var bundle = Json(Exports.Of(Of(file), partition).Output);
        Assert.Equal(expected, bundle.GetProperty("type").GetString());
        Assert.Equal("SUBSETTED", bundle.GetProperty("meta").GetProperty("tag")[0].GetProperty("code").GetString());
    }

    [Fact]
    public void ResourcesWithoutABundleComeBackInOne()
    {
        var import = Of("{\"resourceType\":\"Patient\",\"id\":\"p\"}\n{\"resourceType\":\"Observation\",\"id\":\"o\",\"subject\":{\"reference\":\"Patient/p\"}}\n");
        Assert.Equal(FhirForm.Ndjson, import.Form);
        var bundle = Json(Exports.Of(import, "medical").Output);
        Assert.Equal("withheld", Resource(bundle, "o").GetProperty("subject").GetProperty("display").GetString());
    }

    [Theory, MemberData(nameof(FhirFiles.All), MemberType = typeof(FhirFiles))]
    public void EveryPartOfEveryFileIsAValidBundleWithoutDanglingReferences(string name)
    {
        var import = Of(FhirFiles.Read(name));
        foreach (var slice in import.Slices.Where(_ => import.Slices.Count > 1))
        {
            var (output, report) = Exports.Of(import, slice.Partition);
            Assert.Equal(ExportOutcome.Partial, report.Outcome);
            Assert.Equal(slice.Index.Links.Count, report.WithheldReferences);
            var bundle = Json(output);
            var urls = bundle.GetProperty("entry").EnumerateArray().Select(e => e.TryGetProperty("fullUrl", out var u) ? u.GetString() : null).ToHashSet();
            var all = Encoding.UTF8.GetString(FhirFiles.Read(name));
            foreach (var reference in References(bundle).Where(r => r.StartsWith("urn:uuid:", StringComparison.Ordinal)))
                Assert.True(urls.Contains(reference) || !all.Contains($"\"fullUrl\": \"{reference}\"", StringComparison.Ordinal), reference);
            // What was written can be imported again.
            Assert.Equal(report.Resources, Of(output).Resources);
        }
    }

    private static IEnumerable<string> References(JsonElement at) => at.ValueKind switch
    {
        JsonValueKind.Object => at.EnumerateObject().SelectMany(p =>
            p.NameEquals("reference") && p.Value.ValueKind == JsonValueKind.String ? [p.Value.GetString()!] : References(p.Value)),
        JsonValueKind.Array => at.EnumerateArray().SelectMany(References),
        _ => [],
    };
}

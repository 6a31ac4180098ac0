using System.Security.Cryptography;
using Salus.Health.Fhir;
using Salus.Health.Tests.Fhir;
using Salus.Testing;

namespace Salus.Health.Tests;

public class SamplesTests
{
    private static string Folder => Path.Combine(Places.Root, "samples");

    [Theory]
    [InlineData("patient-bundle.json", MediaTypes.FhirJson)]
    [InlineData("x-ray.png", MediaTypes.Png)]
    public void TheReadmeNamesTheHashOfEachFile(string name, string mediaType)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Folder, name));
        var line = File.ReadLines(Path.Combine(Folder, "README.md")).Single(l => l.StartsWith($"| `{name}`", StringComparison.Ordinal));
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(bytes)), line, StringComparison.Ordinal);
        Assert.Equal(mediaType, MediaTypes.Detect(bytes.AsSpan(0, MediaTypes.HeadSize), name));
    }

    [Fact]
    public void TheBundleGivesAllFourPartitionsAndComesBack()
    {
        var import = Imports.Of(File.ReadAllBytes(Path.Combine(Folder, "patient-bundle.json")));
        Assert.Equal(["insurance", "medical", "personal", "prescription"], import.Slices.Select(s => s.Partition));
        Assert.Equal(168, import.Resources);
        Assert.Equal(ExportOutcome.Exact, Exports.Of(import).Report.Outcome);
    }
}

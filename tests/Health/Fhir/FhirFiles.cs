using Salus.Testing;

namespace Salus.Health.Tests.Fhir;

/// <summary>Every file of the FHIR data set.</summary>
public static class FhirFiles
{
    public static string Root => Path.Combine(Places.Data, "fhir");

    public static TheoryData<string> All
    {
        get
        {
            var names = Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Root, f)).Order(StringComparer.Ordinal).ToList();
            Assert.True(names.Count >= 28, $"The data set has only {names.Count} FHIR files");
            return [.. names];
        }
    }

    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Root, name));
}

using Salus.Client.Search;
using Salus.Testing;

namespace Salus.Client.Tests.Search;

public class KeywordPreviewTests
{
    [Fact]
    public void FhirIsShownByResourceAsAnImportSlicesIt()
    {
        var documents = KeywordPreview.Read(Path.Combine(Places.Root, "samples", "patient-bundle.json"), ["k9"]).ToList();
        Assert.Equal(["insurance", "medical", "personal", "prescription"], documents.Select(document => document.Partition!).Distinct());
        Assert.True(documents.Count >= 168);
        Assert.All(documents, document => Assert.Contains("w:k9", document.Terms.Select(term => term.Key)));
        Assert.Contains(documents, document => document.Resource!.StartsWith("Observation/", StringComparison.Ordinal)
            && document.Terms.Any(term => term.Key.StartsWith("c:loinc|", StringComparison.Ordinal)));
    }

    [Fact]
    public void AnythingElseIsOneDocumentAsPutMakesIt()
    {
        var image = KeywordPreview.Read(Path.Combine(Places.Root, "samples", "x-ray.png"), []).Single();
        Assert.Equal((null, null, "x-ray.png"), (image.Partition, image.Resource, image.Name));
        Assert.Equal(["w:png", "w:ray", "w:x"], image.Terms.Select(term => term.Key));
        var letter = KeywordPreview.Read(Path.Combine(Places.Data, "ccda", "Discharge_Summary.xml"), []).Single();
        Assert.Contains("c:loinc|18842-5", letter.Terms.Select(term => term.Key));
    }

    [Fact]
    public void FhirThatAnImportRefusesIsFoundByTheOwnersWordsOnly()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".json");
        File.WriteAllText(path, "{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"Nienow\"}]");
        try
        {
            Assert.Equal(["w:scan"], KeywordPreview.Read(path, ["scan"]).Single().Terms.Select(term => term.Key));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void AFileThatIsNotThereIsRefused() => Assert.Throws<CannotException>(() => KeywordPreview.Read("nowhere", []));
}

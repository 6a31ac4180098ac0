using System.Text;
using System.Text.Json;
using Salus.Health.Fhir;
using Salus.Health.Keywords;
using Salus.Health.Tests.Fhir;
using Salus.Testing;

namespace Salus.Health.Tests.Keywords;

public class FhirKeywordsTests
{
    [Fact]
    public void AResourceIsFoundByItsWordsCodesAndDates()
    {
        var terms = Of("""
            {"resourceType":"Observation","id":"o1","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"4548-4","display":"Hemoglobin A1c"}],"text":"HbA1c"},
             "subject":{"reference":"Patient/p","display":"Roland Nienow"},"performer":[{"reference":"Practitioner/x","display":"Dr. Waldo Deckow"}],
             "effectiveDateTime":"2020-03-11T08:00:00Z","valueQuantity":{"value":6.3,"unit":"%","system":"http://unitsofmeasure.org","code":"%"},
             "note":[{"text":"Improved since the last visits"}]}
            """).Single();
        foreach (var term in new[] { "w:observ", "w:final", "w:hemoglobin", "w:a1c", "w:hba1c", "w:waldo", "w:deckow", "w:improv", "w:visit", "c:loinc|4548-4", "c:4548-4", "c:ucum|%",
            "d:2020", "d:2020-03", "d:2020-03-11" })
            Assert.Contains(term, terms.Terms.Select(pair => pair.Key));
        foreach (var term in new[] { "w:roland", "w:nienow", "w:p", "w:o1", "w:6" })
            Assert.DoesNotContain(term, terms.Terms.Select(pair => pair.Key));
        Assert.Equal(0, terms.Resource);
        Assert.Equal(terms.Terms.Where(term => !term.Key.StartsWith("d:", StringComparison.Ordinal)).Sum(term => term.Value), terms.Length);
    }

    [Theory]
    [InlineData("""{"name":[{"family":"Nienow","given":["Roland"]}],"resourceType":"Patient","address":[{"city":"Boston"}],"gender":"male"}""", "w:male w:patient")]
    [InlineData("""{"resourceType":"Condition","contained":[{"name":[{"text":"Roland Nienow"}],"resourceType":"Patient"}],"code":{"text":"Asthma"}}""", "w:asthma w:condit w:patient")]
    [InlineData("""{"resourceType":"Flag","author":{"display":"Roland","type":"Patient"}}""", "w:flag w:patient")]
    [InlineData("""{"resourceType":"Flag","author":{"display":"Roland","reference":"https://x.org/Patient/1"}}""", "w:flag")]
    [InlineData("""{"resourceType":"Flag","extension":[{"url":"x","valueString":"Roland"}],"_status":{"id":"Roland"}}""", "w:flag")]
    [InlineData("""{"resourceType":"List","text":{"status":"generated","div":"<div>Gen&egrave;se &lt; <b>bo</b>ld</div>"},"title":"T"}""", "w:bo w:genes w:ld w:list w:t")]
    [InlineData("""{"resourceType":"Media","content":{"contentType":"text/plain","data":"TGVmdCBrbmVl"}}""", "w:knee w:left w:media")]
    [InlineData("""{"resourceType":"Flag","code":{"text":"Fiebre y tos de la niña con los síntomas"},"language":"es-ES"}""", "w:con w:de w:fiebr w:flag w:la w:los w:nin w:sintom w:tos w:y")]
    public void WhatNamesThePatientIsNoTerm(string json, string expected) => Assert.Equal(expected, string.Join(' ', Of(json).Single().Terms.Select(term => term.Key)));

    [Fact]
    public void APatientsNameIsTakenOutOfNotesAndNarratives()
    {
        var file = Imports.Bundle(
            Imports.Entry("Patient", "p", "\"name\":[{\"family\":\"Rice\",\"given\":[\"Alexia\"]}],\"identifier\":[{\"value\":\"S99934090\"}],\"birthDate\":\"1983-10-09\""),
            Imports.Entry("Condition", "c", "\"code\":{\"coding\":[{\"code\":\"1\",\"display\":\"Rice allergy\"}]},"
                + "\"note\":[{\"text\":\"ALEXIA Rice (S99934090) eats no bread\"}],\"onsetDateTime\":\"1983-10-09\",\"recordedDate\":\"2020\""));
        var terms = FhirKeywords.Extract(Imports.Of(file).Slice("medical"), []).Single().Terms.ToDictionary();
        Assert.Equal(1, terms["w:rice"]);
        Assert.Equal(1, terms["w:bread"]);
        Assert.Equal(["d:2020"], terms.Keys.Where(term => term.StartsWith("d:", StringComparison.Ordinal)));
        Assert.DoesNotContain("w:alexia", terms.Keys);
        Assert.DoesNotContain("w:s99934090", terms.Keys);
    }

    [Fact]
    public void AnAttachmentIsFoundByWhatItSaysWithoutThePatientsName()
    {
        var note = string.Concat(Enumerable.Repeat("Alexia Rice was seen for a sprained ankle. ", 1000));
        var import = Imports.Of(Imports.Bundle(
            Imports.Entry("Patient", "p", "\"name\":[{\"family\":\"Rice\",\"given\":[\"Alexia\"]}]"),
            Imports.Entry("DocumentReference", "d", "\"content\":[{\"attachment\":{\"contentType\":\"text/plain\",\"title\":\"Note of Rice\",\"data\":\""
                + Convert.ToBase64String(Encoding.UTF8.GetBytes(note)) + "\"}}]")));
        var document = FhirKeywords.Extract(import, import.Attachments.Single(), ["own"]).Single();
        Assert.Equal(DocumentTerms.Whole, document.Resource);
        Assert.Equal("w:a w:ankl w:for w:note w:of w:own w:seen w:sprain w:was", string.Join(' ', document.Terms.Select(term => term.Key)));
    }

    [Theory, MemberData(nameof(FhirFiles.All), MemberType = typeof(FhirFiles))]
    public void EveryResourceOfEveryFileIsADocument(string name)
    {
        foreach (var slice in Imports.Of(FhirFiles.Read(name)).Slices)
        {
            var documents = FhirKeywords.Extract(slice, ["k9"]).ToList();
            Assert.Equal(slice.Index.Entries.Select((entry, i) => (entry, i)).Where(pair => pair.entry.ResourceLength > 0).Select(pair => pair.i), documents.Select(document => document.Resource));
            foreach (var document in documents)
            {
                var terms = document.Terms.ToDictionary();
                Assert.Contains("w:k9", terms.Keys);
                Assert.Contains(Words.QueryVariants(slice.Index.Entries[document.Resource].Type), terms.Keys.Contains);
                if (slice.Index.Entries[document.Resource] is { Code: { } code, Type: not ("Patient" or "Claim") })
                    Assert.Contains(TermNames.Code(code[(code.LastIndexOf('|') + 1)..]), terms.Keys);
                Assert.All(document.Terms, term => Assert.True(term.Value > 0));
                Assert.Equal(document.Terms.Select(term => term.Key).Order(StringComparer.Ordinal), document.Terms.Select(term => term.Key));
            }
        }
    }

    public static TheoryData<string> Bundles
    {
        get
        {
            using var gold = Gold();
            return [.. gold.RootElement.EnumerateObject().Select(file => file.Name)];
        }
    }

    [Theory, MemberData(nameof(Bundles))]
    public void NoIdentifierOfThePatientIsATerm(string name)
    {
        using var gold = Gold();
        var path = Directory.EnumerateFiles(FhirFiles.Root, "*", SearchOption.AllDirectories).Single(path => Path.GetFileName(path) == name);
        var file = File.ReadAllBytes(path);
        // What is said of others, and what things are called: a patient may be called like a doctor, a town or a disease.
        var others = Others(file);
        var documents = Imports.Of(file).Slices.SelectMany(slice => FhirKeywords.Extract(slice, []))
            .Concat(KeywordExtractor.Extract(new MemoryStream(file), MediaTypes.FhirJson, name, []));
        var terms = documents.SelectMany(document => document.Terms).Select(term => term.Key).ToHashSet();
        var texts = string.Join('\n', KeywordExtractor.Texts(new MemoryStream(file), MediaTypes.FhirJson));
        var looked = 0;
        foreach (var kind in gold.RootElement.GetProperty(name).GetProperty("needles").EnumerateObject().Where(kind => kind.Name is not ("practitionerNames" or "exactDates")))
            foreach (var needle in kind.Value.EnumerateArray().Select(value => value.GetString()!))
            {
                if (kind.Name is "birthDate" or "identifier" or "telecom" or "addressLine" or "patientId")
                    Assert.DoesNotContain(needle, texts, StringComparison.OrdinalIgnoreCase);
                // A year, or a part of a number, may stand anywhere by itself.
                var least = kind.Name is "name" or "mothersMaidenName" or "city" ? 3 : 5;
                foreach (var token in Words.Tokenise(needle).Select(token => token.Word).Where(word => word.Length >= least && !others.Contains(word)))
                {
                    looked++;
                    Assert.False(Words.QueryVariants(token).Any(terms.Contains), $"{kind.Name}: {needle}");
                    Assert.DoesNotContain(TermNames.Code(needle), terms);
                }
            }
        Assert.True(looked > 5, $"{looked} values looked for");
    }

    /// <summary>The words of codings, of practitioners, organisations and places.</summary>
    private static HashSet<string> Others(byte[] file)
    {
        using var json = JsonDocument.Parse(file);
        var words = new HashSet<string>();
        Walk(json.RootElement, "");
        return words;

        void Walk(JsonElement at, string type)
        {
            if (at.ValueKind == JsonValueKind.Array)
                foreach (var item in at.EnumerateArray())
                    Walk(item, type);
            if (at.ValueKind != JsonValueKind.Object)
                return;
            type = at.TryGetProperty("resourceType", out var own) ? own.GetString()! : type;
            foreach (var property in at.EnumerateObject())
            {
                var isCoding = property.Name == "display" && at.TryGetProperty("code", out _);
                if (type != "Patient" && (isCoding || type is "Practitioner" or "Organization" or "Location" or "PractitionerRole"))
                    words.UnionWith(Words.Tokenise(property.Value.ToString()).Select(token => token.Word));
                Walk(property.Value, type);
            }
        }
    }

    [Fact]
    public void TextsAreThoseThatTheWordsComeFrom()
    {
        var json = Encoding.UTF8.GetBytes("""{"resourceType":"Condition","code":{"text":"Acute bronchitis"},"subject":{"display":"Roland"},"note":[{"text":"since Monday"}]}""");
        Assert.Equal(["Condition", "Acute bronchitis", "since Monday"], FhirKeywords.Texts(new MemoryStream(json)));
    }

    [Fact]
    public void NoDamageOfASliceBreaksTheReading()
    {
        var file = FhirFiles.Read(Path.Combine("edge", "contained-and-refs.json"));
        var slice = Imports.Of(file).Slices[0];
        var body = Exports.Bytes(slice.OpenRead());
        for (var cut = 0; cut < body.Length; cut++)
            Assert.Equal(slice.Index.Entries.Count, FhirKeywords.Extract(slice.Index, new MemoryStream(body, 0, cut), []).Count());
        var random = new Random(1);
        for (var i = 0; i < 3_000; i++)
        {
            var broken = (byte[])body.Clone();
            broken[random.Next(broken.Length)] ^= (byte)(1 << random.Next(8));
            Assert.Equal(slice.Index.Entries.Count, FhirKeywords.Extract(slice.Index, new MemoryStream(broken), []).Count());
            Assert.True(KeywordExtractor.Extract(new MemoryStream(broken), MediaTypes.FhirJson, "", []).Count() <= 1);
        }
    }

    private static JsonDocument Gold() => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Places.Data, "gold", "needles.json")));

    private static List<DocumentTerms> Of(string json) => [.. FhirKeywords.Extract(Imports.Of(json, new FhirImportOptions { WholePartition = "medical" }).Slices[0], [])];
}

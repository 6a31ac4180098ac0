using System.Text.Json;
using System.Text.RegularExpressions;
using Salus.Health.Cohort;
using Salus.Testing;
using static Salus.Health.Tests.Cohort.Tables;

namespace Salus.Health.Tests.Cohort;

public class PatientColumnsTests
{
    private static readonly DateOnly Day = new(2026, 3, 1);

    private static string Row(string json) =>
        string.Join('|', PatientColumns.Read(JsonDocument.Parse(json).RootElement.EnumerateArray(), PatientColumns.Names, Day).Select(pair => pair.Value));

    [Fact]
    public void ASyntheaPatientFillsTheColumns()
    {
        var bundle = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Places.Root, "samples", "patient-bundle.json"))).RootElement;
        var resources = bundle.GetProperty("entry").EnumerateArray().Select(entry => entry.GetProperty("resource")).ToList();
        var row = PatientColumns.Read(resources, PatientColumns.Names, Day);
        var patient = resources.Single(resource => resource.GetProperty("resourceType").GetString() == "Patient");
        Assert.Equal(patient.GetProperty("gender").GetString(), row[PatientColumns.Sex]);
        Assert.Equal(patient.GetProperty("birthDate").GetString(), row[PatientColumns.BirthDate]);
        Assert.Equal(patient.GetProperty("birthDate").GetString()![..4], row[PatientColumns.BirthYear]);
        Assert.Equal(patient.GetProperty("address")[0].GetProperty("city").GetString(), row[PatientColumns.City]);
        var latest = resources.Where(resource => resource.GetProperty("resourceType").GetString() == "Condition").Max(resource => resource.GetProperty("onsetDateTime").GetString());
        Assert.Contains(resources, resource => resource.GetProperty("resourceType").GetString() == "Condition" && resource.GetProperty("onsetDateTime").GetString() == latest
            && resource.GetProperty("code").GetProperty("coding")[0].GetProperty("code").GetString() == row[PatientColumns.ConditionCode]);
        Assert.All([PatientColumns.Race, PatientColumns.Ethnicity, PatientColumns.MaritalStatus, PatientColumns.State, PatientColumns.Language], name => Assert.NotEqual("", row[name]));
    }

    [Fact]
    public void TheColumnsOfTheGoldAreAmongThem()
    {
        var header = File.ReadLines(Path.Combine(GoldFolder, "cohort.csv")).First().Split(',');
        Assert.Empty(header.Skip(1).Select(name => string.Concat(name.Select(c => char.IsAsciiLetterUpper(c) ? $"-{char.ToLowerInvariant(c)}" : $"{c}"))).Except(PatientColumns.Names));
    }

    [Theory]
    [InlineData("1936-03-01", "90")]
    [InlineData("1936-03-02", "89")]
    [InlineData("2000-02-29", "26")]
    [InlineData("1990", "36")]
    [InlineData("2027-01-01", "")]
    [InlineData("soon", "")]
    public void AgeIsTheWholeYearsOnTheDay(string born, string age) =>
        Assert.Equal(age, PatientColumns.Read(JsonDocument.Parse($$"""[{"resourceType":"Patient","birthDate":"{{born}}"}]""").RootElement.EnumerateArray(), ["age"], Day)["age"]);

    [Theory]
    [InlineData("[]")]
    [InlineData("""[1,null,"x",[],{}]""")]
    [InlineData("""[{"resourceType":"Patient","gender":1,"birthDate":{},"address":"x","extension":[1,{"url":2,"extension":{}}],"maritalStatus":[],"communication":[[]]}]""")]
    [InlineData("""[{"resourceType":["Patient"]},{"resourceType":"Condition","code":"x","onsetDateTime":7,"onsetPeriod":[]}]""")]
    public void OddResourcesGiveEmptyValues(string json) => Assert.DoesNotContain(Row(json), c => c is not ('|' or 'n' or 'o'));

    [Theory]
    [InlineData("""{"text":"Fracture, found by son Peter Miller"}""", "", "")]
    [InlineData("""{"coding":[{"code":"PM-1","display":"Peter Miller's"}],"text":"Peter"}""", "", "")]
    [InlineData("""{"coding":[{"system":"http://hospital.example/own","code":"PM-1","display":"Peter Miller's"}]}""", "", "")]
    [InlineData("""{"coding":[{"system":"urn:own","code":"PM-1"},{"system":"http://snomed.info/sct","code":"125605004","display":"Fracture of bone"}]}""", "125605004", "Fracture of bone")]
    public void AConditionIsTheCodeOfAPublishedScheme(string concept, string code, string display)
    {
        using var resources = JsonDocument.Parse($$"""[{"resourceType":"Condition","code":{{concept}}}]""");
        var row = PatientColumns.Read(resources.RootElement.EnumerateArray(), ["condition-code", "condition-display"], Day);
        Assert.Equal((code, display), (row["condition-code"], row["condition-display"]));
    }

    [Theory]
    [InlineData("""{"url":"text","valueString":"White, as Peter Miller says"}""", "")]
    [InlineData("""{"url":"ombCategory","valueCoding":{"system":"urn:own","code":"2106-3","display":"Peter"}}""", "")]
    [InlineData("""{"url":"ombCategory","valueCoding":{"system":"urn:oid:2.16.840.1.113883.6.238","code":"2106-3","display":"Peter"}},{"url":"text","valueString":"Peter"}""", "White")]
    public void RaceIsWhatItsCodeSays(string parts, string race)
    {
        var json = $$"""[{"resourceType":"Patient","extension":[{"url":"http://hl7.org/fhir/us/core/StructureDefinition/us-core-race","extension":[{{parts}}]}]}]""";
        Assert.Equal(race, PatientColumns.Read(JsonDocument.Parse(json).RootElement.EnumerateArray(), ["race"], Day)["race"]);
    }

    [Theory]
    [InlineData("""{"onsetDateTime":"2025-01-01","verificationStatus":{"coding":[{"code":"refuted"}]}}""", """{"onsetDateTime":"2020-01-01"}""")]
    [InlineData("""{"onsetDateTime":"2025-01-01","verificationStatus":{"coding":[{"code":"entered-in-error"}]}}""", """{"onsetDateTime":"2020-01-01"}""")]
    [InlineData("""{"onsetDateTime":"2026-03-05T01:00:00Z"}""", """{"onsetDateTime":"2026-03-04T23:00:00-05:00"}""")]
    [InlineData("""{"onsetDateTime":"2019"}""", """{"recordedDate":"2019-05-06T07:08:09.123+02:00"}""")]
    [InlineData("""{"onsetDateTime":"soon"}""", """{"onsetDateTime":"1950-01"}""")]
    public void TheLatestConditionThatHoldsCounts(string passedOver, string counts)
    {
        static string Condition(string members, string code) => $$"""{"resourceType":"Condition","code":{"coding":[{"system":"http://snomed.info/sct","code":"{{code}}"}]},{{members[1..]}}""";
        foreach (var json in new[] { $"[{Condition(passedOver, "1")},{Condition(counts, "2")}]", $"[{Condition(counts, "2")},{Condition(passedOver, "1")}]" })
            Assert.Equal("2", PatientColumns.Read(JsonDocument.Parse(json).RootElement.EnumerateArray(), ["condition-code"], Day)["condition-code"]);
    }

    [Fact]
    public void TheSchemesAreThoseThatSafeHarborKeeps()
    {
        using var stream = typeof(PatientColumns).Assembly.GetManifestResourceStream("Salus.Health.SafeHarbor")!;
        using var rules = JsonDocument.Parse(stream);
        var kept = rules.RootElement.GetProperty("fhirPathRules").EnumerateArray().Where(rule => rule.GetProperty("method").GetString() == "keep")
            .Select(rule => rule.GetProperty("path").GetString()!).Single(path => path.StartsWith("nodesByType('Coding').where", StringComparison.Ordinal));
        Assert.Equal(Regex.Matches(kept, @"system\.startsWith\('([^']+)'\)").Select(match => match.Groups[1].Value), CodeSchemes.Prefixes);
    }

    [Fact]
    public void AColumnThatIsNoneIsRefused() => Assert.Equal(CohortFault.NoSuchColumn, FaultOf(() => PatientColumns.Read([], ["shoeSize"], Day)));

    [Fact]
    public void AStudyDeclaresAHierarchyByNameOrByItsRows()
    {
        Assert.Same(BuiltInHierarchy.Zip, PatientColumns.Declared("zip", ""));
        Assert.Same(BuiltInHierarchy.Suppress, PatientColumns.Declared("shoe-size", ""));
        Assert.Same(BuiltInHierarchy.Keep, PatientColumns.Declared("zip", "keep"));
        var table = PatientColumns.Declared("state", "MA;New England;*\nVT;New England;*\n");
        Assert.Equal(["MA", "New England", "*"], table.Of("MA"));
        Assert.Equal(["*", "*", "*"], table.Of("TX"));
        Assert.Equal(CohortFault.Hierarchy, FaultOf(() => PatientColumns.Declared("state", "MA;x\nVT\n")));
    }
}

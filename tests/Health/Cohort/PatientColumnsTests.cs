using System.Text.Json;
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

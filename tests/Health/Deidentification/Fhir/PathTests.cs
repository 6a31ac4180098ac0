using System.Diagnostics;
using Salus.Health.Deidentification;
using Salus.Health.Deidentification.Fhir;

namespace Salus.Health.Tests.Deidentification.Fhir;

/// <summary>Which elements a path names: those that a rule with it keeps, when all else is redacted.</summary>
public class PathTests
{
    private const string Patient =
        """
        {"resourceType":"Patient","id":"p","active":true,"name":[{"use":"official","family":"Roe","given":["Jane","Ann"]},{"use":"old","family":"Doe"}],
        "telecom":[{"system":"phone","value":"555","rank":1},{"system":"email","value":"x@y"}],
        "birthDate":"1980-05-06","deceasedDateTime":"2020-01-02T03:04:05+02:00","multipleBirthInteger":2}
        """;

    private const string Observation =
        """{"resourceType":"Observation","status":"final","valueQuantity":{"value":1.50,"unit":"mg"},"component":[{"valueString":"a"},{"valueQuantity":{"value":10.0,"unit":"g"}}]}""";

    [Theory]
    [InlineData("Patient.name.family", "Roe,Doe")]
    [InlineData("Patient.name[0].family", "Roe")]
    [InlineData("Patient.name.given[1]", "Ann")]
    [InlineData("name.first().given.last()", "Ann")]
    [InlineData("Patient.name.where(use = 'old').family", "Doe")]
    [InlineData("Patient.name.where(use != 'old' and given.exists()).family", "Roe")]
    [InlineData("Patient.name.where(given.count() > 1 or use = 'old').family", "Roe,Doe")]
    [InlineData("Patient.name.where(given.empty()).family", "Doe")]
    [InlineData("Patient.name.where(family.startsWith('R')).family | Patient.telecom.value", "Roe,555,x@y")]
    [InlineData("nodesByType('HumanName').family", "Roe,Doe")]
    [InlineData("Patient.nodesByType('HumanName').where(use='old').family", "Doe")]
    [InlineData("nodesByName('value')", "555,x@y")]
    [InlineData("nodesByName(\"rank\")", "1")]
    [InlineData("nodesByType('integer') | nodesByType('positiveInt')", "1,2")]
    [InlineData("Resource.active", "true")]
    [InlineData("DomainResource.birthDate", "1980-05-06")]
    [InlineData("Patient.deceased", "2020-01-02T03:04:05+02:00")]
    [InlineData("Patient.deceased as dateTime", "2020-01-02T03:04:05+02:00")]
    [InlineData("Patient.deceased.ofType(boolean)", "")]
    [InlineData("(Patient.multipleBirth as integer)", "2")]
    [InlineData("Patient.where(birthDate < @1990).active", "true")]
    [InlineData("Patient.where(birthDate >= @1980-05 and birthDate <= @1980-05-06).active", "")]
    [InlineData("Patient.where(birthDate >= @1980-05-06 and birthDate <= @1980-05-06).active", "true")]
    [InlineData("Patient.where(deceased > @2020-01-02T00:00:00Z and deceased < @2020-01-02T01:04:06Z).active", "true")]
    [InlineData("Patient.name.family.where($this.matches('^[Rr]'))", "Roe")]
    [InlineData("Patient.name.family.where($this.replaceMatches('o', 'u') = 'Rue')", "Roe")]
    [InlineData("Patient.name.family.where(substring(1, 2) = 'oe' and length() = 3 and lower().contains('d'))", "Doe")]
    [InlineData("Patient.telecom.where(rank + 1 = 4 / 2 and rank * 3 mod 2 = 1 and -rank < 0).value", "555")]
    [InlineData("Patient.telecom.where(system in ('fax' | 'email')).value", "x@y")]
    [InlineData("Patient.telecom.where(('fax' | 'phone') contains system).value", "555")]
    [InlineData("Patient.telecom.where(rank.toString() + 'x' = '1x').value", "555")]
    [InlineData("Patient.telecom.where(rank.exists().not()).value", "x@y")]
    [InlineData("Patient.where(name.all(family.exists()) and (telecom.rank = 1 xor active)).active", "")]
    [InlineData("Patient.where(name.exists(use = 'old') implies active = true).active", "true")]
    [InlineData("Patient.where(%resource.name.count() = 2).active", "true")]
    [InlineData("Patient.name.select(given).tail()", "Ann")]
    [InlineData("Patient.name.skip(1).take(5).family", "Doe")]
    [InlineData("Patient.children().where($this is boolean)", "true")]
    [InlineData("Patient.name.`family`", "Roe,Doe")]
    [InlineData("Observation.status", "")]
    public void PathsNameWhatTheySay(string path, string expected) => Assert.Equal(Split(expected), Kept(Patient, path));

    [Theory]
    [InlineData("Observation.value", "1.50,mg")]
    [InlineData("Observation.value as Quantity", "1.50,mg")]
    [InlineData("(Observation.value as Quantity).unit", "mg")]
    [InlineData("Observation.component.value.ofType(string)", "a")]
    [InlineData("Observation.component.value", "a,10.0,g")]
    [InlineData("nodesByType('Quantity').where(value = 10).unit", "g")]
    [InlineData("nodesByType('Quantity').where(value.toString() = '1.50').unit", "mg")]
    [InlineData("nodesByType('decimal')", "1.50,10.0")]
    public void ChoicesGoByTheirElement(string path, string expected) => Assert.Equal(Split(expected), Kept(Observation, path));

    [Theory]
    [InlineData("Patient.nam", "Patient has no element 'nam'")]
    [InlineData("Patient.name.valueString", "no element 'valueString'")]
    [InlineData("Patients.name", "no type 'Patients'")]
    [InlineData("nodesByType('Adress')", "no type 'Adress'")]
    [InlineData("nodesByName('familly')", "no element 'familly'")]
    [InlineData("Patient.deceased as Datum", "no type 'Datum'")]
    [InlineData("Patient.name.where(usee = 'x')", "no element 'usee'")]
    [InlineData("Patient.name.resolve()", "no function 'resolve'")]
    [InlineData("Patient.name.where()", "'where' has 1")]
    [InlineData("Patient.name.where(use = 'x'", "')' is missing")]
    [InlineData("Patient.name.where(use = 'x)", "quote is not closed")]
    [InlineData("Patient..name", "a name is missing")]
    [InlineData("Patient.name family", "not understood")]
    [InlineData("Patient.birthDate.where($this > @2020-13)", "no date")]
    [InlineData("1 + 1", "no element")]
    [InlineData("Patient.name.where(use.matches('(a'))", "pattern")]
    [InlineData("Patient.name.where(use.matches('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'))", "512")]
    [InlineData("Patient.name.where(use.matches('(?=a)b'))", "backtracking")]
    [InlineData("Patient.name.where(use.matches(family))", "in quotes")]
    [InlineData("Patient.name.where(%ucum = 'x')", "variable")]
    [InlineData("Bundle.entry[0].fullUrl", "one by one")]
    [InlineData("Bundle.entry.first().fullUrl", "one by one")]
    public void WhatIsUnknownIsAnErrorThatNamesTheRule(string path, string why)
    {
        var error = Assert.Throws<RulesException>(() => Runs.Rules(Unmatched.Redact, ("Patient.active", "keep"), (path, "redact")));
        Assert.StartsWith("rule 2 (", error.Rule, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NestingWithoutEndIsRefused()
    {
        var whereInWhere = "name" + string.Concat(Enumerable.Repeat(".where(name", 300));
        foreach (var path in (string[])[new string('(', 2000) + "name" + new string(')', 2000), whereInWhere, new string('-', 4000), new string('a', 5000)])
            Assert.Throws<RulesException>(() => Runs.Rules(Unmatched.Redact, (path, "redact")));
    }

    [Fact]
    public void AHostilePatternEndsInLinearTime()
    {
        var rules = Runs.Rules(Unmatched.Redact, ("Patient.name.family.where($this.matches('^(a+)+$'))", "keep"));
        var started = Stopwatch.StartNew();
        Runs.Run($$"""{"resourceType":"Patient","name":[{"family":"{{new string('a', 500_000)}}!"}]}""", rules);
        Assert.True(started.Elapsed < TimeSpan.FromSeconds(10), $"{started.Elapsed}");
    }

    [Fact]
    public void AnExpressionThatLooksAtEverythingForEverythingIsStopped()
    {
        var rules = Runs.Rules(Unmatched.Redact, ("Patient.descendants().where(%resource.descendants().where(%resource.descendants().count() = 1).exists())", "keep"));
        var given = string.Join(",", Enumerable.Repeat("\"x\"", 3000));
        var error = Assert.Throws<RulesException>(() => Runs.Run($$"""{"resourceType":"Patient","name":[{"given":[{{given}}]}]}""", rules));
        Assert.Contains("too long", error.Message, StringComparison.Ordinal);
    }

    private static string[] Split(string list) => list.Length == 0 ? [] : list.Split(',');

    /// <summary>The values that are left, in the order of the file.</summary>
    private static IEnumerable<string> Kept(string resource, string path)
    {
        using var document = System.Text.Json.JsonDocument.Parse(Runs.Left(resource, Runs.Rules(Unmatched.Redact, (path, "keep"))));
        return [.. document.RootElement.EnumerateObject().Where(member => member.Name != "resourceType").SelectMany(member => Values(member.Value))];
    }

    private static IEnumerable<string> Values(System.Text.Json.JsonElement element) => element.ValueKind switch
    {
        System.Text.Json.JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Values(member.Value)),
        System.Text.Json.JsonValueKind.Array => element.EnumerateArray().SelectMany(Values),
        System.Text.Json.JsonValueKind.String => [element.GetString()!],
        _ => [element.GetRawText()],
    };
}

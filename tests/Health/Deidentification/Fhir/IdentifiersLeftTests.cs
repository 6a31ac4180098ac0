using Salus.Health.Deidentification;
using Salus.Health.Deidentification.Fhir;

namespace Salus.Health.Tests.Deidentification.Fhir;

/// <summary>A value that was removed from the patient is looked for in all that is written.</summary>
public class IdentifiersLeftTests
{
    private const string Patient =
        """
        {"resourceType":"Patient","id":"4f7c2b1a-9","identifier":[{"value":"MRN-12345"}],"name":[{"family":"O'Hara","given":["Marie-Louise"]}],"telecom":[{"value":"(617) 555-0101"}],
        "birthDate":"1980-02-03","address":[{"line":["1 High Street"],"city":"Cambridge"}],"contact":[{"name":{"family":"Zwicky"}}]}
        """;

    private static readonly FhirRules KeepsNotes = Runs.Rules(Unmatched.Redact, ("Observation.note", "keep"), ("Observation.status", "keep"), ("nodesByType('Coding')", "keep"));

    [Theory]
    [InlineData("Seen with o'hara today")]
    [InlineData("MARIE-LOUISE came alone")]
    [InlineData("MRN-12345.")]
    [InlineData("tel. 617) 555-0101")]
    [InlineData("born 1980-02-03, well")]
    [InlineData("lives at 1 high street")]
    [InlineData("<Cambridge>")]
    [InlineData("4F7C2B1A-9")]
    [InlineData("husband: Zwicky")]
    public void ANameInFreeTextStopsTheRunAndIsNotRepeated(string text)
    {
        var error = Assert.Throws<IdentifiersLeftException>(() => Runs.Run(Bundle(text), KeepsNotes));
        Assert.Equal([new Change(ChangeReport.Left, "Observation.note.text", 1)], error.Places);
        foreach (var word in (string[])["hara", "louise", "123", "617", "1980", "street", "cambridge", "4f7c", "zwicky"])
            Assert.DoesNotContain(word, error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Oharaism")]
    [InlineData("MRN-123456")]
    [InlineData("1980")]
    [InlineData("Highstreet 1")]
    [InlineData("")]
    public void OtherWordsStopNothing(string text) => Assert.Contains("\"text\":", Runs.Run(Bundle(text + "."), KeepsNotes).Text, StringComparison.Ordinal);

    [Fact]
    public void ThePatientMayStandAfterWhatNamesIt()
    {
        var file = $$$"""
            {"resourceType":"Observation","note":[{"text":"for Zwicky"}]}
            {{{Patient.ReplaceLineEndings("")}}}
            """;
        Assert.Throws<IdentifiersLeftException>(() => Runs.Run(file, KeepsNotes));
    }

    [Fact]
    public void RulesThatKeepWhatTheyDoNotNameAreToldWhere()
    {
        var (text, report) = Runs.Run(Bundle("for Zwicky"), Runs.Rules(Unmatched.Keep, ("nodesByType('HumanName')", "redact")));
        Assert.Contains("Zwicky", text, StringComparison.Ordinal);
        Assert.Equal([new Change(ChangeReport.Left, "Observation.note.text", 1)], report.Changes.Where(change => change.Method == ChangeReport.Left));
    }

    [Fact]
    public void WhatARuleKeepsOfThePatientIsKeptKnowingly()
    {
        var rules = Runs.Rules(Unmatched.Redact, ("Patient.name.family", "keep"), ("Observation.note", "keep"));
        Assert.Contains("O'Hara", Runs.Run(Patient, rules).Text, StringComparison.Ordinal);
        Assert.Equal([new Change(ChangeReport.Kept, "Patient.name.family", 1)], Runs.Run(Patient, rules).Report.Changes.Where(change => change.Method == ChangeReport.Kept));
        Assert.DoesNotContain(Runs.Run(Patient, FhirRules.SafeHarbor).Report.Changes, change => change.Method == ChangeReport.Kept);
        // Not removed, it is no value that could be left.
        Assert.Contains("hello O'Hara", Runs.Run(Bundle("hello O'Hara"), rules).Text, StringComparison.Ordinal);
    }

    private static string Bundle(string note) =>
        $$$"""{"resourceType":"Bundle","entry":[{"resource":{{{Patient}}}},{"resource":{"resourceType":"Observation","status":"final","note":[{"text":"{{{note}}}"}]}}]}""";
}

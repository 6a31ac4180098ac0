using System.Globalization;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Salus.Health.Deidentification;
using Salus.Health.Deidentification.Fhir;

namespace Salus.Health.Tests.Deidentification.Fhir;

public class MethodTests
{
    private const string Text = """{"resourceType":"Patient","id":"p1","name":[{"family":"Roe"}],"birthDate":"1980-02-03"}""";

    [Fact]
    public void WhatNoRuleNamesIsRedacted()
    {
        Assert.Equal("""{"resourceType":"Patient","name":[{"family":"Roe"}]}""", Runs.Left(Text, Runs.Rules(Unmatched.Redact, ("Patient.name", "keep"))));
        Assert.Equal("""{"resourceType":"Patient","id":"p1","name":[{"family":"Roe"}]}""", Runs.Left(Text, Runs.Rules(Unmatched.Keep, ("Patient.birthDate", "redact"))));
        Assert.Equal("""{"resourceType":"Patient"}""", Runs.Left(Text, Runs.Rules("""{"fhirPathRules": []}""")));
        Assert.Equal(Text, Runs.Left(Text, Runs.Rules("""{"fhirPathRules": [], "unmatched": "keep"}""")));
    }

    /// <summary>Who keeps a contact has not kept what somebody put into an extension of it.</summary>
    [Fact]
    public void ExtensionsNarrativesAndAttachmentsAreKeptByARuleForThemAlone()
    {
        const string Patient =
            """
            {"resourceType":"Patient","text":{"status":"generated","div":"<div>Jane</div>"},"contact":[{"gender":"male","extension":[{"url":"u","valueString":"secret"}],
            "_gender":{"extension":[{"url":"v","valueCode":"secret"}]}}],"photo":[{"contentType":"image/png","data":"AAAA"}]}
            """;
        Assert.Equal("""{"resourceType":"Patient","contact":[{"gender":"male"}]}""", Runs.Left(Patient, Runs.Rules(Unmatched.Redact, ("Patient", "keep"))));
        Assert.Equal("""{"resourceType":"Patient","text":{"status":"generated","div":"<div>Jane</div>"}}""", Runs.Left(Patient, Runs.Rules(Unmatched.Redact, ("Patient.text", "keep"))));
        Assert.Equal("""{"resourceType":"Patient","photo":[{"contentType":"image/png","data":"AAAA"}]}""", Runs.Left(Patient, Runs.Rules(Unmatched.Redact, ("nodesByType('Attachment')", "keep"))));
        Assert.Equal("""{"resourceType":"Patient","contact":[{"_gender":{"extension":[{"url":"v","valueCode":"secret"}]},"extension":[{"url":"u","valueString":"secret"}]}]}""",
            Runs.Left(Patient, Runs.Rules(Unmatched.Redact, ("nodesByType('Extension')", "keep"))));
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient","nickname":"Jane"}""")]
    [InlineData("""{"resourceType":"Patient","name":"Jane Roe"}""")]
    [InlineData("""{"resourceType":"Patient","gender":{"code":"Jane"}}""")]
    [InlineData("""{"resourceType":"Patient","active":"Jane"}""")]
    [InlineData("""{"resourceType":"Patient","_name":{"id":"Jane"}}""")]
    [InlineData("""{"resourceType":"Patient","_nickname":{"id":"Jane"}}""")]
    [InlineData("""{"resourceType":"Patient","birthDate":19800203}""")]
    public void WhatR4DoesNotKnowGoesWhateverTheRulesKeep(string patient)
    {
        Assert.Equal("""{"resourceType":"Patient"}""", Runs.Left(patient, Runs.Rules(Unmatched.Keep, ("Patient", "keep"))));
        Assert.Equal(1, Runs.Run(patient, Runs.Rules(Unmatched.Keep)).Report.CountOf("unknown"));
    }

    [Fact]
    public void TheFirstRuleThatNamesAValueDecides()
    {
        var (keep, redact) = (("nodesByType('HumanName').family", "keep"), ("Patient.name", "redact"));
        Assert.Equal("""{"resourceType":"Patient","name":[{"family":"Roe"}]}""", Runs.Left(Text, Runs.Rules(Unmatched.Redact, keep, redact)));
        Assert.Equal("""{"resourceType":"Patient"}""", Runs.Left(Text, Runs.Rules(Unmatched.Redact, redact, keep)));
    }

    [Fact]
    public void ReferencesKeepWhatIsBeforeTheIdentifier()
    {
        var rules = Runs.Rules(
            """
            {"fhirPathRules": [{"path": "Resource.id", "method": "cryptoHash"}, {"path": "nodesByType('Reference').reference", "method": "cryptoHash"}], "parameters": {"cryptoHashKey": "123"}}
            """);
        // HMAC-SHA256 of "23" under "123", as in Microsoft's pair.
        const string Hash = "c846593cc9ec1e3a2126c5aa321f8e1c2246f976ffd8f1b9c0fe75a1e26c985d";
        foreach (var (before, after) in (ReadOnlySpan<(string, string)>)[("Patient/", ""), ("Patient/", "/_history/1"), ("#", "")])
            Assert.Contains($"\"reference\":\"{before}{Hash}{after}\"",
                Runs.Left($$$"""{"resourceType":"Condition","subject":{"reference":"{{{before}}}23{{{after}}}"}}""", rules), StringComparison.Ordinal);
        const string Uuid = """{"resourceType":"Condition","subject":{"reference":"urn:uuid:04121321-4af5-424c-a0e1-ed3aab1c349d"}}""";
        Assert.Contains("\"reference\":\"urn:uuid:", Runs.Left(Uuid, rules), StringComparison.Ordinal);
        foreach (var odd in (string[])["Patient?identifier=Roe", "Roe/23", "ftp://Roe/Patient/23", "Patient/Jane Roe", "Patient/", "urn:uuid:Roe", "/23", "http://Roe"])
            Assert.Matches("\"reference\":\"[0-9a-f]{64}\"", Runs.Left($$$"""{"resourceType":"Condition","subject":{"reference":"{{{odd}}}"}}""", rules));
        Assert.Contains(Hash, Runs.Left("""{"resourceType":"Patient","id":"23"}""", rules), StringComparison.Ordinal);
    }

    [Fact]
    public void PseudonymsOfTwoStudiesCannotBeCompared()
    {
        var rules = Runs.Rules(Unmatched.Redact, ("Resource.id", "cryptoHash"));
        Assert.True(rules.UsesPseudonyms);
        Assert.Equal(Runs.Left(Text, rules), Runs.Left(Text, rules));
        Assert.NotEqual(Runs.Left(Text, rules), Runs.Left(Text, rules, Runs.KeysOf("study 2")));
    }

    /// <summary>Within a patient the days between dates stay; another patient's differ.</summary>
    [Fact]
    public void DatesMoveByPatient()
    {
        var rules = Runs.Rules(Unmatched.Redact, ("nodesByType('date')", "dateShift"), ("nodesByType('dateTime')", "dateShift"), ("nodesByType('instant')", "dateShift"));
        string Bundle(string patient) =>
            $$$"""
            {"resourceType":"Bundle","entry":[
            {"resource":{"resourceType":"Observation","subject":{"reference":"Patient/{{{patient}}}"},"effectiveDateTime":"2015-03-01T10:20:30.4+01:00","issued":"2015-03-02T00:00:00Z"}},
            {"resource":{"resourceType":"Procedure","subject":{"reference":"urn:uuid:04121321-4af5-424c-a0e1-ed3aab1c349d"},"performedDateTime":"2015-03-01"}},
            {"fullUrl":"urn:uuid:04121321-4af5-424c-a0e1-ed3aab1c349d","resource":{"resourceType":"Patient","id":"{{{patient}}}","birthDate":"2015-03-01","deceasedDateTime":"2016"}}]}
            """;
        var shifts = new HashSet<int>();
        for (var i = 0; i < 40; i++)
        {
            var resources = Runs.Json(Bundle($"p{i}"), rules).GetProperty("entry").EnumerateArray().Select(entry => entry.GetProperty("resource")).ToList();
            var born = resources[2].GetProperty("birthDate").GetString()!;
            var days = DateOnly.ParseExact(born, "yyyy-MM-dd", CultureInfo.InvariantCulture).DayNumber - new DateOnly(2015, 3, 1).DayNumber;
            Assert.InRange(Math.Abs(days), 1, 50);
            shifts.Add(days);
            Assert.Equal($"{born}T00:00:00.0+01:00", resources[0].GetProperty("effectiveDateTime").GetString());
            Assert.Equal(born, resources[1].GetProperty("performedDateTime").GetString());
            // A year has no day to move; without partial dates it is redacted.
            Assert.False(resources[2].TryGetProperty("deceasedDateTime", out _));
        }
        Assert.True(shifts.Count > 20);
    }

    [Fact]
    public void AShiftIsTheSameWhereThePatientIsInAnotherFile()
    {
        var rules = Runs.Rules(Unmatched.Redact, ("nodesByType('date')", "dateShift"), ("nodesByType('dateTime')", "dateShift"));
        var born = Runs.Json("""{"resourceType":"Patient","id":"p7","birthDate":"2001-01-31"}""", rules).GetProperty("birthDate").GetString();
        const string Condition = """{"resourceType":"Condition","subject":{"reference":"https://host.example/Patient/p7"},"onsetDateTime":"2001-01-31"}""";
        Assert.Equal(born, Runs.Json(Condition, rules).GetProperty("onsetDateTime").GetString());
        var lines = Runs.Run("""
            {"resourceType":"Condition","subject":{"reference":"Patient/p7"},"onsetDateTime":"2001-01-31"}
            {"resourceType":"Condition","subject":{"reference":"Patient/p8"},"onsetDateTime":"2001-01-31"}
            """, rules).Text.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("onsetDateTime").GetString()).ToList();
        Assert.Equal(born, lines[0]);
        Assert.NotEqual(born, lines[1]);
    }

    [Fact]
    public void ADateThatIsNoneIsRedacted()
    {
        var shift = Runs.Rules("""{"fhirPathRules": [{"path": "nodesByType('date')", "method": "dateShift"}], "parameters": {"enablePartialDatesForRedact": true}}""");
        foreach (var odd in (string[])["Jane Roe", "1980-02-31", "1980-13-01", "0000-01-01", "19800203", "1980-02-03x", "80-02-03", ""])
            Assert.Equal("""{"resourceType":"Patient"}""", Runs.Left($$"""{"resourceType":"Patient","birthDate":"{{odd}}"}""", shift));
        Assert.Equal("""{"resourceType":"Patient","birthDate":"1980"}""", Runs.Left("""{"resourceType":"Patient","birthDate":"1980-02"}""", shift));
    }

    [Fact]
    public void NoiseStaysInItsSpanAndTypesKeepTheirForm()
    {
        var rules = Runs.Rules(
            """
            {"fhirPathRules": [{"path": "nodesByType('Quantity')", "method": "perturb", "span": 4, "rangeType": "fixed", "roundTo": 1},
              {"path": "Patient.multipleBirth", "method": "perturb", "span": 4.5, "roundTo": 2}, {"path": "nodesByType('positiveInt')", "method": "perturb", "span": 100},
              {"path": "Observation.component.value", "method": "keep"}]}
            """);
        var seen = new HashSet<decimal>();
        for (var i = 0; i < 200; i++)
        {
            var quantity = Runs.Json("""{"resourceType":"Observation","valueQuantity":{"value":100.000,"unit":"mg"}}""", rules).GetProperty("valueQuantity");
            Assert.Equal("mg", quantity.GetProperty("unit").GetString());
            var value = quantity.GetProperty("value").GetDecimal();
            Assert.InRange(value, 98, 102);
            Assert.Equal(decimal.Round(value, 1), value);
            seen.Add(value);
            var patient = Runs.Json("""{"resourceType":"Patient","multipleBirthInteger":3,"telecom":[{"rank":1}]}""", rules);
            Assert.InRange(patient.GetProperty("multipleBirthInteger").GetInt32(), 0, 6);
            Assert.InRange(patient.GetProperty("telecom")[0].GetProperty("rank").GetInt32(), 1, 51);
        }
        Assert.True(seen.Count > 20);
        Assert.DoesNotContain("value\":", Runs.Left("""{"resourceType":"Observation","valueQuantity":{"value":1e400}}""", rules), StringComparison.Ordinal);
    }

    [Fact]
    public void EncryptionIsTheCallersAndNothingWithoutIt()
    {
        var rules = Runs.Rules(Unmatched.Redact, ("Patient.name.family", "encrypt"));
        Assert.Equal("""{"resourceType":"Patient","name":[{"family":"ZW9S"}]}""", Runs.Left(Text, rules));
        var error = Assert.Throws<RulesException>(() => new FhirDeidentifier(rules, Runs.Keys with { Encrypt = null }));
        Assert.Equal("rule 1 (Patient.name.family)", error.Rule);
    }

    [Fact]
    public void NumbersKeepTheirDigitsAndMembersTheirOrder()
    {
        var observation =
            """
            {"resourceType":"Observation","id":"d1","status":"final","valueQuantity":{"unit":"mmol/L","value":6.30},
            "referenceRange":[{"low":{"value":3.900},"high":{"value":1.0E1}},{"low":{"value":0.1234567890123456789012345678901234567890}}]}
            """.ReplaceLineEndings("");
        Assert.Equal(observation, Runs.Left(observation, Runs.Rules(Unmatched.Redact, ("Observation", "keep"))));
    }

    [Fact]
    public void LabelsSayWhatWasDoneOnceAndBesideThoseThatStood()
    {
        var rules = Runs.Rules(Unmatched.Keep, ("Patient.id", "cryptoHash"), ("Patient.name", "redact"));
        var patient = """{"resourceType":"Patient","meta":{"security":[{"code":"R"},{"code":"redacted"}]},"id":"1","name":[{"family":"Roe"}]}""";
        var codes = Runs.Json(patient, rules).GetProperty("meta").GetProperty("security").EnumerateArray().Select(label => label.GetProperty("code").GetString());
        Assert.Equal(["R", "redacted", "CRYTOHASH"], codes);
        Assert.False(Runs.Json("""{"resourceType":"Patient","active":true}""", rules).TryGetProperty("meta", out _));
    }

    /// <summary>Redacting and keeping twice is as once; generalized and partial values stand still.</summary>
    [Theory, MemberData(nameof(Tests.Fhir.FhirFiles.All), MemberType = typeof(Tests.Fhir.FhirFiles))]
    public void ASecondRunOfRulesWithoutPseudonymsChangesNothing(string file)
    {
        var rules = Runs.Rules("""
            {"fhirPathRules": [{"path": "Resource.meta.security", "method": "keep"}, {"path": "nodesByType('date')", "method": "redact"}, {"path": "nodesByType('dateTime')", "method": "redact"},
            {"path": "nodesByType('code')", "method": "keep"},
            {"path": "nodesByType('Coding').where(system.exists())", "method": "keep"}, {"path": "nodesByType('Address').postalCode", "method": "redact"},
            {"path": "nodesByType('decimal')", "method": "generalize", "cases": {"$this > 10": "10"}, "otherValues": "keep"}],
            "parameters": {"enablePartialDatesForRedact": true, "enablePartialZipCodesForRedact": true}}
            """);
        var once = Runs.Run(Tests.Fhir.FhirFiles.Read(file), rules).Text;
        Assert.Equal(once, Runs.Run(once, rules).Text);
    }

    [Fact]
    public void TheReportCountsByMethodAndPathAndHoldsNoValue()
    {
        var (_, report) = Runs.Run(Text, Runs.Rules(Unmatched.Redact, ("Patient.id", "cryptoHash"), ("Patient.name", "redact")));
        Assert.Equal([new Change("cryptoHash", "Patient.id", 1), new Change("redact", "Patient.name.family", 1), new Change("unmatched", "Patient.birthDate", 1)], report.Changes);
        var unknown = Runs.Run("""{"resourceType":"Patient","JaneRoe":{"Roe":1}}""", Runs.Rules(Unmatched.Redact)).Report;
        Assert.Equal("Patient.(unknown).(unknown)", Assert.Single(unknown.Changes).Path);
    }

    [Fact]
    public void DateArithmeticHoldsForAllDays() => Check.QuickThrowOnFailure(Prop.ForAll(Gen.Choose(0, 20_000).ToArbitrary(), Gen.Choose(0, 500).ToArbitrary(), (day, patient) =>
    {
        var date = new DateOnly(1960, 1, 1).AddDays(day);
        var rules = Runs.Rules(Unmatched.Redact, ("nodesByType('date')", "dateShift"));
        var text = Runs.Left($$"""{"resourceType":"Patient","id":"p{{patient}}","birthDate":"{{date:yyyy-MM-dd}}"}""", rules);
        var moved = DateOnly.ParseExact(JsonDocument.Parse(text).RootElement.GetProperty("birthDate").GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        return Math.Abs(moved.DayNumber - date.DayNumber) is >= 1 and <= 50;
    }));
}

using System.Text;
using Salus.Health.Deidentification;
using Salus.Health.Deidentification.Fhir;

namespace Salus.Health.Tests.Deidentification.Fhir;

public class RulesReaderTests
{
    [Theory]
    [InlineData("", "JSON")]
    [InlineData("[]", "JSON object")]
    [InlineData("""{"\ud800": 1, "fhirPathRules": []}""", "no Unicode")]
    [InlineData("{}", "'fhirPathRules' is missing")]
    [InlineData("""{"fhirPathRules": [], "fhirPathRules": []}""", "repeated")]
    [InlineData("""{"fhirPathRules": [], "fhirpathrules": []}""", "'fhirpathrules' is no member")]
    [InlineData("""{"fhirVersion": "Stu3", "fhirPathRules": []}""", "not R4")]
    [InlineData("""{"fhirPathRules": [], "unmatched": "drop"}""", "'unmatched'")]
    [InlineData("""{"fhirPathRules": [], "processingErrors": "ignore"}""", "'processingErrors'")]
    [InlineData("""{"fhirPathRules": [], "parameters": {"dateShiftScope": "patient"}}""", "'dateShiftScope'")]
    [InlineData("""{"fhirPathRules": [], "parameters": {"enablePartialDateForRedact": true}}""", "no parameter")]
    [InlineData("""{"fhirPathRules": [], "parameters": {"enablePartialAgesForRedact": "yes"}}""", "neither true nor false")]
    [InlineData("""{"fhirPathRules": [], "parameters": {"restrictedZipCodeTabulationAreas": ["0x6"]}}""", "digits")]
    [InlineData("""{"fhirPathRules": [{}]}""", "rule 1: 'path' is missing")]
    [InlineData("""{"fhirPathRules": [{"path": "Patient.name"}]}""", "rule 1 (Patient.name): the method")]
    [InlineData("""{"fhirPathRules": [{"path": "Patient.name", "method": "1"}]}""", "the method")]
    [InlineData("""{"fhirPathRules": [{"path": "Patient.name", "method": "keep, redact"}]}""", "the method")]
    [InlineData("""{"fhirPathRules": [{"path": "Patient.name", "method": "remove"}]}""", "the method")]
    [InlineData("""{"fhirPathRules": [{"path": "Patient.name", "method": "redact", "replacewith": "x"}]}""", "'replacewith' is no member")]
    [InlineData("""{"fhirPathRules": [{"path": "Patient.birthDate", "method": "perturb"}]}""", "'span'")]
    [InlineData("""{"fhirPathRules": [{"path": "Patient.birthDate", "method": "perturb", "span": -1}]}""", "'span'")]
    [InlineData("""{"fhirPathRules": [{"path": "Patient.birthDate", "method": "perturb", "span": 1, "roundTo": 29}]}""", "'roundTo'")]
    [InlineData("""{"fhirPathRules": [{"path": "Patient.birthDate", "method": "perturb", "span": 1, "rangeType": "x"}]}""", "'rangeType'")]
    [InlineData("""{"fhirPathRules": [{"path": "Patient.birthDate", "method": "generalize"}]}""", "'cases'")]
    [InlineData("""{"fhirPathRules": [{"path": "Patient.name", "method": "generalize", "cases": {"true": "'x'"}}]}""", "primitives")]
    [InlineData("""{"fhirPathRules": [{"path": "Patient.birthDate", "method": "generalize", "cases": {"$this >": "'x'"}}]}""", "missing")]
    [InlineData("""{"fhirPathRules": [{"path": "Patient.birthDate", "method": "generalize", "cases": {"true": "bogus()"}}]}""", "'bogus'")]
    [InlineData("""{"fhirPathRules": [{"path": "Patient.birthDate", "method": "generalize", "cases": {}, "otherValues": "x"}]}""", "'otherValues'")]
    [InlineData("""{"fhirPathRules": [{"path": "Patient.name", "method": "substitute"}]}""", "'replaceWith'")]
    [InlineData("""{"fhirPathRules": [{"path": "Patient.name", "method": "substitute", "replaceWith": "x"}]}""", "does not fit HumanName")]
    [InlineData("""{"fhirPathRules": [{"path": "Patient.name", "method": "substitute", "replaceWith": {"familly": "x"}}]}""", "'familly'")]
    [InlineData("""{"fhirPathRules": [{"path": "Patient.gender", "method": "substitute", "replaceWith": {"a": "x"}}]}""", "does not fit code")]
    public void WhatIsWrongIsNamed(string json, string why)
    {
        var error = Assert.Throws<RulesException>(() => Runs.Rules(json));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheDefaultConfigurationOfMicrosoftReadsWithItsMisspellingNamed()
    {
        var rules = FhirRules.Read(File.ReadAllBytes(Path.Combine(Runs.Gold, "ms-fhir", "configuration-sample.json")));
        Assert.Equal(Unmatched.Redact, rules.Unmatched);
        Assert.Contains("notAvailable", Assert.Single(rules.Notes), StringComparison.Ordinal);
        Assert.True(rules is { UsesPseudonyms: true, UsesDateShift: true, UsesEncryption: false });
        Assert.Empty(FhirRules.SafeHarbor.Notes);
    }

    [Fact]
    public void EveryTruncationAndManyDamagesAreRefusedOrRead()
    {
        var json = File.ReadAllBytes(Path.Combine(Runs.Gold, "ms-fhir", "configs", "generalize-patient-config.json"));
        for (var length = 0; length < json.Length; length++)
            ReadOrRefuse(json[..length]);
        for (var at = 0; at < json.Length; at++)
        {
            var damaged = (byte[])json.Clone();
            damaged[at] ^= (byte)(1 + at % 255);
            ReadOrRefuse(damaged);
        }
    }

    [Fact]
    public void AConfigurationHasItsLimits()
    {
        Assert.Throws<RulesException>(() => Runs.Rules("{\"fhirPathRules\": []" + new string(' ', 1024 * 1024) + "}"));
        var rule = """{"path":"Patient","method":"keep"}""";
        Assert.Throws<RulesException>(() => Runs.Rules($$"""{"fhirPathRules": [{{string.Join(",", Enumerable.Repeat(rule, 10_001))}}]}"""));
        Assert.Throws<RulesException>(() => Runs.Rules(string.Concat(Enumerable.Repeat("""{"parameters":""", 5000))));
    }

    [Fact]
    public void RulesThatKeepThisPersonsNameAreRefusedInAStudy()
    {
        var json = """{"fhirPathRules": [{"path": "Patient.name.where(use = 'nickname')", "method": "keep"}, {"path": "Practitioner.name", "method": "keep"}]}"""u8.ToArray();
        const string Person = """{"resourceType":"Patient","active":true,"name":[{"use":"nickname","given":["Quickbeam"]}]}""";
        var refused = Assert.Throws<RulesException>(() => Runs.Run(Person, FhirRules.ReadForStudy(json)));
        Assert.Contains("Patient.name.given", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Quickbeam", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, Runs.Run(Person, FhirRules.Read(json)).Report.CountOf(ChangeReport.Kept));
        // Nothing of a ZIP code that ends in zeros is left to take: that is none that is kept.
        var partly = """{"fhirPathRules": [{"path": "Patient.address.postalCode", "method": "redact"}], "parameters": {"enablePartialZipCodesForRedact": true}}"""u8.ToArray();
        Assert.Contains("12300", Runs.Run("""{"resourceType":"Patient","address":[{"postalCode":"12300"}]}""", FhirRules.ReadForStudy(partly)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"fhirPathRules": [], "unmatched": "keep"}""", "'unmatched'")]
    [InlineData("""{"fhirPathRules": [], "parameters": {"cryptoHashKey": "known to the researcher"}}""", "keys")]
    [InlineData("""{"fhirPathRules": [], "parameters": {"dateShiftKey": "known to the researcher"}}""", "keys")]
    [InlineData("""{"fhirPathRules": [], "parameters": {"dateShiftScope": "folder"}}""", "scope")]
    [InlineData("""{"fhirPathRules": [{"path": "Patient.name", "method": "encrypt"}]}""", "encrypted")]
    [InlineData("""{"fhirPathRules": [{"path": "nodesByType('HumanName')", "method": "keep"}]}""", "Patient.name")]
    [InlineData("""{"fhirPathRules": [{"path": "Resource", "method": "keep"}]}""", "Patient.address")]
    [InlineData("""{"fhirPathRules": [{"path": "Patient.name", "method": "redact"}, {"path": "RelatedPerson.name.given", "method": "keep"}]}""", "RelatedPerson.name.given")]
    [InlineData("""{"fhirPathRules": [{"path": "Patient.name.family", "method": "generalize", "cases": {"true": "$this"}}]}""", "Patient.name.family")]
    public void RulesOfAStudyBringNoKeysAndKeepNothingUnnamed(string json, string why)
    {
        Assert.Contains(why, Assert.Throws<RulesException>(() => FhirRules.ReadForStudy(Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);
        FhirRules.Read(Encoding.UTF8.GetBytes(json));
        FhirRules.ReadForStudy("""{"fhirPathRules": [{"path": "nodesByType('date')", "method": "dateShift"}], "parameters": {"dateShiftKey": ""}}"""u8.ToArray());
    }

    [Fact]
    public void TheTypesAreThoseOfR4()
    {
        // 146 resources of R4 can be read, and no abstract one (148 with Resource and DomainResource).
        Assert.Equal(148, Health.Deidentification.Fhir.Types.FhirTypes.Resources.Count);
        foreach (var (path, type) in (ReadOnlySpan<(string, string)>)
        [
            ("Patient.birthDate", "date"), ("Resource.id", "id"), ("Bundle.entry.fullUrl", "uri"), ("Observation.component.referenceRange.age", "Range"),
            ("Questionnaire.item.item.item.linkId", "string"), ("Contract.term.asset.answer.value", "Attachment"), ("Dosage.doseAndRate.dose", "Quantity"),
            ("Attachment.data", "base64Binary"), ("Narrative.div", "xhtml"),
        ])
        {
            var names = path.Split('.');
            var types = new List<Health.Deidentification.Fhir.Types.FhirType> { Health.Deidentification.Fhir.Types.FhirTypes.Find(names[0])! };
            foreach (var name in names[1..])
                types = [.. types.SelectMany(owner => owner.OfPath(name)).Select(element => element.Type)];
            Assert.Contains(types, found => found.Name == type);
        }
    }

    private static void ReadOrRefuse(byte[] json)
    {
        try
        {
            FhirRules.Read(json);
        }
        catch (RulesException error)
        {
            Assert.True(error.Message.Length < 1000, Encoding.UTF8.GetString(json));
        }
    }
}

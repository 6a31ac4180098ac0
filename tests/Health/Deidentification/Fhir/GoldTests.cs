using Salus.Health.Deidentification.Fhir;

namespace Salus.Health.Tests.Deidentification.Fhir;

/// <summary>What Microsoft's tool makes of its test files, with what no rule names kept, as that tool does.</summary>
public class GoldTests
{
    private static string Folder => Path.Combine(Runs.Gold, "ms-fhir");

    [Theory]
    [InlineData("patient-basic", "common-config")]
    [InlineData("bundle-basic", "common-config")]
    [InlineData("contained-basic", "common-config")]
    [InlineData("patient-no-partial", "common-no-partial-config")]
    [InlineData("patient-substitute-primitive", "substitute-primitive")]
    [InlineData("patient-substitute-complex", "substitute-complex")]
    public void PairsAreReproduced(string pair, string configuration) => Assert.Empty(Differences(pair, configuration));

    [Fact]
    public void TheToolRedactsAllOfAPatient() => Assert.Empty(JsonDifference.Between(
        Pair("patient-redact-all-target"), Runs.Run(Pair("patient-basic"), Configuration("redact-all-config")).Text));

    /// <summary>The input has one object where FHIR has a list (communication, coding). The tool's parser wraps it; here it stays as it stood.</summary>
    [Fact]
    public void GeneralizationIsReproducedButForAListThatTheInputHasNot()
    {
        var only = Assert.Single(Differences("patient-generalize", "generalize-patient-config"));
        Assert.Equal(".communication", only.Path);
        Assert.Equal("""[{"language":{"coding":[{"code":"en"}]}}]""", Compact(only.Expected!));
        Assert.Equal("""{"language":{"coding":{"code":"en"}}}""", Compact(only.Actual!));
    }

    /// <summary>The configuration has no pair: an earlier rule's substitution of the period stands in the later one of the name.</summary>
    [Fact]
    public void SubstitutionKeepsWhatAnEarlierRuleSubstituted()
    {
        var name = Runs.Json("""{"resourceType":"Patient","name":[{"use":"old","family":"Roe","period":{"start":"1999-09-09"}},{"given":["A","B","C"]}]}""",
            Configuration("substitute-multiple")).GetProperty("name");
        Assert.Equal("""[{"family":"example","period":{"start":"2020-01-01","end":"2021-01-01"},"given":["test","testing"]},{"given":["test","testing"],"family":"example"}]""", name.GetRawText());
    }

    /// <summary>
    /// A run of the tool in 2021 on two bundles. Its input had been prepared: requests are PUT with the identifier in the address, references name a
    /// type instead of a UUID; and its printer drops a zero at the end of an instant. Everything else is equal, to the last digit.
    /// </summary>
    [Theory]
    [InlineData("Cris921_Rath779_d4519c92-d241-b2b2-7360-291d60be699e.json", 84, 289, 18)]
    [InlineData("Roland928_Nienow652_13b1a0f2-dceb-37a2-f32b-f0ca6e3b9925.json", 61, 233, 0)]
    public void TheRunOf2021IsReproducedButForThePreparationOfItsInput(string file, int entries, int references, int instants)
    {
        var folder = Path.Combine(Runs.Gold, "ms-tool-run-2021");
        var rules = FhirRules.Read(File.ReadAllBytes(Path.Combine(folder, "anonymizer-configuration.json")), Unmatched.Keep);
        Assert.Equal("rule 10 (nodesByType('birthdate')): misspelt in Microsoft's configuration; it matches nothing", Assert.Single(rules.Notes));
        var differences = JsonDifference.Between(File.ReadAllBytes(Path.Combine(folder, file)), Runs.Run(Tests.Fhir.FhirFiles.Read(file), rules).Text);
        var kinds = differences.ToLookup(KindOf);
        Assert.Empty(kinds["unexplained"]);
        Assert.Equal((entries, entries, references, instants), (kinds["method"].Count(), kinds["url"].Count(), kinds["reference"].Count(), kinds["instant"].Count()));
    }

    [Theory]
    [InlineData("configs/common-config.json")]
    [InlineData("configs/common-no-partial-config.json")]
    [InlineData("configs/generalize-patient-config.json")]
    [InlineData("configs/redact-all-config.json")]
    [InlineData("configs/substitute-complex.json")]
    [InlineData("configs/substitute-multiple.json")]
    [InlineData("configs/substitute-primitive.json")]
    [InlineData("configuration-sample.json")]
    [InlineData("../ms-tool-run-2021/anonymizer-configuration.json")]
    public void PublishedConfigurationsRunUnchangedOnEveryFileBothWays(string configuration)
    {
        var json = File.ReadAllBytes(Path.Combine(Folder, configuration));
        foreach (var unmatched in Enum.GetValues<Unmatched>())
        {
            var rules = FhirRules.Read(json, unmatched);
            foreach (var file in (string[])["Clemente_Kreiger_1484a42d-0eaf-4654-9cbf-6b050a5cd73b.json", "IPS_IG-bundle-01.json", "bulk-ndjson/Patient.000.ndjson", "CARIN_INS_CD-bundle-01.json"])
                try
                {
                    Assert.True(Runs.Run(Tests.Fhir.FhirFiles.Read(file), rules).Report.Items > 1);
                }
                catch (IdentifiersLeftException) when (unmatched == Unmatched.Redact)
                {
                    // The tool keeps places that name the patient; then nothing is handed out.
                }
        }
    }

    private static string KindOf(JsonDifference d)
    {
        if (d.Path.EndsWith(".request.method", StringComparison.Ordinal) && d is { Expected: "PUT", Actual: "POST" })
            return "method";
        if (d.Path.EndsWith(".request.url", StringComparison.Ordinal) && d.Expected!.StartsWith(d.Actual + "/", StringComparison.Ordinal))
            return "url";
        if (d.Actual!.StartsWith("urn:uuid:", StringComparison.Ordinal) && d.Path.EndsWith(".reference", StringComparison.Ordinal) && d.Expected!.Split('/')[1] == d.Actual["urn:uuid:".Length..])
            return "reference";
        var isInstant = d.Path.EndsWith(".issued", StringComparison.Ordinal) && d.Actual.Replace("0-", "-", StringComparison.Ordinal) == d.Expected!.Replace("0-", "-", StringComparison.Ordinal);
        return isInstant ? "instant" : "unexplained";
    }

    private static List<JsonDifference> Differences(string pair, string configuration) =>
        JsonDifference.Between(Pair(pair + "-target"), Runs.Run(Pair(pair), Configuration(configuration)).Text);

    private static FhirRules Configuration(string name) => FhirRules.Read(File.ReadAllBytes(Path.Combine(Folder, "configs", name + ".json")), Unmatched.Keep);

    private static byte[] Pair(string name) => File.ReadAllBytes(Path.Combine(Folder, "pairs", name + ".json"));

    private static string Compact(string json) => json.Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);
}

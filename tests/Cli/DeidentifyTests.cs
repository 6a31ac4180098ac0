using System.Text.Json;
using Salus.Testing;

namespace Salus.Cli.Tests;

/// <summary>`deidentify` answers without an installation or an account; its file appears only when all is well.</summary>
public class DeidentifyTests
{
    private static readonly string Bundle = Path.Combine(Places.Root, "samples", "patient-bundle.json");

    [Fact]
    public void ABundleLosesWhatNamesThePatient()
    {
        using var data = new TemporaryData();
        using var folder = new TemporaryFolder();
        var target = Path.Combine(folder.Path, "out.json");
        var outcome = CommandLine.Run(data.Arguments("deidentify", Bundle, "--out", target, "--json"));
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.Equal(("application/fhir+json", true), (outcome.Json.GetProperty("mediaType").GetString(), outcome.Json.GetProperty("randomKeys").GetBoolean()));
        Assert.Contains("under keys of this run", outcome.Errors, StringComparison.Ordinal);
        var methods = outcome.Json.GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("method").GetString()).Distinct();
        Assert.Contains("redact", methods);
        using var before = JsonDocument.Parse(File.ReadAllBytes(Bundle));
        var family = before.RootElement.GetProperty("entry").EnumerateArray().Select(entry => entry.GetProperty("resource"))
            .First(resource => resource.GetProperty("resourceType").GetString() == "Patient").GetProperty("name")[0].GetProperty("family").GetString()!;
        Assert.DoesNotContain(family, File.ReadAllText(target), StringComparison.Ordinal);
        Assert.DoesNotContain(family, outcome.Output + outcome.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(data.Folder));
    }

    [Fact]
    public void AConfigurationOfMicrosoftRunsAsItIs()
    {
        using var folder = new TemporaryFolder();
        var (target, gold) = (Path.Combine(folder.Path, "out.json"), Path.Combine(Places.Data, "gold", "ms-fhir"));
        string[] arguments = ["deidentify", Path.Combine(gold, "pairs", "patient-basic.json"), "--rules", Path.Combine(gold, "configs", "common-config.json"), "--out", target];
        var outcome = CommandLine.Run([.. arguments, "--unmatched", "keep"]);
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.DoesNotContain("keys of this run", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("698d54f0494528a759f19c8e87a9f99e75a5881b9267ee3926bcf62c992d84ba", File.ReadAllText(target), StringComparison.Ordinal);
        // Without the flag, what no rule names goes, and that is said.
        outcome = CommandLine.Run(arguments);
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.Contains("values that no rule names were redacted", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("managingOrganization", File.ReadAllText(target), StringComparison.Ordinal);
    }

    [Fact]
    public void NothingIsWrittenWhenSomethingIsWrong()
    {
        using var folder = new TemporaryFolder();
        string Write(string name, string text)
        {
            var path = Path.Combine(folder.Path, name);
            File.WriteAllText(path, text);
            return path;
        }
        var patient = Write("patient.json", """{"resourceType":"Patient","id":"p1","name":[{"family":"Needleman"}],"photo":[{"title":"Mrs Needleman"}]}""");
        var target = Path.Combine(folder.Path, "out");
        foreach (var (file, rules, why) in ((string, string?, string)[])
        [
            (patient, Write("unknown.json", """{"fhirPathRules":[{"path":"Patient.nam","method":"redact"}]}"""), "rule 1 (Patient.nam): Patient has no element 'nam'"),
            (patient, Write("left.json", """{"fhirPathRules":[{"path":"nodesByType('Attachment')","method":"keep"}]}"""), "Patient.photo.title (1)"),
            (patient, Write("encrypt.json", """{"fhirPathRules":[{"path":"Patient.name.family","method":"encrypt"}]}"""), "no key"),
            (Write("cut.json", """{"resourceType":"Patient","name":[{"family":"Needleman"""), null, "ends in the middle"),
            (Write("note.txt", "Mrs Needleman was here"), null, "No rule set handles this kind of file"),
            (Path.Combine(Places.Data, "hl7v2", "LAB-ORU-1.hl7"), null, "No rule set handles this kind of file"),
            (Path.Combine(Places.Data, "ccda", "HL7_CCD2.xml"), null, "No rule set handles this kind of file"),
            (Path.Combine(folder.Path, "none.json"), null, "There is no file"),
        ])
        {
            var outcome = CommandLine.Run([.. new[] { "deidentify", file, "--out", target, "--json" }, .. rules is null ? Array.Empty<string>() : ["--rules", rules]]);
            Assert.Equal(1, outcome.ExitCode);
            Assert.Contains(why, outcome.Json.GetProperty("error").GetString(), StringComparison.Ordinal);
            Assert.DoesNotContain("Needleman", outcome.Output + outcome.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain(Directory.EnumerateFiles(folder.Path), path => Path.GetFileName(path).StartsWith("out", StringComparison.Ordinal));
        }
        Assert.Equal(1, CommandLine.Run("deidentify", patient, "--out", patient).ExitCode);
        Assert.Contains("Needleman", File.ReadAllText(patient), StringComparison.Ordinal);
    }

    [Fact]
    public void EncryptionIsUnderTheKeyOfTheConfiguration()
    {
        using var folder = new TemporaryFolder();
        var (patient, rules, target) = (Path.Combine(folder.Path, "patient.json"), Path.Combine(folder.Path, "rules.json"), Path.Combine(folder.Path, "out.json"));
        File.WriteAllText(patient, """{"resourceType":"Patient","name":[{"family":"Needleman"}]}""");
        File.WriteAllText(rules, """{"fhirPathRules":[{"path":"Patient.name.family","method":"encrypt"}],"parameters":{"encryptKey":"a key of sixteen"}}""");
        var outcome = CommandLine.Run("deidentify", patient, "--rules", rules, "--out", target);
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        using var document = JsonDocument.Parse(File.ReadAllBytes(target));
        // A nonce of 12 bytes, as many bytes as the name has, a tag of 16.
        Assert.Equal(12 + 9 + 16, document.RootElement.GetProperty("name")[0].GetProperty("family").GetBytesFromBase64().Length);
    }
}

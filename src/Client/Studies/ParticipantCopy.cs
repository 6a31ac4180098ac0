using System.Text;
using System.Text.Json;
using Salus.Health;
using Salus.Health.Cohort;
using Salus.Health.Deidentification;
using Salus.Health.Deidentification.Dicom;
using Salus.Health.Deidentification.Fhir;
using Salus.Health.Dicom;
using Salus.Health.Fhir;
using Salus.Protocol.Studies;

namespace Salus.Client.Studies;

/// <summary>Makes a participant's copy: the columns that the study declares, what its rules leave of the resources that it asks for, and images without what names anybody.</summary>
internal static class ParticipantCopy
{
    /// <summary>
    /// Throws <see cref="CannotException"/> when there is nothing of what the study asks for, when the rules cannot be followed, or when what they leave still names the person.
    /// </summary>
    /// <returns>Also how many images were left out: those that a name may be burned into, and those that no rule makes safe.</returns>
    public static (ContributionCopy Copy, ChangeReport Report, int ImagesLeftOut) Make(StudyTerms terms, ParticipantData data, ParticipantKeys keys)
    {
        var columns = Columns(terms, data);
        using var source = new MemoryStream();
        var wanted = 0;
        // The patient goes in, asked for or not: what names them is looked for everywhere else.
        foreach (var resource in data.Resources.Where(resource => ParticipantData.IsOfType(resource, "Patient") || IsWanted(resource, terms)))
        {
            using (var writer = new Utf8JsonWriter(source))
                resource.WriteTo(writer);
            source.WriteByte((byte)'\n');
            wanted += IsWanted(resource, terms) ? 1 : 0;
        }
        if (wanted + data.Images.Count == 0)
            throw new CannotException("Your records hold nothing of what the study asks for. Nothing was contributed.", Reasons.NothingToContribute);
        source.Position = 0;
        using var output = new MemoryStream();
        var report = Deidentify(terms, keys, columns, source, output);
        var lines = Encoding.UTF8.GetString(output.GetBuffer().AsSpan(0, (int)output.Length)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var images = data.Images.Select(image => Image(image, keys, report)).OfType<ContributedFile>().ToList();
        return (new ContributionCopy(keys.Pseudonym, columns, [.. lines.Where(line => IsWanted(line, terms)).Select(line => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(line))], images), report,
            data.Images.Count - images.Count);
    }

    /// <summary>By the basic profile of PS3.15, without any date. Null for an image that has to be looked at first, or that is damaged.</summary>
    private static ContributedFile? Image(byte[] image, ParticipantKeys keys, ChangeReport report)
    {
        try
        {
            using var output = new MemoryStream();
            report.Add(new DicomDeidentifier(new DicomOptions(), keys.Deidentification()).Run(new MemoryStream(image), output));
            return new ContributedFile(MediaTypes.Dicom, output.ToArray());
        }
        catch (Exception refused) when (refused is Salus.Health.Deidentification.RefusedException or DicomFormatException)
        {
            return null;
        }
    }

    /// <summary>The columns of the study, as the records say them, on the day on which it opened.</summary>
    public static IReadOnlyDictionary<string, string> Columns(StudyTerms terms, ParticipantData data)
    {
        if (terms.Sensitive.Length > 0 && !PatientColumns.MayBeSensitive(terms.Sensitive))
            throw new CannotException($"The study would have {terms.Sensitive} released as it is, which tells people apart. Nothing was contributed.", Reasons.BadStudy);
        var names = terms.QuasiIdentifiers.Select(quasi => quasi.Column).Concat(terms.Sensitive.Length > 0 ? [terms.Sensitive] : []);
        return PatientColumns.Read(data.Resources, names, DateOnly.FromDateTime(terms.Opens.UtcDateTime));
    }

    private static ChangeReport Deidentify(StudyTerms terms, ParticipantKeys keys, IReadOnlyDictionary<string, string> columns, Stream source, Stream output)
    {
        try
        {
            var rules = terms.Rules.Length == 0 ? FhirRules.SafeHarbor : FhirRules.ReadForStudy(Encoding.UTF8.GetBytes(terms.Rules));
            var worded = columns.Where(column => PatientColumns.IsWorded(column.Key)).ToDictionary();
            return new FhirDeidentifier(rules, keys.Deidentification()) { Beside = worded }.Run(source, output);
        }
        catch (RulesException fault)
        {
            throw new CannotException($"The study's rules cannot be followed: {fault.Message} Nothing was contributed.", Reasons.BadStudy);
        }
        catch (IdentifiersLeftException left)
        {
            throw new CannotException($"{left.Message}. Nothing was contributed.", Reasons.NothingToContribute);
        }
        catch (FhirFormatException fault)
        {
            throw new CannotException($"{fault.Message} Nothing was contributed.", Reasons.NotFhir);
        }
    }

    private static bool IsWanted(JsonElement resource, StudyTerms terms) => terms.Resources.Any(type => ParticipantData.IsOfType(resource, type));

    private static bool IsWanted(string line, StudyTerms terms)
    {
        using var document = JsonDocument.Parse(line);
        return IsWanted(document.RootElement, terms);
    }
}

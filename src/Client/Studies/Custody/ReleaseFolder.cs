using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Salus.Client.Profiles;
using Salus.Health;
using Salus.Health.Cohort;
using Salus.Protocol.Studies;

namespace Salus.Client.Studies.Custody;

/// <summary>
/// The files of a release: <c>data.csv</c> (pseudonym, generalised quasi-identifiers, sensitive column), <c>fhir/TYPE.ndjson</c>, <c>files/</c>, <c>report.json</c>, and all of it in
/// <c>release.zip</c>. The rows are in the order of the pseudonyms, which is none.
/// </summary>
internal sealed class ReleaseFolder : IDisposable
{
    public const string ArchiveName = "release.zip";

    private const string PseudonymColumn = "participant";
    private const string PatientType = "Patient";

    private static readonly HashSet<string> Persons = [PatientType, "Person", "RelatedPerson"];

    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, string> Extensions = new()
    {
        [MediaTypes.Dicom] = ".dcm", [MediaTypes.Png] = ".png", [MediaTypes.Jpeg] = ".jpg",
    };

    private readonly string target;

    /// <summary>Where it is made: a kill leaves nothing under the name that was asked for.</summary>
    private readonly string folder;
    private readonly StudyTerms terms;
    private readonly bool tellsConditions;
    private readonly Dictionary<string, FileStream> types = [];
    private readonly SortedDictionary<string, int> resources = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> leftOut = new(StringComparer.Ordinal);
    private int files;

    /// <summary>Makes the folder, which must be empty or not be there.</summary>
    public ReleaseFolder(string folder, Study study, CohortRelease release)
    {
        (target, terms) = (Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), study.Terms);
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
            throw new CannotException($"{folder} is there already. Name a folder that is new or empty.");
        this.folder = $"{target}.{Guid.CreateVersion7():n}.partial";
        DurableFile.CreateFolder(this.folder);
        // What the gate had to generalise, the resources about it would tell exactly.
        tellsConditions = !terms.QuasiIdentifiers.Where((quasi, i) => quasi.Column is PatientColumns.ConditionCode or PatientColumns.ConditionDisplay && release.Generalises(i)).Any();
    }

    public string ArchivePath => Path.Combine(target, ArchiveName);

    public void WriteTable(CohortRelease release, IReadOnlyList<Participant> participants)
    {
        using var writer = new StreamWriter(Open("data.csv"), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        CsvWriter.WriteRow(writer, [PseudonymColumn, .. terms.QuasiIdentifiers.Select(quasi => quasi.Column), .. Sensitive]);
        for (var row = 0; row < participants.Count; row++)
        {
            if (!release.Keeps(row))
                continue;
            var at = row;
            CsvWriter.WriteRow(writer, [participants[row].Pseudonym, .. Enumerable.Range(0, terms.QuasiIdentifiers.Count).Select(column => release.Value(at, column)),
                .. Sensitive.Select(column => participants[at].Row[column])]);
        }
    }

    /// <summary>A participant who stays: the resources and files of the copy, demographics as generalised.</summary>
    public void WriteCopy(CohortRelease release, int row, ContributionCopy copy)
    {
        var told = terms.QuasiIdentifiers.Select((quasi, i) => (quasi.Column, Value: release.Value(row, i))).Where(pair => pair.Value.Length > 0 && pair.Value != Hierarchy.Anything)
            .ToDictionary(pair => pair.Column, pair => pair.Value);
        foreach (var bytes in copy.Resources)
        {
            using var resource = JsonDocument.Parse(bytes);
            var type = resource.RootElement.GetProperty("resourceType").GetString()!;
            if (!terms.Resources.Contains(type) || (type != PatientType && (!tellsConditions || HoldsPerson(resource.RootElement))))
            {
                Count(leftOut, terms.Resources.Contains(type) ? type : "other");
                continue;
            }
            Count(resources, type);
            var stream = Of(type);
            using (var json = new Utf8JsonWriter(stream))
                if (type == PatientType)
                    GeneralisedPatient.Write(json, resource.RootElement.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null, copy.Pseudonym, told);
                else
                    resource.RootElement.WriteTo(json);
            stream.Write("\n"u8);
        }
        foreach (var file in copy.Files)
        {
            using var stream = Open(Path.Combine("files", $"{copy.Pseudonym}-{++files:D5}{Extensions.GetValueOrDefault(file.MediaType, ".bin")}"));
            stream.Write(file.Content);
        }
    }

    /// <summary>The report, and everything in one archive whose bytes tell no time.</summary>
    public ReleaseReport Finish(ReleaseReport report)
    {
        foreach (var stream in types.Values)
            stream.Dispose();
        report = report with { Resources = resources, LeftOut = leftOut, Files = files };
        using (var stream = Open("report.json"))
            JsonSerializer.Serialize(stream, report, StudyJson.Default.ReleaseReport);
        var written = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        using (var archive = new ZipArchive(Open(ArchiveName), ZipArchiveMode.Create))
            foreach (var path in written)
            {
                var entry = archive.CreateEntry(Path.GetRelativePath(folder, path).Replace('\\', '/'));
                entry.LastWriteTime = NoTime;
                using var from = File.OpenRead(path);
                using var to = entry.Open();
                from.CopyTo(to);
            }
        if (Directory.Exists(target))
            Directory.Delete(target);
        Directory.Move(folder, target);
        return report;
    }

    /// <summary>Takes back what was written: a release is whole or not there.</summary>
    public void Discard()
    {
        Dispose();
        Directory.Delete(folder, recursive: true);
    }

    public void Dispose()
    {
        foreach (var stream in types.Values)
            stream.Dispose();
    }

    private IEnumerable<string> Sensitive => terms.Sensitive.Length > 0 ? [terms.Sensitive] : [];

    private FileStream Of(string type) => types.TryGetValue(type, out var open) ? open : types[type] = Open(Path.Combine("fhir", type + ".ndjson"));

    private FileStream Open(string name)
    {
        var path = Path.Combine(folder, name);
        DurableFile.CreateFolder(Path.GetDirectoryName(path)!);
        return new FileStream(path, DurableFile.Private(FileMode.CreateNew, FileAccess.Write));
    }

    /// <summary>Whether the demographics of somebody, which the table tells as far as the gate lets it, stand in a resource or in one within it.</summary>
    private static bool HoldsPerson(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Any(member =>
            member.NameEquals("resourceType") && member.Value.ValueKind == JsonValueKind.String ? Persons.Contains(member.Value.GetString()!) : HoldsPerson(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().Any(HoldsPerson),
        _ => false,
    };

    private static void Count(SortedDictionary<string, int> counts, string type) => counts[type] = counts.GetValueOrDefault(type) + 1;
}

using System.Text.Json;
using Salus.Client.Accounts;
using Salus.Client.Records;
using Salus.Client.Uploads;
using Salus.Crypto.Dispersal;
using Salus.Health;
using Salus.Health.Fhir;
using Salus.Protocol.Studies;

namespace Salus.Client.Studies;

/// <summary>One person's resources as they are, before anything is taken out: on this device, and gone when it is disposed.</summary>
internal sealed class ParticipantData : IDisposable
{
    /// <summary>Bytes of resources that are held in memory, at most.</summary>
    private const long MaxBytes = 512L << 20;

    private readonly List<JsonDocument> _documents = [];
    private readonly List<byte[]> _images = [];

    /// <summary>DICOM files, when the study asks for what lists them.</summary>
    public IReadOnlyList<byte[]> Images => _images;

    public IEnumerable<JsonElement> Resources => _documents.Select(document => document.RootElement);

    /// <summary>The types that have to be read to answer a study.</summary>
    public static IReadOnlySet<string> Needed(StudyTerms terms)
    {
        var types = terms.Resources.ToHashSet();
        types.Add("Patient");
        if (terms.QuasiIdentifiers.Count > 0 || terms.Sensitive.Length > 0 || terms.Attributes.Count > 0)
            types.Add("Condition");
        if (terms.Variables.Select(variable => variable.Source).Concat(terms.Attributes.Select(attribute => attribute.Source)).Any(source => source.StartsWith("loinc:", StringComparison.Ordinal)))
            types.Add("Observation");
        return types;
    }

    /// <summary>The account's own records, those that were imported from FHIR.</summary>
    public static async Task<ParticipantData> OfAccountAsync(Account account, StudyTerms terms, Func<SequenceKey> sequenceKey, IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        var data = new ParticipantData();
        var records = await new Catalogue(account).OwnAsync(cancel);
        try
        {
            var (imports, reader, seen, needed) = (new Imports(account), new RecordReader(account), new HashSet<string>(), Needed(terms));
            var budget = MaxBytes;
            foreach (var record in records.Where(record => record.Metadata.Kind == RecordMetadata.SliceKind))
            {
                var index = await imports.ReadIndexAsync(record, sequenceKey, [], cancel);
                var wanted = index.Entries.Where(entry => entry.ResourceLength > 0 && needed.Contains(entry.Type)).ToArray();
                if (wanted.Length == 0)
                    continue;
                if ((budget -= record.Metadata.ContentLength) < 0)
                    throw TooLarge();
                using var body = new MemoryStream();
                await reader.ReadAsync(record, sequenceKey, 0, record.Metadata.ContentLength, body, progress, cancel);
                foreach (var entry in wanted)
                    // Directory entries are copied to every slice that refers to them.
                    if (entry.Id is null || seen.Add($"{record.Metadata.Import}/{entry.Type}/{entry.Id}"))
                        data.Add(body.GetBuffer().AsMemory(checked((int)entry.ResourceOffset), checked((int)entry.ResourceLength)));
            }
            foreach (var record in records.Where(record => terms.WantsImages && record.Metadata.Kind != RecordMetadata.SliceKind && record.Metadata.MediaType == MediaTypes.Dicom))
            {
                if ((budget -= record.Metadata.ContentLength) < 0)
                    throw TooLarge();
                using var body = new MemoryStream();
                await reader.ReadAsync(record, sequenceKey, 0, record.Metadata.ContentLength, body, progress, cancel);
                data.AddImage(body.ToArray());
            }
            return data;
        }
        catch
        {
            data.Dispose();
            throw;
        }
        finally
        {
            Catalogue.Dispose(records);
        }
    }

    /// <summary>A FHIR file of one patient: a bundle, an array, or NDJSON.</summary>
    public static ParticipantData OfFile(Stream file, StudyTerms terms, CancellationToken cancel)
    {
        var data = new ParticipantData();
        try
        {
            if (file.Length > MaxBytes)
                throw new CannotException("The file is larger than 512 MiB. Nothing of it was contributed.", Reasons.TooLargeToContribute);
            var needed = Needed(terms);
            var slice = FhirImport.Read(file, FhirImportOptions.Default with { WholePartition = "medical" }, cancel).Slices[0];
            using var body = slice.OpenRead();
            foreach (var entry in slice.Index.Entries.Where(entry => entry.ResourceLength > 0 && needed.Contains(entry.Type)))
            {
                var resource = new byte[checked((int)entry.ResourceLength)];
                body.Position = entry.ResourceOffset;
                body.ReadExactly(resource);
                data.Add(resource);
            }
            return data;
        }
        catch (FhirFormatException fault)
        {
            data.Dispose();
            throw new CannotException($"{fault.Message} Nothing of it was contributed.", Reasons.NotFhir);
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    /// <summary>What the organisation knows its patient by: the first identifier of the one Patient in the file, else its id.</summary>
    public string PatientIdentifier()
    {
        var patients = Resources.Where(resource => IsOfType(resource, "Patient")).ToArray();
        if (patients.Length != 1)
            throw new CannotException($"There are {patients.Length} patients in the file: give one file for each. Nothing of it was contributed.", Reasons.NothingToContribute);
        if (patients[0].TryGetProperty("identifier", out var identifiers) && identifiers.ValueKind == JsonValueKind.Array)
            foreach (var identifier in identifiers.EnumerateArray())
                if (Text(identifier, "value") is { Length: > 0 } value)
                    return $"{Text(identifier, "system")}|{value}";
        return Text(patients[0], "id") is { Length: > 0 } id
            ? id : throw new CannotException("The patient in the file has neither an identifier nor an id. Nothing of it was contributed.", Reasons.NothingToContribute);
    }

    public void Dispose()
    {
        foreach (var document in _documents)
            document.Dispose();
    }

    internal void AddImage(byte[] image) => _images.Add(image);

    private static CannotException TooLarge() => new("Your records are larger than this device can prepare at once (512 MiB). Nothing was contributed.", Reasons.TooLargeToContribute);

    internal static bool IsOfType(JsonElement resource, string type) => Text(resource, "resourceType") == type;

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private void Add(ReadOnlyMemory<byte> resource)
    {
        try
        {
            // A copy of its own: the buffer that it came in is used again.
            _documents.Add(JsonDocument.Parse(resource.ToArray()));
        }
        catch (JsonException)
        {
            throw new AlarmException(AlarmKind.Integrity, "A resource is not where its record's index says.");
        }
    }
}

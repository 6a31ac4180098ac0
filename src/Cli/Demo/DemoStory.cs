using System.Security.Cryptography;
using System.Text;
using Salus.Cli.Parties;
using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Records;
using Salus.Client.Search;
using Salus.Client.Sharing;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cli.Demo;

/// <summary>
/// The main job, played on a real installation: register, import, search, share, open, be refused, revoke, lose two stores. Every step checks what it claims; a step that
/// does not hold ends the demo with exit code 1.
/// </summary>
internal sealed class DemoStory(DataFolder data, Supervisor supervisor, PartyDirectory parties, CancellationToken cancel) : IDisposable
{
    private const string PatientMail = "asha@example.org";
    private const string DoctorMail = "dr.lee@example.org";

    // Of the sample's laboratory values, and of its claims.
    private const string LabWord = "triglycerides";
    private const string ClaimWord = "aetna";

    private static readonly TimeSpan Visit = TimeSpan.FromDays(30);

    private readonly string _samples = Path.Combine(AppContext.BaseDirectory, "samples");
    private readonly string _out = Path.Combine(data.Root, "out");
    private Account? _patient;
    private Account? _doctor;
    private int _step;

    public async Task PlayAsync(Action<string> say)
    {
        Directory.CreateDirectory(_out);
        void Step(string text) => say($"{++_step,2}. {text}");
        var bundle = Sample("*.json");
        var image = Sample("*.png");

        _patient = await DemoPerson.RegisterAsync(PatientMail, Path.Combine(data.Root, "people", "asha"), parties, data.Mail, cancel);
        _doctor = await DemoPerson.RegisterAsync(DoctorMail, Path.Combine(data.Root, "people", "lee"), parties, data.Mail, cancel);
        Step($"{PatientMail} (a patient) and {DoctorMail} (a doctor) registered, each with a code from the outbox {data.Mail}.");

        var import = await new Imports(_patient).ImportAsync(bundle, new ImportOptions(null, new DispersalChoice()), null, cancel);
        var partitions = import.Records.Select(record => record.Partition).Distinct().Order().ToArray();
        Require(partitions.SequenceEqual(["insurance", "medical", "personal", "prescription"]), "the bundle gives four partitions");
        Step($"The patient imported {Path.GetFileName(bundle)} ({new FileInfo(bundle).Length:N0} bytes): {string.Join(", ", import.Records.Select(r => $"{r.Partition} {r.Resources}"))} resources.");
        var xray = await new RecordStore(_patient).PutAsync(image, new PutOptions("medical", ["x-ray"], new DispersalChoice()), null, cancel);
        Step($"The patient stored {Path.GetFileName(image)} ({xray.Bytes:N0} bytes) in {xray.Fragments} fragments over 4 stores; any 4 restore it.");

        var (labs, claims) = (await FindAsync(_patient, LabWord), await FindAsync(_patient, ClaimWord));
        Require(labs.Count > 0 && claims.Any(hit => hit.Partition == "insurance"), "the patient finds laboratory values and claims");
        Step($"The patient searched: \"{LabWord}\" is in {labs.Count} resources, first \"{labs[0].Snippet?.Marked("[", "]")}\"; \"{ClaimWord}\" in {claims.Count}. The cloud sees neither word.");

        var granting = new Granting(_patient);
        var proposal = await granting.ProposeAsync(DoctorMail, GrantRole.Doctor, ["medical", "prescription"], null, TimeProvider.System.GetUtcNow() + Visit,
            null, History.Whole, cancel);
        Require(proposal.To.Card.Fingerprint == _doctor.Card.Fingerprint, "the fingerprint that the patient sees is the doctor's");
        var grant = await granting.ConfirmAsync(proposal, cancel);
        Step($"Shared: {proposal.Sentence}\n    Fingerprint, the same on both sides: {_doctor.Card.Fingerprint}");

        var store = new RecordStore(_doctor);
        var (shared, complaints) = await store.SharedAsync(cancel);
        Require(complaints.Count == 0 && shared.Count > 0 && shared.All(record => record.Partition is "medical" or "prescription"), "the doctor sees what was granted and nothing else");
        foreach (var record in shared)
            await store.GetAsync(record.Record, Path.Combine(_out, record.Record.ToString()), NoKey, null, cancel);
        Require(Same(Path.Combine(_out, xray.Record.ToString()), image), "the X-ray is the same, byte for byte");
        Step($"The doctor opened {shared.Count} records of medical and prescription through two of three trustees; the X-ray is identical, byte for byte.");

        var found = await FindAsync(_doctor, LabWord);
        Require(found.Select(Place).Order().SequenceEqual(labs.Where(hit => hit.Partition is "medical" or "prescription").Select(Place).Order()), "the doctor finds the same in what was granted");
        Require((await FindAsync(_doctor, ClaimWord)).All(hit => hit.Partition is "medical" or "prescription"), "the doctor finds nothing in insurance");
        Step($"The doctor searched: \"{LabWord}\" is in {found.Count} resources; of insurance nothing is found.");

        foreach (var record in import.Records.Where(record => record.Partition is "insurance" or "personal"))
            await RefusedAsync(() => store.GetAsync(record.Record, Path.Combine(_out, "refused"), NoKey, null, cancel), $"{record.Partition} is refused");
        Step("The doctor was refused insurance and personal.");

        var outcome = await granting.RevokeAsync(grant.Terms.Id, cancel);
        Require(outcome.Receipts == 3, "three trustees sign that the keys are gone");
        await RefusedAsync(() => store.GetAsync(xray.Record, Path.Combine(_out, "refused"), NoKey, null, cancel), "the doctor is refused after the revocation");
        Require((await store.SharedAsync(cancel)).Records.Count == 0, "nothing is shared any more");
        Require((await FindAsync(_doctor, LabWord)).Count == 0, "nothing is found any more");
        Step($"The patient revoked: {outcome.Receipts} signed receipts, {string.Join(" and ", outcome.Moved)} moved on to a new epoch; the doctor is refused.");

        await supervisor.HoldAsync("store-2");
        await supervisor.HoldAsync("store-4");
        var export = Path.Combine(_out, "bundle.json");
        var exported = await new Imports(_patient).ExportAsync(null, export, NoKey, null, cancel);
        await new RecordStore(_patient).GetAsync(xray.Record, Path.Combine(_out, "xray"), NoKey, null, cancel);
        Require(exported.Exact && Same(export, bundle) && Same(Path.Combine(_out, "xray"), image), "everything is restored without two stores");
        Step($"store-2 and store-4 were stopped. The patient still opened everything; the export is the imported file (sha256 {exported.Sha256[..16]}…).");
        supervisor.Release("store-2");
        supervisor.Release("store-4");
    }

    /// <summary>Texts of the sample that no server may hold: names, addresses and codes of the patient, conditions, medicines, file names.</summary>
    public async Task<IReadOnlyList<string>> NeedlesAsync()
    {
        var needles = new SortedSet<string>(StringComparer.Ordinal) { "resourceType", "x-ray", Path.GetFileName(Sample("*.json")), Path.GetFileName(Sample("*.png")) };
        using var bundle = System.Text.Json.JsonDocument.Parse(await File.ReadAllBytesAsync(Sample("*.json"), cancel));
        Collect(bundle.RootElement, "", needles);
        return [.. needles];
    }

    public void Dispose()
    {
        _patient?.Dispose();
        _doctor?.Dispose();
    }

    private static void Collect(System.Text.Json.JsonElement element, string name, SortedSet<string> needles)
    {
        switch (element.ValueKind)
        {
            case System.Text.Json.JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                    Collect(property.Value, property.Name, needles);
                break;
            case System.Text.Json.JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                    Collect(item, name, needles);
                break;
            case System.Text.Json.JsonValueKind.String when name is "family" or "given" or "line" or "city" or "display" or "text" or "birthDate" && element.GetString() is { Length: >= 6 } text:
                needles.Add(text);
                break;
        }
    }

    private string Sample(string pattern) => Directory.Exists(_samples) && Directory.GetFiles(_samples, pattern) is [var found, ..]
        ? found
        : throw new StoppedException($"The samples are missing from {_samples}. Build again: ./salus build.");

    private async Task<IReadOnlyList<SearchHit>> FindAsync(Account who, string word) =>
        Query.TryParse(word, out var query, out var fault) ? await new Searcher(who).FindAsync(query, null, 100, cancel).ToListAsync(cancel) : throw new StoppedException(fault);

    private static string Place(SearchHit hit) => $"{hit.Record}/{hit.Resource}";

    private static async Task RefusedAsync(Func<Task> attempt, string what)
    {
        try
        {
            await attempt();
        }
        catch (RefusedException)
        {
            return;
        }
        throw new StoppedException($"The demo does not hold: {what}. THIS IS A FAULT OF SALUS.");
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
            throw new StoppedException($"The demo does not hold: {what}. THIS IS A FAULT OF SALUS.");
    }

    private static bool Same(string one, string other) => SHA256.HashData(File.ReadAllBytes(one)).AsSpan().SequenceEqual(SHA256.HashData(File.ReadAllBytes(other)));

    private static Crypto.Dispersal.SequenceKey NoKey() => throw new StoppedException("The demo's records carry their sequence keys.");
}

using System.Buffers;
using System.Text;
using System.Text.Json;
using Salus.Client.Records;
using Salus.Crypto.Dispersal;
using Salus.Testing;

namespace Salus.EndToEnd.Tests;

/// <summary>Every FHIR file of the data set, imported through the real system by one patient who also has a doctor.</summary>
public sealed class ImportedBundles(SalusInstallation salus) : IAsyncLifetime
{
    internal Person Patient { get; private set; } = null!;

    internal Person Doctor { get; private set; } = null!;

    internal Dictionary<string, ImportOutcome> Imports { get; } = [];

    public async ValueTask InitializeAsync()
    {
        (Patient, Doctor) = (await Person.RegisterAsync(salus, "plaintext"), await Person.RegisterAsync(salus, "reader"));
        foreach (var file in Directory.GetFiles(Path.Combine(Places.Data, "fhir"), "*.json"))
            Imports[file] = await Patient.Imports.ImportAsync(file, new ImportOptions(null, new DispersalChoice()), null, CancellationToken.None);
        await Patient.ShareAsync(Doctor, ["medical"]);
    }

    public ValueTask DisposeAsync()
    {
        Patient.Dispose();
        Doctor.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>What was imported comes back byte for byte, and no server holds a word of it.</summary>
public class PlaintextTests(SalusInstallation salus, ImportedBundles bundles) : IClassFixture<ImportedBundles>
{
    /// <summary>Shorter needles turn up in random bytes by chance.</summary>
    private const int ShortestNeedle = 7;

    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly string[] Telling = ["family", "given", "line", "city", "display", "text", "birthDate", "title"];

    [Fact]
    public async Task EveryBundleIsExportedByteForByte()
    {
        foreach (var (file, outcome) in bundles.Imports)
        {
            var path = bundles.Patient.Out("export.json");
            var export = await bundles.Patient.Imports.ExportAsync(outcome.Import, path, Person.NoKey, null, None);
            Assert.True(export.Exact, file);
            Extensions.AssertSame(await File.ReadAllBytesAsync(file), await File.ReadAllBytesAsync(path), file);
            File.Delete(path);
        }
    }

    [Fact]
    public async Task NoServerHoldsAWordOfARecord()
    {
        const string ownKey = "qZ7!wX3?eR5-tY";
        Assert.Equal(SequenceKeyFault.None, SequenceKey.TryParse(ownKey, out var sequence));
        var patient = bundles.Patient;
        var text = Encoding.UTF8.GetBytes("An unmistakable sentence about an illness. " + new string('z', 100_000));
        var path = Path.Combine(Path.GetDirectoryName(patient.Out("x"))!, "..", "unmistakable-file-name.txt");
        await File.WriteAllBytesAsync(path, text);
        await patient.Records.PutAsync(path, new PutOptions("medical", ["unmistakable-keyword"], new DispersalChoice(sequence)), null, None);

        var needles = await NeedlesAsync();
        var ids = needles.Where(needle => needle.Length >= 12).ToArray();
        needles.UnionWith(["unmistakable", "An unmistakable sentence", new string('z', 64), ownKey, "resourceType", "prescription", "insurance", "personal"]);
        foreach (var person in new[] { patient, bundles.Doctor })
            needles.UnionWith([person.Passphrase, person.Kit, .. Forms(person.Account.Keys.AccountSecret.Bytes)]);
        foreach (var record in await CarriedKeysAsync(patient))
            needles.Add(record);
        Assert.True(needles.Count > 500, $"{needles.Count} needles");
        var (words, mails) = (Search([.. needles]), Search([patient.Mail, bundles.Doctor.Mail]));
        // A study is public, and names types of resources as records do: there, only what tells of a person counts.
        var persons = Search([.. await PersonsAsync()]);

        var held = new Holdings(salus);
        foreach (var name in (string[])["cloud", .. SalusInstallation.TrusteeNames, .. SalusInstallation.StoreNames, "logs", "config"])
            foreach (var file in Directory.EnumerateFiles(salus.In(name), "*", SearchOption.AllDirectories))
                if (TryRead(file) is { } bytes)
                {
                    AssertNone(file, bytes, words);
                    AssertNone(file, bytes, mails);
                }
        foreach (var role in new[] { "cloud", "trustee1", "trustee2", "trustee3" })
            foreach (var (table, rows) in await held.TablesAsync(role))
                foreach (var piece in Holdings.Decode(rows))
                {
                    AssertNone(table, piece, table.EndsWith(".studies", StringComparison.Ordinal) ? persons : words);
                    if (table != "cloud.accounts")
                        AssertNone(table, piece, mails);
                }
        // The database as it lies on the disk, its log too: only what is long enough not to be PostgreSQL's own.
        var patterns = Search([.. ids]);
        foreach (var folder in new[] { "base", "pg_wal" })
            foreach (var file in Directory.EnumerateFiles(salus.In("postgres", folder), "*", SearchOption.AllDirectories))
                if (TryRead(file) is { } bytes)
                    AssertNone(file, bytes, patterns);
    }

    [Fact]
    public async Task TheSearchFindsWhatIsThere()
    {
        // The mail address is in the cloud's table of accounts: a search that did not find it would find nothing.
        var rows = (await new Holdings(salus).TablesAsync("cloud"))["cloud.accounts"];
        Assert.Contains(bundles.Patient.Mail, rows, StringComparison.Ordinal);
        var words = Search([.. await NeedlesAsync()]);
        foreach (var file in bundles.Imports.Keys)
            Assert.True(Holds(await File.ReadAllBytesAsync(file), words), file);
    }

    /// <summary>Names, identifiers, addresses, dates of birth, and what the resources say in words.</summary>
    private async Task<HashSet<string>> NeedlesAsync()
    {
        var needles = await PersonsAsync();
        foreach (var file in bundles.Imports.Keys)
        {
            Add(Path.GetFileName(file));
            using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(file));
            Collect(json.RootElement, "");
        }
        return needles;

        void Add(string text)
        {
            if (text.Length >= ShortestNeedle)
                needles.Add(text.Length > 60 ? text[..60] : text);
        }

        void Collect(JsonElement element, string name)
        {
            if (element.ValueKind == JsonValueKind.Object)
                foreach (var property in element.EnumerateObject())
                    Collect(property.Value, property.Name);
            else if (element.ValueKind == JsonValueKind.Array)
                foreach (var item in element.EnumerateArray())
                    Collect(item, name);
            else if (element.ValueKind == JsonValueKind.String && Telling.Contains(name) && element.GetString() is { } text && text.All(c => c is >= ' ' and < '\x7f'))
                Add(text);
        }
    }

    /// <summary>Of each patient: names, identifiers, addresses, and dates of birth.</summary>
    private static async Task<HashSet<string>> PersonsAsync()
    {
        using var gold = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(Places.Data, "gold", "needles.json")));
        return gold.RootElement.EnumerateObject()
            .SelectMany(bundle => bundle.Value.GetProperty("needles").EnumerateObject().Where(kind => kind.Name != "exactDates"))
            .SelectMany(kind => kind.Value.EnumerateArray().Select(needle => needle.GetString()!))
            .Where(needle => needle.Length >= ShortestNeedle)
            .ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The sequence keys that records carry, in their sealed metadata.</summary>
    private static async Task<IReadOnlyList<string>> CarriedKeysAsync(Person person)
    {
        var records = await new Catalogue(person.Account).OwnAsync(None);
        var keys = records.Select(record => record.Metadata.SequenceKey).OfType<string>().ToArray();
        Catalogue.Dispose(records);
        Assert.NotEmpty(keys);
        return keys;
    }

    private static string[] Forms(ReadOnlySpan<byte> secret) =>
        [Encoding.Latin1.GetString(secret), Convert.ToHexString(secret), Convert.ToHexStringLower(secret), Convert.ToBase64String(secret)];

    /// <summary>Bytes are searched as Latin-1, one character for each: so are the needles' UTF-8 and UTF-16.</summary>
    private static SearchValues<string> Search(string[] needles) => SearchValues.Create(
        [.. needles.SelectMany(needle => new[] { Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(needle)), Encoding.Latin1.GetString(Encoding.Unicode.GetBytes(needle)), needle }).Distinct()],
        StringComparison.Ordinal);

    private static bool Holds(byte[] bytes, SearchValues<string> needles) => Encoding.Latin1.GetString(bytes).AsSpan().ContainsAny(needles);

    private static void AssertNone(string where, byte[] bytes, SearchValues<string> needles)
    {
        var text = Encoding.Latin1.GetString(bytes);
        var at = text.AsSpan().IndexOfAny(needles);
        Assert.True(at < 0, $"{where} at {at}: {(at < 0 ? "" : text[Math.Max(0, at - 40)..Math.Min(text.Length, at + 80)])}");
    }

    private static byte[]? TryRead(string file)
    {
        try
        {
            // A lock is held by its server, and nothing is ever written to it.
            return Path.GetFileName(file) == "lock" || new FileInfo(file).Length == 0 ? null : File.ReadAllBytes(file);
        }
        catch (FileNotFoundException)
        {
            return null; // its server has removed it meanwhile
        }
    }
}

using System.Security.Cryptography;
using System.Text.Json;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Protocol.Http;
using Salus.Protocol.Log;

namespace Salus.Cli.Parties;

/// <summary>What a server prints with `--print-identity`.</summary>
internal sealed record PrintedIdentity(string Key, string? Box, string? Log = null, string? Witness = null, string? Directory = null);

/// <summary>
/// A data folder and what is in it. The first start makes everything; later ones check that it is still there, and change nothing but addresses.
/// </summary>
internal sealed class Installation
{
    private const int Format = 1;

    // What may be in a data folder before its first start.
    private static readonly string[] BeforeFirstStart = ["profiles", "logs", "page", "audit", "up.lock"];

    private readonly DataFolder _data;
    private readonly Record _record;
    private readonly Cluster _cluster;
    private readonly Authority _authority;

    private Installation(DataFolder data, Record record)
    {
        (_data, _record) = (data, record);
        _cluster = new Cluster(data);
        _authority = new Authority(data, TimeProvider.System);
    }

    /// <summary>installation.json.</summary>
    /// <param name="Prepared">The first start got as far as to have made everything.</param>
    internal sealed record Record(int Format, bool Prepared, int BasePort, bool Tls);

    public int BasePort => _record.BasePort;

    public int PostgresPort => BasePort + PartyPlan.PostgresOffset;

    public bool Tls => _record.Tls;

    /// <summary>Where the cloud hosts the page, or null when there is none in this package.</summary>
    public Uri? Page => PagePackage.Find() is null ? null : PartyPlan.Cloud.Url(BasePort, Tls);

    public Cluster Cluster => _cluster;

    /// <summary>The servers as they were prepared, which clients pin.</summary>
    public PartyDirectory Parties => ReadDirectory();

    /// <summary>The message for something that must be there and is not, or is not whole.</summary>
    public static StoppedException Damaged(DataFolder data, string what) =>
        new($"The data folder is damaged: {what}. Nothing was changed. Restore it from a backup, or start another installation elsewhere with --data; "
            + $"{data.Root} stays as it is.");

    /// <summary>Whether the folder is one of Salus, or can become one. Changes nothing.</summary>
    public static void CheckOwnership(DataFolder data)
    {
        if (File.Exists(data.Root))
            throw new StoppedException($"{data.Root} is a file. Nothing was changed. Give a folder with --data.");
        if (!Directory.Exists(data.Root) || File.Exists(data.Installation))
            return;
        var others = Directory.EnumerateFileSystemEntries(data.Root).Select(Path.GetFileName).Except(BeforeFirstStart).Take(3).ToList();
        if (others.Count > 0)
            throw new StoppedException(
                $"{data.Root} is not a data folder of Salus: it holds {string.Join(", ", others)} and no installation.json. Nothing was changed. "
                + "Give another folder with --data.");
    }

    /// <summary>Opens the folder, or begins one. What was chosen before holds unless it is chosen anew.</summary>
    public static Installation Open(DataFolder data, int? port, bool? tls)
    {
        Record? before = null;
        if (File.Exists(data.Installation))
        {
            try
            {
                before = JsonSerializer.Deserialize(File.ReadAllBytes(data.Installation), CliJson.Default.Record);
            }
            catch (JsonException error)
            {
                throw Damaged(data, $"{data.Installation} cannot be read ({error.Message})");
            }
            if (before is not { Format: Format })
                throw new StoppedException(
                    $"{data.Root} was made by another version of Salus (format {before?.Format}). Nothing was changed. Use that version, or another folder with --data.");
        }
        return new Installation(data, new Record(Format, before?.Prepared ?? false, port ?? before?.BasePort ?? PartyPlan.DefaultPort, tls ?? before?.Tls ?? false));
    }

    /// <summary>Makes the folder ready to start from.</summary>
    public async Task PrepareAsync(CancellationToken cancel)
    {
        if (_record.Prepared)
            Check();
        else
            MakeFolders();
        var passwords = _cluster.Passwords();
        var authority = Tls ? _authority.Prepare() : null;
        var files = new Configurations(_data, this, Tls ? _authority : null, passwords);
        PartyDirectory directory;
        if (_record.Prepared)
        {
            directory = ReadDirectory();
            CheckIdentities(directory);
            if (!LogKeys.TryFrom(directory, out _) || directory.Cloud.Directory is null)
                directory = await WithLogKeysAsync(directory, files, cancel);
        }
        else
        {
            var database = _cluster.CreateAsync(passwords, cancel);
            var identities = IdentitiesAsync(files, cancel);
            await Task.WhenAll(database, identities);
            directory = await identities;
        }
        directory = Address(directory, authority);
        foreach (var party in PartyPlan.All)
            files.Write(party, directory);
        DataFolder.WritePrivate(_data.Directory, JsonSerializer.Serialize(directory, CliJson.Default.PartyDirectory));
        DataFolder.WritePrivate(_data.Installation, JsonSerializer.Serialize(_record with { Prepared = true }, CliJson.Default.Record));
    }

    private void MakeFolders()
    {
        DataFolder.WritePrivate(_data.Installation, JsonSerializer.Serialize(_record, CliJson.Default.Record));
        foreach (var folder in PartyPlan.All.Select(_data.Of).Append(_data.Mail).Append(_data.Configurations))
            DataFolder.MakePrivate(folder);
    }

    private void Check()
    {
        foreach (var folder in PartyPlan.All.Select(_data.Of).Append(_data.Configurations))
            if (!Directory.Exists(folder))
                throw Damaged(_data, $"{folder} is missing");
        foreach (var party in PartyPlan.All)
            Configurations.Read(_data, party);
        _cluster.Check();
    }

    /// <summary>Each server makes its own identity and tells its public half.</summary>
    private async Task<PartyDirectory> IdentitiesAsync(Configurations files, CancellationToken cancel)
    {
        // A server checks its whole configuration before it does anything, and there are keys of others in it that nobody knows yet: random ones stand for them.
        var provisional = Assemble(_ => new PrintedIdentity(RandomKey(), RandomKey(), RandomLogKey(), RandomWitnessKey()));
        foreach (var party in PartyPlan.All)
            files.Write(party, provisional);
        var printed = await PrintedAsync(PartyPlan.All, cancel);
        return Assemble(party => printed[party]);

        PartyDirectory Assemble(Func<PartyPlan, PrintedIdentity> identity) => new PartyDirectory(
            new Party(PartyPlan.Cloud.Name, PartyPlan.Cloud.Url(BasePort, Tls), identity(PartyPlan.Cloud).Key, identity(PartyPlan.Cloud).Log, identity(PartyPlan.Cloud).Directory),
            [.. PartyPlan.Trustees.Select(party =>
                new TrusteeParty(party.Name, party.Url(BasePort, Tls), identity(party).Key, identity(party).Box!, identity(party).Witness))],
            [.. PartyPlan.Stores.Select(party => new Party(party.Name, party.Url(BasePort, Tls), identity(party).Key))]);

        static string RandomKey() => RandomNumberGenerator.GetHexString(64, lowercase: true);
    }

    /// <summary>A folder from before there was a log: the servers derive its keys from the identities that they have, and tell them.</summary>
    private async Task<PartyDirectory> WithLogKeysAsync(PartyDirectory directory, Configurations files, CancellationToken cancel)
    {
        IReadOnlyList<PartyPlan> asked = [PartyPlan.Cloud, .. PartyPlan.Trustees];
        var provisional = directory with
        {
            Cloud = directory.Cloud with { Log = RandomLogKey() }, Trustees = [.. directory.Trustees.Select(trustee => trustee with { Witness = RandomWitnessKey() })],
        };
        foreach (var party in asked)
            files.Write(party, provisional);
        var printed = await PrintedAsync(asked, cancel);
        return directory with
        {
            Cloud = directory.Cloud with { Log = printed[PartyPlan.Cloud].Log, Directory = printed[PartyPlan.Cloud].Directory },
            Trustees = [.. directory.Trustees.Zip(PartyPlan.Trustees, (trustee, plan) => trustee with { Witness = printed[plan].Witness })],
        };
    }

    private async Task<IReadOnlyDictionary<PartyPlan, PrintedIdentity>> PrintedAsync(IEnumerable<PartyPlan> parties, CancellationToken cancel)
    {
        return (await Task.WhenAll(parties.Select(async party => (Party: party, Identity: await IdentityAsync(party))))).ToDictionary(one => one.Party, one => one.Identity);

        async Task<PrintedIdentity> IdentityAsync(PartyPlan party)
        {
            var text = await Commands.RunAsync(party.Program, [Programs.Find(party.Program), "--config", _data.Configuration(party), "--print-identity"], "", cancel);
            var identity = JsonSerializer.Deserialize(text, CliJson.Default.PrintedIdentity);
            return identity is { Log: not null, Witness: not null } && (party.Kind != PartyKind.Trustee || identity.Box is not null)
                ? identity
                : throw new StoppedException($"{party.Program} --print-identity printed no identity.");
        }
    }

    private static string RandomLogKey()
    {
        using var signer = NoteSigner.Log(Secret.Random(Ed25519.SeedSize));
        return signer.Key.ToString();
    }

    private static string RandomWitnessKey()
    {
        using var signer = NoteSigner.Witness(Secret.Random(Ed25519.SeedSize));
        return signer.Key.ToString();
    }

    private PartyDirectory ReadDirectory()
    {
        try
        {
            var directory = JsonSerializer.Deserialize(File.ReadAllBytes(_data.Directory), CliJson.Default.PartyDirectory);
            if (directory is not null && directory.Trustees.Count == PartyPlan.Trustees.Count && directory.Stores.Count == PartyPlan.Stores.Count)
                return directory;
        }
        catch (FileNotFoundException)
        {
            throw Damaged(_data, $"{_data.Directory} is missing");
        }
        catch (JsonException error)
        {
            throw Damaged(_data, $"{_data.Directory} cannot be read ({error.Message})");
        }
        throw Damaged(_data, $"{_data.Directory} does not name the cloud, three trustees and four stores");
    }

    /// <summary>A server without its files would make itself another identity, and be a stranger to every client: noticed here, before it starts.</summary>
    private void CheckIdentities(PartyDirectory directory)
    {
        string[] keys = [directory.Cloud.Key, .. directory.Trustees.Select(trustee => trustee.Key), .. directory.Stores.Select(store => store.Key)];
        foreach (var (party, key) in PartyPlan.All.Zip(keys))
        {
            var (seed, shown) = (Path.Combine(_data.Of(party), "identity.key"), Path.Combine(_data.Of(party), "identity.pub"));
            if (!File.Exists(seed))
                throw Damaged(_data, $"{seed}, the identity of {party.Name}, is missing");
            if (File.Exists(shown) && File.ReadAllText(shown).Trim() != key)
                throw Damaged(_data, $"{shown} is not the identity of {party.Name} that {_data.Directory} names");
        }
    }

    /// <summary>The directory with the addresses of this start.</summary>
    private PartyDirectory Address(PartyDirectory directory, string? authority) => new(
        directory.Cloud with { Url = PartyPlan.Cloud.Url(BasePort, Tls) },
        [.. directory.Trustees.Zip(PartyPlan.Trustees, (trustee, plan) => trustee with { Url = plan.Url(BasePort, Tls) })],
        [.. directory.Stores.Zip(PartyPlan.Stores, (store, plan) => store with { Url = plan.Url(BasePort, Tls) })],
        authority);
}

using System.Security.Cryptography;
using System.Text;
using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Deposits;
using Salus.Client.Partitions;
using Salus.Client.Profiles;
using Salus.Client.Records;
using Salus.Client.Requests;
using Salus.Client.Sharing;
using Salus.Crypto;
using Salus.Crypto.Dispersal;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.EndToEnd.Tests;

/// <summary>Somebody with a fresh account and a profile in the installation's data folder, where the command line finds it too.</summary>
internal sealed class Person : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly SalusInstallation _salus;
    private readonly string _out;

    private Person(SalusInstallation salus, string name, string? mail = null, string? passphrase = null)
    {
        (_salus, Name, Mail) = (salus, name, mail ?? $"{name}@example.org");
        Passphrase = passphrase ?? $"passphrase of {name} {Convert.ToHexString(RandomNumberGenerator.GetBytes(8))}";
        Profile = new Profile(salus.In("profiles", name));
        _out = salus.In("out", name);
        System.IO.Directory.CreateDirectory(_out);
    }

    public string Name { get; }

    public string Mail { get; }

    public string Passphrase { get; }

    public string Kit { get; private set; } = "";

    public Profile Profile { get; }

    public Account Account { get; private set; } = null!;

    public RecordStore Records => new(Account);

    public Imports Imports => new(Account);

    public Granting Granting => new(Account);

    public AccessRequests Requests => new(Account);

    public Salus.Client.Requests.Directory Directory => new(Account);

    /// <param name="through">The servers, where somebody stands between from the first request on.</param>
    public static async Task<Person> RegisterAsync(SalusInstallation salus, string name, string? passphrase = null, string? organisation = null, PartyDirectory? through = null)
    {
        var person = new Person(salus, salus.NewName(name), passphrase: passphrase);
        using var enrolment = new Enrolment(person.Profile, through ?? salus.Parties);
        var pending = await AskAsync(() => enrolment.StartRegistrationAsync(person.Mail, None));
        using var secret = Secret(person.Passphrase);
        (person.Account, var made) = await enrolment.RegisterAsync(pending, await salus.TakeCodeAsync(person.Mail), secret, organisation, TimeProvider.System, None);
        using var kit = made;
        person.Kit = kit.Reveal();
        await new PartitionKeys(person.Account).EnsureStandardAsync(None);
        return person;
    }

    /// <summary>On a further device, with an account that was made elsewhere.</summary>
    public static async Task<Person> LogInAsync(SalusInstallation salus, string mail, string passphrase, PartyDirectory? parties = null)
    {
        var person = new Person(salus, salus.NewName("device"), mail, passphrase);
        using var enrolment = new Enrolment(person.Profile, parties ?? salus.Parties);
        var pending = await AskAsync(() => enrolment.StartLoginAsync(mail, None));
        using var secret = Secret(passphrase);
        person.Account = await enrolment.LogInAsync(pending, await salus.TakeCodeAsync(mail), secret, TimeProvider.System, None);
        return person;
    }

    /// <summary>The same with the recovery kit, and another passphrase from then on.</summary>
    public static async Task<Person> RestoreAsync(SalusInstallation salus, string mail, string kit, PartyDirectory? parties = null)
    {
        var person = new Person(salus, salus.NewName("restored"), mail);
        using var enrolment = new Enrolment(person.Profile, parties ?? salus.Parties);
        var pending = await AskAsync(() => enrolment.StartLoginAsync(mail, None));
        using var secret = Secret(person.Passphrase);
        using var printed = RecoveryKit.Parse(kit);
        person.Account = await enrolment.RestoreAsync(pending, await salus.TakeCodeAsync(mail), printed, secret, TimeProvider.System, None);
        return person;
    }

    /// <summary>Asks for a code as often as the cloud allows it to one address.</summary>
    private static async Task<PendingCode> AskAsync(Func<Task<PendingCode>> ask)
    {
        for (; ; )
            try
            {
                return await ask();
            }
            catch (RefusedException refused) when (refused.Code == Problems.TooMany)
            {
                await Task.Delay(TimeSpan.FromSeconds(1));
            }
    }

    /// <summary>Goes on with other addresses for the servers: some of them are somebody's who stands between.</summary>
    public async Task ThroughAsync(PartyDirectory parties, TimeProvider? clock = null)
    {
        Account.Dispose();
        Profile.Save(Profile.Load() with { Parties = parties });
        using var secret = Secret(Passphrase);
        Account = await Account.UnlockAsync(Profile, secret, clock ?? TimeProvider.System);
    }

    /// <summary>A path in this person's own folder for output; the file is not there.</summary>
    public string Out(string name) => Path.Combine(_out, name);

    /// <summary>Everything in that folder.</summary>
    public IEnumerable<string> Written => System.IO.Directory.EnumerateFileSystemEntries(_out);

    /// <summary>Writes bytes to a file and puts it, into a patient's records when one is named.</summary>
    public async Task<StoredRecord> PutAsync(byte[] bytes, string partition = "medical", DispersalChoice? dispersal = null, string? name = null, Person? patient = null,
        params string[] findable)
    {
        var path = Path.Combine(System.IO.Directory.CreateDirectory(_salus.In("in", Name)).FullName, name ?? Guid.NewGuid().ToString("n"));
        await File.WriteAllBytesAsync(path, bytes);
        return await Records.PutAsync(path,
            new PutOptions(partition, findable, dispersal ?? new DispersalChoice(), patient?.Mail, IsFindable: findable.Length > 0), null, None);
    }

    /// <summary>Opens a record: its bytes, and what was wrong on the way.</summary>
    public async Task<(byte[] Bytes, IReadOnlyList<string> Complaints)> GetAsync(RecordId record, Func<SequenceKey>? sequenceKey = null)
    {
        var path = Out(Guid.NewGuid().ToString("n"));
        var complaints = await Records.GetAsync(record, path, sequenceKey ?? NoKey, null, None);
        var bytes = await File.ReadAllBytesAsync(path);
        File.Delete(path);
        return (bytes, complaints);
    }

    /// <summary>Cannot open a record: the exception; nothing was written.</summary>
    public async Task<T> FailsToGetAsync<T>(RecordId record, Func<SequenceKey>? sequenceKey = null) where T : Exception
    {
        var failure = await Assert.ThrowsAsync<T>(() => Records.GetAsync(record, Out("never"), sequenceKey ?? NoKey, null, None));
        Assert.Empty(Written);
        return failure;
    }

    public async Task<Grant> ShareAsync(Person with, string[] partitions, DateTimeOffset? from = null, DateTimeOffset? until = null, History history = History.Whole,
        GrantRole role = GrantRole.Doctor)
    {
        var proposal = await Granting.ProposeAsync(with.Mail, role, partitions, from, until, null, history, None);
        Assert.Equal(with.Account.Card.Fingerprint, proposal.To.Card.Fingerprint);
        return await Granting.ConfirmAsync(proposal, None);
    }

    /// <summary>Lets somebody add to these partitions.</summary>
    public async Task<DepositGrant> LetAddAsync(Person depositor, params string[] partitions)
    {
        var depositing = new Depositing(Account);
        return await depositing.ConfirmAsync(await depositing.ProposeAsync(depositor.Mail, partitions, null, null, None), None);
    }

    /// <summary>What others share with this person, without a complaint.</summary>
    public async Task<IReadOnlyList<RecordSummary>> SharedAsync()
    {
        var (records, complaints) = await Records.SharedAsync(None);
        Assert.Empty(complaints);
        return records;
    }

    /// <summary>A record as the cloud hands it to this person, its owner.</summary>
    public async Task<SealedRecord> SealedAsync(RecordId record)
    {
        var row = await Account.Cloud.RecordAsync(record, None);
        Assert.True(SealedRecord.TryVerify(row.Signed, row.SealedMetadata, out var found));
        return found;
    }

    /// <summary>Where an own record's fragments are: for each its store's name and its file there.</summary>
    public async Task<IReadOnlyList<(string Store, string File)>> FragmentsAsync(RecordId record)
    {
        using var opened = await new Catalogue(Account).OneAsync(record, None);
        using var keys = RecordReader.FragmentKeysOf(opened, NoKey);
        var fragments = new List<(string, string)>();
        for (var i = 0; i < keys.Count; i++)
        {
            var address = new byte[FragmentKeys.ValueSize];
            keys.Address(i, address);
            var hex = Convert.ToHexStringLower(address);
            var store = Account.Stores.Single(store => store.Key.ToString() == opened.Metadata.Stores[keys.Store(i, opened.Metadata.Stores.Length)]).Name;
            fragments.Add((store, _salus.In(store, "fragments", hex[..2], hex, "data")));
        }
        return fragments;
    }

    public static Secret Secret(string text) => Crypto.Secret.CopyOf(Encoding.UTF8.GetBytes(text));

    public static SequenceKey NoKey() => throw new InvalidOperationException("This record carries its sequence key.");

    public void Dispose() => Account.Dispose();
}

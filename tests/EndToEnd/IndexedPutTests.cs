using System.Diagnostics;
using System.Text;
using Salus.Client.Deposits;
using Salus.Client.Partitions;
using Salus.Client.Records;
using Salus.Client.Search.Indexing;
using Salus.Client.Search.Segments;
using Salus.Client.Uploads;
using Salus.Crypto.Dispersal;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.EndToEnd.Tests;

/// <summary>What a put or an import enters into the search index: all of it, once, whatever happens on the way.</summary>
public class IndexedPutTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task EveryRecordIsInTheIndexUnderItsPartitionAndSource()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var hospital = await Person.RegisterAsync(salus, "hospital", organisation: "City Hospital");
        await patient.LetAddAsync(hospital, "medical");
        var bundle = Directory.GetFiles(Path.Combine(Places.Data, "fhir"), "*.json").MinBy(file => new FileInfo(file).Length)!;
        var import = await patient.Imports.ImportAsync(bundle, new ImportOptions(null, new DispersalChoice()), null, None);
        var letter = await patient.PutAsync("A letter about spirometry."u8.ToArray(), name: "letter.txt");
        var picture = await patient.PutAsync(Extensions.RandomBytes(100), name: "picture.bin");
        var result = await hospital.PutAsync("A result about spirometry."u8.ToArray(), name: "result.txt", patient: patient);

        var index = await IndexAsync(patient);
        Assert.Equal(import.Records.Select(record => record.Record).Concat([letter.Record, picture.Record, result.Record]).Order(ById),
            index.Select(entry => entry.Document.Record).Distinct().Order(ById));
        Assert.Equal([letter.Record, result.Record], index.Where(entry => entry.Terms.Contains("w:spirometri")).Select(entry => entry.Document.Record));
        Assert.All(index, entry => Assert.Contains(entry.Document.Record == result.Record ? $"f:{hospital.Account.Id}" : $"f:{patient.Account.Id}", entry.Terms));
        Assert.All(import.Records.Where(record => record.Resources > 0), record =>
        {
            var resources = index.Where(entry => entry.Document.Record == record.Record).Select(entry => entry.Document.Resource).ToArray();
            Assert.Equal(resources.Length, resources.Distinct().Count());
        });
        var partitions = (await new PartitionKeys(patient.Account).AllAsync(None)).ToDictionary(partition => partition.Id, partition => partition.Name);
        Assert.All(import.Records, record => Assert.All(index.Where(entry => entry.Document.Record == record.Record), entry => Assert.Equal(record.Partition, partitions[entry.Partition])));
        // The depositor sees its own word, and nobody else's.
        var medical = partitions.Single(partition => partition.Value == "medical").Key;
        Assert.Single((await hospital.Account.Cloud.Index.UpdatesAsync(patient.Account.Id, medical, null, None)).Updates);
        Assert.Equal(0, patient.Records.Unfinished + hospital.Records.Unfinished);
    }

    /// <summary>The connection to the cloud breaks at one request, before it gets there or after; then the same again.</summary>
    [Theory]
    [InlineData("dictionary", true)]
    [InlineData("dictionary", false)]
    [InlineData("blocks", true)]
    [InlineData("blocks", false)]
    [InlineData("updates", true)]
    [InlineData("updates", false)]
    public async Task ABreakAtAnyRequestLosesNothingAndEntersNothingTwice(string at, bool isBefore)
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await patient.PutAsync("The first one."u8.ToArray(), name: "first.txt");
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        await patient.ThroughAsync(salus.Parties.With("cloud", cloud.Url));
        var broken = 0;
        bool IsTheOne(Exchange exchange) => exchange.Method != "GET" && exchange.Path.Split('?')[0].EndsWith("/" + at, StringComparison.Ordinal) && Interlocked.Exchange(ref broken, 1) == 0;
        cloud.Instead = exchange => isBefore && IsTheOne(exchange) ? throw new IOException("gone") : Task.FromResult(false);
        cloud.Change = exchange => !isBefore && IsTheOne(exchange) ? throw new IOException("gone") : Task.CompletedTask;
        var text = Words(150_000);
        var put = await patient.PutAsync(text, name: "words.txt");
        Assert.False(put.IsSearchable);
        Assert.NotNull(put.Waiting);
        Assert.Equal(1, broken);
        Assert.Equal(1, patient.Records.Unfinished);

        var stored = Assert.Single((await patient.Records.ResumeAsync(null, None)).Records);
        Assert.True(stored.IsSearchable);
        Assert.Equal(0, patient.Records.Unfinished);
        Assert.Equal(2, (await patient.Records.ListAsync(None)).Count);
        Assert.Equal(2, (await UpdatesAsync(patient)).Count);
        Assert.Equal(2, (await IndexAsync(patient, withTerms: false)).Count);
    }

    [Fact]
    public async Task TheOtherDeviceThatWasFirstIsFollowed()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await patient.PutAsync("The first one."u8.ToArray(), name: "first.txt");
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        await patient.ThroughAsync(salus.Parties.With("cloud", cloud.Url));
        // Between this one's update and its being sent, the other one's is entered.
        var raced = false;
        cloud.Instead = async exchange =>
        {
            if (exchange.Method == "POST" && exchange.Path == Paths.IndexUpdates && !raced)
            {
                raced = true;
                using var other = new Client.Accounts.Enrolment(new Client.Profiles.Profile(salus.In("profiles", patient.Name + "-other")), salus.Parties);
                var pending = await other.StartLoginAsync(patient.Mail, None);
                using var secret = Person.Secret(patient.Passphrase);
                (await other.LogInAsync(pending, await salus.TakeCodeAsync(patient.Mail), secret, TimeProvider.System, None)).Dispose();
                using var account = await Client.Accounts.Account.UnlockAsync(new Client.Profiles.Profile(salus.In("profiles", patient.Name + "-other")), secret, TimeProvider.System);
                var path = patient.Out("other.txt");
                await File.WriteAllTextAsync(path, "The other one.");
                await new RecordStore(account).PutAsync(path, new PutOptions("medical", [], new DispersalChoice()), null, None);
                File.Delete(path);
            }
            return false;
        };
        await patient.PutAsync("The last one."u8.ToArray(), name: "last.txt");
        Assert.True(raced);
        Assert.Equal([1L, 2, 3], (await UpdatesAsync(patient)).Select(update => update.Sequence).Order());
        Assert.Equal(3, (await IndexAsync(patient)).Select(entry => entry.Document.Record).Distinct().Count());
    }

    [Fact]
    public async Task AKilledPutIsEnteredOnceWheneverItIsKilled()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var (path, bytes) = (patient.Out("words.txt"), Words(400_000));
        await File.WriteAllBytesAsync(path, bytes);
        var outbox = patient.Profile.Outbox;
        await KillAsync(Start(patient, "put", path), () => Directory.EnumerateFiles(outbox, "*.dictionary", SearchOption.AllDirectories).Any());
        await KillAsync(Start(patient, "put", path), () => Directory.EnumerateFiles(outbox, "plan.sealed", SearchOption.AllDirectories).Any());
        foreach (var milliseconds in new[] { 700, 900, 1100, 1300, 1500, 1800 })
        {
            var since = Stopwatch.GetTimestamp();
            await KillAsync(Start(patient, "put", path), () => Stopwatch.GetElapsedTime(since).TotalMilliseconds > milliseconds, mayEnd: true);
            if (patient.Records.Unfinished == 0)
                break;
        }
        if (patient.Records.Unfinished > 0 || (await patient.Records.ListAsync(None)).Count == 0)
        {
            var outcome = await CommandLine.EndAsync(Start(patient, "put", path));
            Assert.True(outcome.ExitCode == 0, outcome.ToString());
        }
        var record = Assert.Single(await patient.Records.ListAsync(None));
        Assert.Equal(0, patient.Records.Unfinished);
        Assert.Single(await UpdatesAsync(patient));
        Assert.Equal(record.Record, Assert.Single(await IndexAsync(patient, withTerms: false)).Document.Record);
        File.Delete(path);
        Extensions.AssertSame(bytes, (await patient.GetAsync(record.Record)).Bytes, path);
    }

    [Fact]
    public async Task AKilledImportIsEnteredOnce()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var bundle = Directory.GetFiles(Path.Combine(Places.Data, "fhir"), "*.json").MaxBy(file => new FileInfo(file).Length)!;
        var outbox = patient.Profile.Outbox;
        await KillAsync(Start(patient, "import", bundle), () => Directory.EnumerateFiles(outbox, "*.dictionary", SearchOption.AllDirectories).Any());
        await KillAsync(Start(patient, "import", bundle), () => Directory.EnumerateFiles(outbox, "*.import").Any());
        var outcome = await CommandLine.EndAsync(Start(patient, "import", bundle));
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.Equal(0, patient.Records.Unfinished);
        Assert.Empty(Directory.EnumerateDirectories(outbox));
        var records = await patient.Records.ListAsync(None);
        var index = await IndexAsync(patient, withTerms: false);
        Assert.Equal(records.Select(record => record.Record).Order(ById), index.Select(entry => entry.Document.Record).Distinct().Order(ById));
        Assert.Equal(index.Count, index.Select(entry => entry.Document).Distinct().Count());
    }

    [Fact]
    public async Task RecordsOutsideTheIndexAreEnteredOnceUnderTheirOwnEpoch()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var hospital = await Person.RegisterAsync(salus, "hospital", organisation: "City Hospital");
        var grant = await patient.LetAddAsync(hospital, "medical");
        var indexed = await patient.PutAsync("A letter about spirometry."u8.ToArray(), name: "letter.txt");
        // As they were sealed before there was an index; the second one with a sequence key of the owner's own; the third by the hospital.
        Assert.Equal(SequenceKeyFault.None, SequenceKey.TryParse("abcdefgh", out var key));
        var plain = await PutWithoutWordsAsync(patient, null, "spirometry, years ago", new DispersalChoice());
        var held = await PutWithoutWordsAsync(patient, null, "spirometry under a key", new DispersalChoice(key));
        var deposited = await PutWithoutWordsAsync(hospital, patient, "spirometry in hospital", new DispersalChoice());
        await patient.Granting.RevokeAsync(grant.Terms.Id, None);

        var early = await new Reindexing(patient.Account).RunAsync(() => key!, null, None);
        Assert.Empty(early.Records);
        Assert.Contains("so new", Assert.Single(early.Complaints), StringComparison.Ordinal);
        await patient.ThroughAsync(salus.Parties, new LaterTime(TimeSpan.FromMinutes(11)));
        var wrong = await new Reindexing(patient.Account).RunAsync(() => SequenceKey.TryParse("hgfedcba", out var other) == SequenceKeyFault.None ? other! : key!, null, None);
        Assert.Equal([plain, deposited], wrong.Records);
        Assert.Contains("Wrong sequence key", Assert.Single(wrong.Complaints), StringComparison.Ordinal);
        Assert.Equal([held], (await new Reindexing(patient.Account).RunAsync(() => key!, null, None)).Records);
        Assert.Empty((await new Reindexing(patient.Account).RunAsync(() => key!, null, None)).Records);

        var index = await IndexAsync(patient);
        Assert.Equal(new[] { indexed.Record, plain, held, deposited }.Order(ById), index.Where(entry => entry.Terms.Contains("w:spirometri")).Select(entry => entry.Document.Record).Order(ById));
        Assert.Equal(deposited, Assert.Single(index, entry => entry.Terms.Contains($"f:{hospital.Account.Id}")).Document.Record);
        Assert.All((await UpdatesAsync(patient)).SelectMany(update => update.Added), segment => Assert.Equal(EpochNumber.First, segment.Epoch));
        Assert.Equal(0, patient.Records.Unfinished);
    }

    private async Task<RecordId> PutWithoutWordsAsync(Person author, Person? patient, string text, DispersalChoice choice)
    {
        var outbox = new Outbox(author.Account);
        using var held = outbox.Lock();
        var bytes = Encoding.UTF8.GetBytes(text);
        using var body = new MemoryStream(bytes);
        var metadata = new RecordMetadata("old.txt", "text/plain", RecordMetadata.FileKind, "medical", bytes.Length, 0, 0, null, null, null, [], []);
        var plan = await new RecordSealer(author.Account, outbox).SealAsync(await new WriteTargets(author.Account, patient?.Mail).FindAsync("medical", None),
            new RecordContent(body, metadata, new PlanSource("/old.txt", bytes.Length, DateTimeOffset.UnixEpoch)), choice, null, None);
        return (await author.Records.StoreAsync(plan, bytes.Length, null, None)).Record;
    }

    internal sealed class LaterTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }

    /// <summary>So many different words: their postings are in blocks.</summary>
    private static byte[] Words(int count) => Encoding.ASCII.GetBytes(string.Join(' ', Enumerable.Range(0, count).Select(i => $"word{i:x}q")));

    private static readonly Comparer<RecordId> ById = Comparer<RecordId>.Create((a, b) => a.Value.CompareTo(b.Value));

    private static async Task<IReadOnlyList<IndexUpdate>> UpdatesAsync(Person owner)
    {
        var page = await owner.Account.Cloud.Index.UpdatesAsync(owner.Account.Id, null, null, None);
        Assert.Null(page.Next);
        return [.. page.Updates.Select(signed => IndexUpdate.TryVerify(signed, out var update) ? update : throw new InvalidOperationException("not signed"))];
    }

    /// <summary>Every document of the owner's whole index, with its terms.</summary>
    private static async Task<IReadOnlyList<(PartitionId Partition, IndexedDocument Document, IReadOnlySet<string> Terms)>> IndexAsync(Person owner, bool withTerms = true)
    {
        var (id, cloud) = (owner.Account.Id, owner.Account.Cloud.Index);
        var partitions = (await new PartitionKeys(owner.Account).AllAsync(None)).ToDictionary(partition => partition.Id);
        var found = new List<(PartitionId, IndexedDocument, IReadOnlySet<string>)>();
        foreach (var update in await UpdatesAsync(owner))
            foreach (var info in update.Added)
            {
                using var key = await new ContentKeys(owner.Account).OwnAsync(SealedKey.Of(info, id, update.Partition), partitions[update.Partition]);
                using var segment = await OpenSegment.OpenAsync(id, info, key, await cloud.DictionaryAsync(info, None));
                var terms = Enumerable.Range(0, segment.Documents).Select(_ => new HashSet<string>()).ToArray();
                if (withTerms)
                    foreach (var term in segment.AllTerms())
                        foreach (var posting in await segment.PostingsAsync(term, await BlocksAsync(segment.Addresses(term))))
                            terms[posting.Document].Add(Encoding.UTF8.GetString(term.Utf8));
                for (var i = 0; i < segment.Documents; i++)
                    found.Add((update.Partition, segment.Document((uint)i), terms[i]));

                async Task<ReadOnlyMemory<byte>[]> BlocksAsync(IReadOnlyList<BlockAddress> addresses)
                {
                    var asked = addresses.Select(address => new Client.Transport.BlockAddress(info.Id, address.ToBytes())).ToArray();
                    return asked.Length == 0 ? [] : [.. (await cloud.BlocksAsync(asked, None)).Select(block => new ReadOnlyMemory<byte>(block))];
                }
            }
        return found;
    }

    private Process Start(Person person, params string[] arguments) =>
        CommandLine.Start(CommandLine.Program, [.. arguments, "--data", salus.Data, "--profile", person.Name], ("SALUS_PASSPHRASE", person.Passphrase));

    private static async Task KillAsync(Process process, Func<bool> holds, bool mayEnd = false)
    {
        using (process)
        {
            var since = Stopwatch.GetTimestamp();
            while (!HoldsNow() && !process.HasExited && Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(120))
                await Task.Delay(1);
            Assert.True(mayEnd || !process.HasExited, "It ended before it could be killed.");
            process.Kill();
            await process.WaitForExitAsync();
        }

        bool HoldsNow()
        {
            try
            {
                return holds();
            }
            catch (IOException)
            {
                return false; // a folder went while it was looked through
            }
        }
    }
}

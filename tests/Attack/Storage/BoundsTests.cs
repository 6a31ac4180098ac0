using System.Diagnostics;
using System.Text;
using Salus.Attack.Tests.Servers;
using Salus.Client;
using Salus.Client.Records;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Attack.Tests.Storage;

/// <summary>Answers without measure, and what sizes tell.</summary>
public class BoundsTests(HostileServers servers) : AttackTest(servers)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact, Attack("S17")]
    public async Task AnswersWithoutMeasureEndInAnAlarmInLittleMemory()
    {
        var deep = Encoding.ASCII.GetBytes(new string('[', 200_000));
        var row = await Patient.Account.Cloud.RecordAsync(Cast.One.Id, None);
        var page = $"{{\"records\":[{string.Join(',', Enumerable.Repeat("null", 100_000))}],\"next\":null}}";
        foreach (var (path, body, encoding) in new (string, byte[], string?)[]
        {
            (Paths.Records, deep, null),
            (Paths.Records, [.. "{\"records\":"u8, .. deep], null),
            (Paths.Records, Encoding.ASCII.GetBytes(page), null),
            (Paths.Records, [.. "{\"records\":[],\"next\":\""u8, .. Encoding.ASCII.GetBytes(new string('9', 30_000_000)), .. "\""u8], null),
            (Paths.Epochs, Encoding.ASCII.GetBytes($"{{\"signed\":[{string.Join(',', Enumerable.Repeat("\"AAAA\"", 200_000))}]}}"), null),
            (Paths.Records, new byte[64 * 1024 * 1024 + 1], null),
            (Paths.Records, Bomb(), "gzip"),
        })
        {
            Servers.BeHonest();
            Servers.Mutate("cloud", path, exchange =>
            {
                exchange.Body = body;
                if (encoding is not null)
                    exchange.Headers["Content-Encoding"] = encoding;
            }, "GET");
            var since = Stopwatch.GetTimestamp();
            // A heap of 400 MB: whoever believes a length has not got it.
            var outcome = await CommandLine.RunAsync(["list", "--data", Salus.Data, "--profile", Patient.Name], ("SALUS_PASSPHRASE", Patient.Passphrase), ("DOTNET_GCHeapHardLimit", "0x19000000"));
            Assert.True(outcome.ExitCode == 3, outcome.ToString());
            Assert.Contains("ALARM (Integrity)", outcome.Errors, StringComparison.Ordinal);
            Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, Soon);
        }
        // A catalogue without end: every page another cursor.
        Servers.BeHonest();
        var pages = 0;
        Mutate<CataloguePage>(Paths.Records, shown => shown with { Next = $"{++pages % 50}" }, "GET");
        await CaughtAsync(AlarmKind.Integrity, Patient, "list");
        Assert.InRange(pages, 2, 200);
        // Lengths and counts in what is signed, by an author who may write there: refused before anything is asked for or made room for.
        foreach (var at in new[] { 291, 292, 289, 290 })
            for (var value = 0; value < 256; value += 51)
            {
                var signed = row.Signed.ToArray();
                signed[at] = (byte)value;
                if (signed.AsSpan().SequenceEqual(row.Signed))
                    continue;
                Patient.Account.Keys.Identity.Sign(Crypto.Domains.SignRecord, signed.AsSpan(..^64), signed.AsSpan(^64..));
                Servers.BeHonest();
                MutateRecord(_ => row with { Signed = signed });
                var since = Stopwatch.GetTimestamp();
                await AlarmedAsync(AlarmKind.Integrity, Patient, Cast.One);
                Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, Soon);
            }
        // Fragments that go on for ever.
        Servers.BeHonest();
        foreach (var store in (string[])["store-1", "store-2"])
            Servers.Mutate(store, "/v1/fragments/", exchange => exchange.Body = new byte[32 * 1024 * 1024], "GET");
        await OpensAsync(Patient, Cast.One, "store-1", "store-2");
    }

    [Fact, Attack("S18")]
    public async Task SizesTellNothingOfTheContentAndNothingIsSharedBetweenPeople()
    {
        // The same length, all alike or random, and each also at another patient's, as if somebody had slipped it in there: nothing is smaller and nothing is left out.
        var (one, other) = (await Cast.RegisterAsync("patient"), await Cast.RegisterAsync("patient"));
        var slippedIn = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("HIV positive. ", 2000)));
        var contents = new[] { slippedIn, new byte[slippedIn.Length], Extensions.RandomBytes(slippedIn.Length) };
        var shapes = new List<string>();
        var addresses = new HashSet<string>();
        var leaves = new HashSet<string>();
        foreach (var (person, content) in contents.SelectMany(content => new[] { (one, content), (other, content) }))
        {
            var mark = Servers.Now;
            // Without words: what can be searched is indexed, and an index has the size of its words.
            var stored = await person.PutAsync(content, name: "scan.bin");
            var sent = Servers.Since(mark).Where(seen => seen.Exchange.Method == "PUT" && seen.Party.StartsWith("store", StringComparison.Ordinal)).Select(seen => seen.Exchange).ToArray();
            shapes.Add(string.Join(' ', sent.Select(exchange => exchange.Request.Length).Order()));
            foreach (var exchange in sent)
            {
                Assert.True(addresses.Add(exchange.Path));
                for (var leaf = 4096; leaf + 4096 <= exchange.Request.Length; leaf += 4096)
                    Assert.True(leaves.Add(Convert.ToHexString(exchange.Request, leaf, 64)), "two fragments have equal bytes");
            }
            Assert.Equal(content.Length, (await person.GetAsync(stored.Record)).Bytes.Length);
        }
        Assert.Single(shapes.Distinct());
    }

    [Fact, Attack("S21")]
    public async Task WhatIsGoodOnTheDiskIsNotReplacedByWhatDoesNotOpen()
    {
        var (target, state) = (Patient.Out("kept.txt"), Path.Combine(Patient.Profile.Folder, "state.sealed"));
        await File.WriteAllTextAsync(target, "the good copy");
        foreach (var (garble, kind) in new (Action, AlarmKind)[]
        {
            (() => Servers.Serve("store", (_, bytes) => [.. bytes.Reverse()]), AlarmKind.Integrity),
            (() => Servers.Serve("store", (_, _) => null), AlarmKind.Withheld),
            (() => Servers.Mutate("cloud", Paths.Records + "/", exchange => exchange.Body = [], "GET"), AlarmKind.Integrity),
            (() => Servers.Mutate("cloud", Paths.Epochs, exchange => exchange.Set(new SignedList([])), "GET"), AlarmKind.Withheld),
        })
        {
            Servers.BeHonest();
            garble();
            var begun = TimeProvider.System.GetUtcNow();
            await IsCaughtAsync(kind, Patient, "get", begun, await CommandAsync(Patient, "get", Cast.One.Id.ToString(), "--out", target));
            Assert.Equal("the good copy", await File.ReadAllTextAsync(target));
            Assert.Equal([target], Patient.Written);
            Assert.True(new FileInfo(state).Length > 0);
        }
        File.Delete(target);
        Servers.BeHonest();
        // What waits in the outbox is kept as long as nobody has taken it for certain.
        using var patient = await Cast.RegisterAsync("patient");
        Servers.Instead("store", exchange => exchange.IsLost = exchange.Method == "PUT");
        var bytes = Extensions.RandomBytes(5000);
        await Assert.ThrowsAnyAsync<Exception>(() => patient.PutAsync(bytes));
        Assert.Equal(1, patient.Records.Unfinished);
        Servers.BeHonest();
        var stored = Assert.Single((await patient.Records.ResumeAsync(null, None)).Records);
        Assert.Equal(bytes, (await patient.GetAsync(stored.Record)).Bytes);
    }

    /// <summary>A gigabyte of zeros, compressed.</summary>
    private static byte[] Bomb()
    {
        using var made = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(made, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            var zeros = new byte[1024 * 1024];
            for (var i = 0; i < 1024; i++)
                gzip.Write(zeros);
        }
        return made.ToArray();
    }
}

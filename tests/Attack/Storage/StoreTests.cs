using System.Diagnostics;
using System.Security.Cryptography;
using Salus.Attack.Tests.Servers;
using Salus.Client;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Attack.Tests.Storage;

/// <summary>Stores that do not keep their word, alone and together: up to n - k fragments' worth of them cost nothing but a name in a report, more are refused by name.</summary>
public class StoreTests(HostileServers servers) : AttackTest(servers)
{
    private static readonly string[] TwoStores = ["store-1", "store-3"];

    [Fact, Attack("S12")]
    public async Task AReceiptWithoutBytesIsNotStored()
    {
        using var patient = await Cast.RegisterAsync("patient");
        // The store has its own key, and signs for what it throws away.
        var kept = new Dictionary<string, byte[]>();
        foreach (var store in new[] { "store-1", "store-2", "store-3" })
            LieAbout(store, kept);
        var file = patient.Profile.Folder + ".bin";
        await File.WriteAllBytesAsync(file, Extensions.RandomBytes(40_000));
        await CaughtAsync(AlarmKind.Integrity, patient, "put", file);
        Servers.BeHonest();
        Assert.Empty(await patient.Records.ListAsync(None));
        // One that lies is not counted and is named; when it behaves it gets its fragments.
        LieAbout("store-1", kept);
        var stored = Assert.Single((await patient.Records.ResumeAsync(null, None)).Records);
        Assert.Equal(["store-1"], stored.Missing);
        Servers.BeHonest();
        Assert.Empty(Assert.Single((await patient.Records.ResumeAsync(null, None)).Records).Missing);
        Assert.Equal(await File.ReadAllBytesAsync(file), (await patient.GetAsync(stored.Record)).Bytes);
        Assert.All(await patient.FragmentsAsync(stored.Record), fragment => Assert.True(File.Exists(fragment.File)));
        File.Delete(file);
    }

    [Theory, Attack("S13")]
    [InlineData("another record's")]
    [InlineData("mixed")]
    [InlineData("random")]
    [InlineData("an earlier upload's")]
    public async Task TwoStoresThatGiveOtherFragmentsAreWorkedAroundAndNamed(string what)
    {
        var (one, two) = (await Patient.FilesAsync(Cast.One.Id), await Patient.FilesAsync(Cast.Two.Id));
        var other = one.Zip(two).ToDictionary(pair => pair.First.Address, pair => pair.Second.Bytes);
        foreach (var liar in TwoStores)
            Servers.Serve(liar, (address, bytes) => what switch
            {
                "another record's" => other.GetValueOrDefault(address, bytes),
                "mixed" => [.. bytes[..8192], .. other.GetValueOrDefault(address, bytes)[8192..]],
                "random" => RandomNumberGenerator.GetBytes(bytes.Length),
                _ => [.. other.GetValueOrDefault(address, bytes)[..4096], .. bytes[4096..]],
            });
        foreach (var reader in new[] { Patient, Doctor })
            await OpensAsync(reader, Cast.One, TwoStores);
        var outcome = await CommandAsync(Patient, "get", Cast.One.Id.ToString(), "--out", Patient.Out("opened"));
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Extensions.AssertSame(Cast.One.Bytes, await File.ReadAllBytesAsync(Patient.Out("opened")), what);
        File.Delete(Patient.Out("opened"));
    }

    [Theory, Attack("S14")]
    [InlineData("down")]
    [InlineData("hangs before it answers")]
    [InlineData("hangs after the headers")]
    [InlineData("refuses")]
    public async Task TwoStoresThatAreDownOrHangAreDoneWithout(string how)
    {
        await Patient.ThroughAsync(Servers.Parties, new HastyTime());
        foreach (var liar in TwoStores)
            Servers.InsteadAsync(liar, async exchange =>
            {
                switch (how)
                {
                    case "down":
                        exchange.IsLost = true;
                        break;
                    case "hangs before it answers":
                        await Task.Delay(TimeSpan.FromSeconds(5));
                        exchange.IsLost = true;
                        break;
                    case "hangs after the headers":
                        (exchange.Status, exchange.Stalls) = (206, true);
                        break;
                    default:
                        Refuse(exchange, 503, "internal", "maintenance");
                        break;
                }
                return true;
            });
        var since = Stopwatch.GetTimestamp();
        await OpensAsync(Patient, Cast.One, TwoStores);
        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, TimeSpan.FromSeconds(30));
        await Patient.ThroughAsync(Servers.Parties);
    }

    [Theory, Attack("S15")]
    [InlineData("missing", AlarmKind.Withheld)]
    [InlineData("garbage", AlarmKind.Integrity)]
    public async Task WithThreeBadStoresNothingIsWrittenAndAllAreNamed(string what, AlarmKind kind)
    {
        string[] bad = ["store-1", "store-2", "store-4"];
        foreach (var liar in bad)
            Servers.Serve(liar, (_, bytes) => what == "missing" ? null : RandomNumberGenerator.GetBytes(bytes.Length));
        foreach (var reader in new[] { Patient, Doctor })
        {
            await GetIsCaughtAsync(kind, reader, Cast.One);
            var told = (await Cast.AlarmsAsync(reader))[0].Message;
            Assert.All(bad, store => Assert.Contains(store, told, StringComparison.Ordinal));
            Assert.DoesNotContain("store-3", told, StringComparison.Ordinal);
            Assert.Contains("Nothing was written", told, StringComparison.Ordinal);
        }
    }

    [Fact, Attack("S16")]
    public async Task WhatIsSentAgainIsTheSameBytesOrUnderAFreshKey()
    {
        using var patient = await Cast.RegisterAsync("patient");
        var file = patient.Profile.Folder + ".bin";
        await File.WriteAllBytesAsync(file, Extensions.RandomBytes(30_000));
        var mark = Servers.Now;
        var counts = new Dictionary<string, int>();
        // Every upload is lost once, refused once, and taken for nothing once; the catalogue refuses the record twice.
        Servers.Instead("store", exchange =>
        {
            if (exchange.Method != "PUT")
                return false;
            int count;
            lock (counts)
                counts[exchange.Path] = count = counts.GetValueOrDefault(exchange.Path) + 1;
            switch (count)
            {
                case 1:
                    exchange.IsLost = true;
                    return true;
                case 2:
                    Refuse(exchange, 503, "internal", "again, please");
                    return true;
                case 3:
                    (exchange.Status, exchange.Headers[Paths.UploadOffsetHeader]) = (202, "0");
                    return true;
                default:
                    return false;
            }
        });
        var refusals = 0;
        Servers.Instead("cloud", exchange =>
        {
            if (exchange is not { Method: "POST", Path: Paths.Records } || ++refusals > 2)
                return false;
            Refuse(exchange, refusals == 1 ? 503 : 409, refusals == 1 ? "internal" : Problems.Conflict, "not now");
            return true;
        });
        var attempts = 0;
        for (Outcome outcome; (outcome = await CommandAsync(patient, "put", file, "--no-dedup")).ExitCode != 0;)
        {
            Assert.True(outcome.ExitCode == 1, outcome.ToString());
            Assert.True(++attempts < 8, outcome.ToString());
        }
        Servers.BeHonest();
        var sent = Servers.Since(mark).Where(seen => seen.Exchange.Method == "PUT" && seen.Party.StartsWith("store", StringComparison.Ordinal)).ToArray();
        // One address has one content, however often it was asked for.
        Assert.All(sent.GroupBy(seen => seen.Exchange.Path), address => Assert.Single(address.Select(seen => Convert.ToHexString(seen.Exchange.Request)).Distinct()));
        Assert.True(sent.Length > counts.Count * 2);
        // Sealed anew, after the conflict, nothing is as it was: no address, no record, no capsule and no key twice with other contents.
        var rows = Servers.Since(mark).Where(seen => seen.Exchange is { Method: "POST", Path: Paths.Records })
            .Select(seen => System.Text.Json.JsonSerializer.Deserialize<CatalogueRecord>(seen.Exchange.Request, System.Text.Json.JsonSerializerOptions.Web)!)
            .Select(row => SealedRecord.TryVerify(row.Signed, row.SealedMetadata, out var record) ? record : throw new InvalidOperationException("not a record")).ToArray();
        Assert.All(rows.GroupBy(record => record.Header.Context.Record), same => Assert.Single(same.Select(record => Convert.ToHexString(record.Signed)).Distinct()));
        var distinct = rows.DistinctBy(record => record.Header.Context.Record).ToArray();
        Assert.Equal(2, distinct.Length);
        Assert.NotEqual(distinct[0].Header.Capsule.Bytes.ToArray(), distinct[1].Header.Capsule.Bytes.ToArray());
        Assert.NotEqual(distinct[0].Header.BodyPrefix, distinct[1].Header.BodyPrefix);
        Assert.Equal(2 * distinct[0].Header.Fragments, counts.Count);
        var record = Assert.Single(await patient.Records.ListAsync(None));
        Assert.Equal(await File.ReadAllBytesAsync(file), (await patient.GetAsync(record.Record)).Bytes);
        File.Delete(file);
    }

    /// <summary>A store with its own key in its hand, which signs for what it is sent and keeps none of it; what it hands out is what it had before at that place, or zeros.</summary>
    private void LieAbout(string store, Dictionary<string, byte[]> kept)
    {
        var key = new SigningKey(File.ReadAllBytes(Salus.In(store, "identity.key")));
        Servers.Instead(store, exchange =>
        {
            var address = exchange.Path[(exchange.Path.LastIndexOf('/') + 1)..];
            if (exchange.Method == "PUT")
            {
                lock (kept)
                    kept[address] = new byte[exchange.Request.Length];
                var receipt = StoreReceipt.Create(key, Convert.FromHexString(address), exchange.Request.Length, SHA256.HashData(exchange.Request), TimeProvider.System.GetUtcNow());
                (exchange.Status, exchange.Headers[Paths.ReceiptHeader]) = (201, Convert.ToBase64String(receipt.Signed));
                exchange.Headers[Paths.UploadOffsetHeader] = $"{exchange.Request.Length}";
                return true;
            }
            lock (kept)
                if (exchange.Method != "GET" || !kept.TryGetValue(address, out var bytes))
                    return false;
                else
                    (exchange.Status, exchange.Body) = (206, bytes[..Math.Min(bytes.Length, 4096)]);
            return true;
        });
    }

    /// <summary>The true time, and timers that are fifteen times as fast: nobody waits 15 seconds for a store that says nothing.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / 15 : dueTime, period);
    }
}

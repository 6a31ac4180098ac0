using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Salus.Client;
using Salus.Client.Readings;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Readings;

namespace Salus.EndToEnd.Tests;

/// <summary>Readings of sensors at three real trustees.</summary>
public class SenseTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset Start = new(2026, 3, 4, 5, 0, 0, TimeSpan.Zero);
    private static readonly SeriesOptions Heart = new("8867-4");

    [Fact]
    public async Task AFileIsAddedOnceAndReadBackByItsOwnerAndUnderAGrantUntilItIsRevoked()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var rows = Enumerable.Range(0, 10_000).Select(i => (Start.AddSeconds(i), 60 + i % 50 + 0.5m)).ToArray();
        var file = patient.Out("heart.csv");
        // The newest first, as meters export them.
        await File.WriteAllTextAsync(file, "time,value\n" + string.Concat(rows.Reverse().Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Item1:o},{row.Item2}\n"))));

        Assert.Equal((10_000, 0), await SenseAsync("heart-rate", file, "--loinc", "8867-4"));
        Assert.Equal((0, 10_000), await SenseAsync("heart-rate", file));
        await File.AppendAllTextAsync(file, string.Create(CultureInfo.InvariantCulture, $"{Start.AddDays(1):o},99\n"));
        Assert.Equal((1, 10_000), await SenseAsync("heart-rate", file));

        var series = Assert.Single(await new ReadingStore(patient.Account).ListSeriesAsync(null, None));
        Assert.Equal(("heart-rate", "8867-4", "/min", 1, "medical", true), (series.Name, series.Code, series.Unit, series.Decimals, series.Partition, series.IsOwn));
        var all = await ReadAsync(patient, series, Start, Limits.NoEnd);
        Assert.Equal(rows.Append((Start.AddDays(1), 99m)), all);
        Assert.Equal(rows[100..201], await ReadAsync(patient, series, Start.AddSeconds(100), Start.AddSeconds(200)));
        Assert.Empty(await ReadAsync(patient, series, Start.AddDays(2), Start.AddDays(3)));

        // Printed and as a file, by the command line.
        var csv = patient.Out("out.csv");
        var outcome = await RunAsync(patient, "sense", "read", "heart-rate", "--from", "2026-03-04T05:00:00Z", "--to", "2026-03-04T05:00:01Z", "--csv", csv);
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.Equal("time,value\n2026-03-04T05:00:00.000Z,60.5\n2026-03-04T05:00:01.000Z,61.5\n", await File.ReadAllTextAsync(csv));

        // Somebody with a grant, as long as it lives.
        await Assert.ThrowsAsync<CannotException>(() => new ReadingStore(doctor.Account).ListSeriesAsync(patient.Mail, None));
        var grant = await patient.ShareAsync(doctor, ["medical"]);
        var shared = Assert.Single(await new ReadingStore(doctor.Account).ListSeriesAsync(patient.Mail, None));
        Assert.Equal((series.Id, series.Name, series.Unit, false), (shared.Id, shared.Name, shared.Unit, shared.IsOwn));
        Assert.Equal(all, await ReadAsync(doctor, shared, Start, Limits.NoEnd));
        await patient.Granting.RevokeAsync(grant.Terms.Id, None);
        var refused = await Assert.ThrowsAsync<RefusedException>(() => new ReadingStore(doctor.Account).ReadAsync(shared, Start, Limits.NoEnd, None));
        Assert.Equal(Problems.NotGranted, refused.Code);

        // The partition has moved on: what is added now goes under its new key, and both are the owner's.
        await AddAsync(patient, "heart-rate", [new(Start.AddDays(2), 70)]);
        Assert.Equal(all.Append((Start.AddDays(2), 70m)), await ReadAsync(patient, series, Start, Limits.NoEnd));
        await patient.ShareAsync(doctor, ["medical"], history: Salus.Client.Sharing.History.FromNow);
        await AddAsync(patient, "heart-rate", [new(Start.AddDays(3), 71)]);
        shared = Assert.Single(await new ReadingStore(doctor.Account).ListSeriesAsync(patient.Mail, None));
        Assert.Equal([(Start.AddDays(3), 71m)], await ReadAsync(doctor, shared, Start, Limits.NoEnd));

        async Task<(long Added, long Known)> SenseAsync(params string[] arguments)
        {
            var sensed = await RunAsync(patient, ["sense", .. arguments, "--json"]);
            Assert.True(sensed.ExitCode == 0, sensed.ToString());
            var answer = JsonDocument.Parse(sensed.Output).RootElement;
            Assert.True(answer.GetProperty("stored").GetBoolean());
            var one = Assert.Single(answer.GetProperty("series").EnumerateArray().ToArray());
            return (one.GetProperty("added").GetInt64(), one.GetProperty("known").GetInt64());
        }
    }

    [Fact]
    public async Task AFileThatGrowsAtItsTopOrComesUnderAnotherNameAddsWhatIsNew()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var store = new ReadingStore(patient.Account);
        var rows = Enumerable.Range(0, 1010).Select(i => (Start.AddMinutes(i), 60m + i % 7)).ToArray();
        string[] files = [patient.Out("meter.csv"), patient.Out("copy.csv")];

        Assert.Equal((1000, 0), await AddAsync(files[0], rows[..1000]));
        Assert.Equal((10, 1000), await AddAsync(files[0], rows));
        Assert.Equal((0, 1010), await AddAsync(files[1], rows));
        var series = Assert.Single(await store.ListSeriesAsync(null, None));
        Assert.Equal(rows, await ReadAsync(patient, series, Start, Limits.NoEnd));

        // Deleted, and then given again.
        Assert.Empty(await store.DeleteAsync(series, Start.AddMinutes(10), Start.AddMinutes(19), None));
        Assert.Equal((10, 1000), await AddAsync(files[0], rows));
        Assert.Equal(rows, await ReadAsync(patient, series, Start, Limits.NoEnd));

        async Task<(long Added, long Known)> AddAsync(string file, IEnumerable<(DateTimeOffset Time, decimal Value)> newestLast)
        {
            await File.WriteAllTextAsync(file, "time,value\n" + string.Concat(newestLast.Reverse().Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Time:o},{row.Value}\n"))));
            var added = Assert.Single(await store.AddFileAsync(file, "meter", new SeriesOptions(), null, None));
            return (added.Added, added.Known);
        }
    }

    [Fact]
    public async Task DeletedReadingsAreGoneForEverybodyAndTheirNeighboursStay()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var rows = Enumerable.Range(0, 100).Select(i => new Reading(Start.AddMinutes(i), i)).ToArray();
        await AddAsync(patient, "steps", rows);
        var store = new ReadingStore(patient.Account);
        var series = Assert.Single(await store.ListSeriesAsync(null, None));
        Assert.Empty(await store.DeleteAsync(series, Start.AddMinutes(10), Start.AddMinutes(19), None));
        Assert.Equal(rows.Where((_, i) => i is < 10 or > 19).Select(row => (row.Time, row.Value)), await ReadAsync(patient, series, Start, Limits.NoEnd));
        await AddAsync(patient, "steps", [new(Start.AddMinutes(12), 1200)]);
        Assert.Equal([(Start.AddMinutes(12), 1200m)], await ReadAsync(patient, series, Start.AddMinutes(10), Start.AddMinutes(19)));

        var outcome = await RunAsync(patient, "sense", "delete", "steps");
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.Empty(await store.ListSeriesAsync(null, None));
        Assert.Empty(await ReadAsync(patient, series, Start, Limits.NoEnd));
    }

    [Theory]
    [InlineData("trustee-1")]
    [InlineData("trustee-2")]
    [InlineData("trustee-3")]
    public async Task WithOneTrusteeKilledInTheMiddleNothingAcknowledgedIsLostAndNothingDoubled(string killed)
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var rows = new List<Reading>();
        var stop = new CancellationTokenSource();
        var adding = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var more = Enumerable.Range(rows.Count, 5000).Select(i => new Reading(Start.AddSeconds(i), i % 200)).ToArray();
                var added = await new ReadingStore(patient.Account).AddAsync("load", new SeriesOptions(), more, null, None);
                Assert.True(added.IsStored);
                rows.AddRange(more);
            }
        });
        await SalusInstallation.UntilAsync(() => Task.FromResult(rows.Count > 0 || adding.IsCompleted), "a first upload");
        await using (await salus.WithoutAsync(killed))
        {
            var before = rows.Count;
            await SalusInstallation.UntilAsync(() => Task.FromResult(rows.Count > before + 5000 || adding.IsCompleted), "an upload without the trustee");
            await stop.CancelAsync();
            await adding;
            var series = Assert.Single(await new ReadingStore(patient.Account).ListSeriesAsync(null, None));
            var range = await new ReadingStore(patient.Account).ReadAsync(series, Start, Limits.NoEnd, None);
            Assert.Equal(rows, range.Readings);
            Assert.Contains(range.Complaints, complaint => complaint.Contains(killed, StringComparison.Ordinal));
            Assert.True(new ReadingStore(patient.Account).IsWaiting);
        }
        // It is back, and gets what it has missed: now another may go.
        Assert.Empty(await new ReadingStore(patient.Account).ResumeAsync(null, None));
        Assert.False(new ReadingStore(patient.Account).IsWaiting);
        var other = SalusInstallation.TrusteeNames.First(name => name != killed);
        await using (await salus.WithoutAsync(other))
        {
            var series = Assert.Single(await new ReadingStore(patient.Account).ListSeriesAsync(null, None));
            Assert.Equal(rows, (await new ReadingStore(patient.Account).ReadAsync(series, Start, Limits.NoEnd, None)).Readings);
        }
    }

    [Fact]
    public async Task AFollowedFileIsSentWithinSecondsAndASecondCallGoesOnWhereTheFirstStopped()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var file = patient.Out("live.csv");
        await File.WriteAllTextAsync(file, $"time,value\n{Line(0)}{Line(1)}");
        foreach (var (from, to) in new[] { (2, 4), (4, 6) })
        {
            using var following = CommandLine.Start(CommandLine.Program, ["sense", "live", file, "--follow", "--data", salus.Data, "--profile", patient.Name],
                ("SALUS_PASSPHRASE", patient.Passphrase));
            for (var i = from; i < to; i++)
            {
                await File.AppendAllTextAsync(file, Line(i));
                await SalusInstallation.UntilAsync(async () => await CountAsync() == i + 1, $"reading {i}");
            }
            following.Kill();
            await following.WaitForExitAsync();
        }
        Assert.Equal(6, await CountAsync());

        static string Line(int i) => string.Create(CultureInfo.InvariantCulture, $"{Start.AddSeconds(i):o},{60 + i}\n");

        async Task<int> CountAsync()
        {
            var series = (await new ReadingStore(patient.Account).ListSeriesAsync(null, None)).SingleOrDefault();
            return series is null ? 0 : (await new ReadingStore(patient.Account).ReadAsync(series, Start, Limits.NoEnd, None)).Readings.Count;
        }
    }

    [Theory]
    [InlineData("wrong shares", AlarmKind.Integrity)]
    [InlineData("shares of another batch", AlarmKind.Integrity)]
    [InlineData("a batch left out", AlarmKind.Withheld)]
    [InlineData("the first left out", AlarmKind.Withheld)]
    [InlineData("the newest left out", AlarmKind.Rollback)]
    [InlineData("the feed left out", AlarmKind.Withheld)]
    [InlineData("no shares", AlarmKind.Withheld)]
    [InlineData("out of order", AlarmKind.Withheld)]
    public async Task ATrusteeThatLiesIsNamedAndTheOtherTwoServe(string lie, AlarmKind kind)
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await using var hands = await HandTrustee.StartAsync("trustee-1");
        await patient.ThroughAsync(salus.Parties with { Trustees = [hands.Party, .. salus.Parties.Trustees.Skip(1)] });
        var rows = Enumerable.Range(0, 3 * Limits.MaxReadings).Select(i => new Reading(Start.AddSeconds(i), i % 90)).ToArray();
        await AddAsync(patient, "heart-rate", rows);
        var series = Assert.Single(await new ReadingStore(patient.Account).ListSeriesAsync(null, None));
        var honest = await new ReadingStore(patient.Account).ReadAsync(series, Start, Limits.NoEnd, None);
        Assert.Empty(honest.Alarms);

        hands.Change = page => page with { Batches = Lie([.. page.Batches]) };
        var range = await new ReadingStore(patient.Account).ReadAsync(series, Start, Limits.NoEnd, None);
        var alarm = Assert.Single(range.Alarms);
        Assert.Equal(kind, alarm.Kind);
        Assert.Contains("trustee-1", alarm.Message, StringComparison.Ordinal);
        Assert.Equal(rows, range.Readings);

        // As the command line says it.
        var outcome = await RunAsync(patient, "sense", "read", "heart-rate", "--json");
        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains("ALARM", outcome.Errors, StringComparison.Ordinal);
        Assert.Equal(rows.Length, JsonDocument.Parse(outcome.Output).RootElement.GetProperty("readings").GetArrayLength());

        IReadOnlyList<PagedBatch> Lie(List<PagedBatch> batches)
        {
            switch (lie)
            {
                case "wrong shares":
                    batches[1] = batches[1] with { Parcel = batches[1].Parcel!.Flipped(batches[1].Parcel!.Length - 1) };
                    break;
                case "shares of another batch":
                    batches[1] = batches[1] with { Parcel = batches[0].Parcel };
                    break;
                case "no shares":
                    batches[1] = batches[1] with { Parcel = null, Times = null };
                    break;
                case "out of order":
                    batches.Reverse();
                    break;
                case "the feed left out":
                    return [];
                default:
                    batches.RemoveAt(lie switch { "a batch left out" => 1, "the first left out" => 0, _ => 2 });
                    break;
            }
            return batches;
        }
    }

    /// <summary>
    /// Two people with very different values: what each trustee sees of them, on the wire and opened, differs in nothing but uniform bytes; and all three wires together show no share.
    /// </summary>
    [Fact]
    public async Task WhatOneTrusteeSeesIsIndependentOfTheValues()
    {
        var seen = new List<HandTrustee[]>();
        foreach (var value in new Func<int, decimal>[] { _ => 0, i => i % 2 == 0 ? 999_999.9m : -123_456.7m })
        {
            using var patient = await Person.RegisterAsync(salus, "patient");
            HandTrustee[] three = [await HandTrustee.StartAsync("trustee-1"), await HandTrustee.StartAsync("trustee-2"), await HandTrustee.StartAsync("trustee-3")];
            seen.Add([.. three.OrderBy(trustee => trustee.Key.ToString(), StringComparer.Ordinal)]);
            await patient.ThroughAsync(salus.Parties with { Trustees = [.. three.Select(trustee => trustee.Party)] });
            for (var part = 0; part < 3; part++)
                await AddAsync(patient, "heart-rate", [.. Enumerable.Range(0, 10_000).Select(i => new Reading(Start.AddDays(part).AddSeconds(i), value(i)))]);
            var series = Assert.Single(await new ReadingStore(patient.Account).ListSeriesAsync(null, None));
            Assert.Equal(30_000, (await new ReadingStore(patient.Account).ReadAsync(series, Start, Limits.NoEnd, None)).Readings.Count);
        }
        for (var party = 0; party < 3; party++)
        {
            var (one, other) = (seen[0][party], seen[1][party]);
            // The same but for what is random: sizes, counts and order of all that came.
            Assert.Equal(one.Wire.Select(body => body.Length), other.Wire.Select(body => body.Length));
            Assert.Equal(one.Items.Select(Shape), other.Items.Select(Shape));
            Assert.Equal(one.Items.Select(item => item.Times), other.Items.Select(item => item.Times));
            foreach (var trustee in new[] { one, other })
                foreach (var vector in Vectors(trustee, party))
                {
                    // Below p, so the topmost three bits are zero and the rest uniform: by the chi-squared test over the low seven bytes, each at its place.
                    Assert.InRange(ChiSquared(vector), 0, Limit);
                }
        }
        // All the wires of one person: no share of anybody's, nor a seed, is in them.
        foreach (var three in seen)
            foreach (var parcel in three.SelectMany(trustee => trustee.Items).Where(item => item.Kind == ReadingItemKind.Batch).Select(item => item.Parcel))
                foreach (var body in three.SelectMany(trustee => trustee.Wire))
                    foreach (var at in new[] { 0, 32, 64, parcel.Length - 16 }.Where(at => at + 16 <= parcel.Length))
                        Assert.Equal(-1, body.AsSpan().IndexOf(parcel.AsSpan(at, 16)));

        static (ReadingItemKind, int, int, int) Shape(ReadingItem item) => (item.Kind, item.Signed.Length, item.Times.Length, item.Parcel.Length);
    }

    // 255 degrees of freedom: exceeded once in 10^9 draws of uniform bytes.
    private const double Limit = 420;

    /// <summary>The two vectors that a trustee holds of everything, as it can compute them.</summary>
    private static IEnumerable<byte[]> Vectors(HandTrustee trustee, int party)
    {
        var (own, next) = (new List<byte>(), new List<byte>());
        foreach (var item in trustee.Items.Where(item => item.Kind == ReadingItemKind.Batch))
        {
            Assert.True(ReadingBatch.TryVerify(item.Signed, out var batch));
            Assert.True(batch.TryOpen(party, item.Parcel, out var pair));
            own.AddRange(Low(pair.Own.Span));
            next.AddRange(Low(pair.Next.Span));
        }
        return [[.. own], [.. next]];

        static byte[] Low(ReadOnlySpan<ulong> elements)
        {
            var bytes = new byte[7 * elements.Length];
            for (var i = 0; i < elements.Length; i++)
                for (var j = 0; j < 7; j++)
                    bytes[7 * i + j] = (byte)(elements[i] >> (8 * j) & 0xff);
            return bytes;
        }
    }

    private static double ChiSquared(byte[] bytes)
    {
        var counts = new int[256];
        foreach (var b in bytes)
            counts[b]++;
        var expected = bytes.Length / 256.0;
        return counts.Sum(count => (count - expected) * (count - expected) / expected);
    }

    [Fact]
    public void TheTestOfIndependenceFindsSharesThatAreNone()
    {
        // Values in clear, and values under one mask for all: neither passes.
        var mask = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) >> 4;
        foreach (var hide in new Func<ulong, ulong>[] { value => value, value => value + mask })
            Assert.True(ChiSquared([.. Enumerable.Range(0, 30_000).SelectMany(i => BitConverter.GetBytes(hide((ulong)(60 + i % 30)))[..7])]) > Limit);
        Assert.InRange(ChiSquared(RandomNumberGenerator.GetBytes(210_000)), 0, Limit);
    }

    private static async Task AddAsync(Person person, string series, Reading[] readings)
    {
        var added = await new ReadingStore(person.Account).AddAsync(series, series == "heart-rate" ? Heart : new SeriesOptions(), readings, null, None);
        Assert.Equal((readings.Length, true), (added.Added, added.IsStored));
        Assert.Empty(added.Missing);
    }

    /// <summary>Without a complaint.</summary>
    private static async Task<IReadOnlyList<(DateTimeOffset, decimal)>> ReadAsync(Person person, SeriesInfo series, DateTimeOffset from, DateTimeOffset to)
    {
        var range = await new ReadingStore(person.Account).ReadAsync(series, from, to, None);
        Assert.Empty(range.Complaints);
        Assert.Empty(range.Alarms);
        return [.. range.Readings.Select(reading => (reading.Time, reading.Value))];
    }

    private Task<Outcome> RunAsync(Person person, params string[] arguments) =>
        CommandLine.RunAsync([.. arguments, "--data", salus.Data, "--profile", person.Name], ("SALUS_PASSPHRASE", person.Passphrase));
}

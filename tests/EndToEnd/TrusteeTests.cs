using Salus.Client;
using Salus.Protocol.Http;

namespace Salus.EndToEnd.Tests;

/// <summary>Two records of a patient that a doctor may read.</summary>
public sealed class SharedRecords(SalusInstallation salus) : IAsyncLifetime
{
    internal Person Patient { get; private set; } = null!;

    internal Person Doctor { get; private set; } = null!;

    internal List<(Protocol.RecordId Record, byte[] Bytes)> Records { get; } = [];

    public async ValueTask InitializeAsync()
    {
        (Patient, Doctor) = (await Person.RegisterAsync(salus, "patient"), await Person.RegisterAsync(salus, "doctor"));
        foreach (var size in new[] { 100, 200 })
        {
            var bytes = Extensions.RandomBytes(size);
            Records.Add(((await Patient.PutAsync(bytes)).Record, bytes));
        }
        await Patient.ShareAsync(Doctor, ["medical"]);
    }

    public ValueTask DisposeAsync()
    {
        Patient.Dispose();
        Doctor.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Trustees that answer wrongly, and what a trustee gets to see at all.</summary>
public class TrusteeTests(SalusInstallation salus, SharedRecords sharing) : IClassFixture<SharedRecords>
{
    /// <summary>Honest trustees answer after the hostile ones, so that the hostile answers are looked at.</summary>
    private static readonly TimeSpan Later = TimeSpan.FromMilliseconds(700);

    [Theory]
    [InlineData("swapped")]
    [InlineData("replayed")]
    [InlineData("first point")]
    [InlineData("second point")]
    [InlineData("challenge")]
    [InlineData("response")]
    [InlineData("refused")]
    [InlineData("short")]
    [InlineData("empty")]
    public async Task AHostileTrusteeIsNamedAndTheOtherTwoSuffice(string lie)
    {
        var doctor = sharing.Doctor;
        await using var parties = await Between(doctor, hostile: 1, lie);
        // The answer to be replayed.
        if (lie == "replayed")
            await doctor.Records.SharedAsync(CancellationToken.None);
        var (shared, complaints) = await doctor.Records.SharedAsync(CancellationToken.None);
        Assert.Equal(sharing.Records.Count, shared.Count);
        Assert.Contains(complaints, complaint => complaint.Contains("trustee-1", StringComparison.Ordinal));
        Assert.DoesNotContain(complaints, complaint => complaint.Contains("trustee-2", StringComparison.Ordinal) || complaint.Contains("trustee-3", StringComparison.Ordinal));
        foreach (var (record, bytes) in sharing.Records)
            Assert.Equal(bytes, (await doctor.GetAsync(record)).Bytes);
    }

    [Theory]
    [InlineData("response")]
    [InlineData("short")]
    public async Task TwoHostileTrusteesOpenNothing(string lie)
    {
        await using var parties = await Between(sharing.Doctor, hostile: 2, lie);
        Assert.Equal(AlarmKind.Integrity, (await sharing.Doctor.FailsToGetAsync<AlarmException>(sharing.Records[0].Record)).Kind);
    }

    [Fact]
    public async Task NoByteOfARecordReachesATrustee()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        await using var between = new Middlemen();
        var parties = salus.Parties;
        foreach (var trustee in salus.Parties.Trustees)
            parties = parties.With(trustee.Name, await between.BeforeAsync(trustee.Url));
        await patient.ThroughAsync(parties);
        await doctor.ThroughAsync(parties);
        var bytes = Extensions.RandomBytes(5_000_000);
        var stored = await patient.PutAsync(bytes, name: "a very particular file name.bin");
        var grant = await patient.ShareAsync(doctor, ["medical"]);
        Assert.Equal(bytes, (await doctor.GetAsync(stored.Record)).Bytes);
        await patient.Granting.RevokeAsync(grant.Terms.Id, CancellationToken.None);

        var passed = between.All.SelectMany(man => man.Passed).ToArray();
        Assert.True(passed.Length >= 3 + 2 + 3, $"{passed.Length} requests");
        Assert.InRange(passed.Sum(exchange => exchange.Request.Length + exchange.Body.Length), 1, 16 * 1024);
        // Windows of the plaintext and of every fragment as stored, and the words of the record.
        var needles = new List<byte[]> { "a very particular file name"u8.ToArray(), "medical"u8.ToArray(), System.Text.Encoding.UTF8.GetBytes(patient.Mail) };
        needles.AddRange(Windows(bytes));
        foreach (var (_, file) in await patient.FragmentsAsync(stored.Record))
            needles.AddRange(Windows(await File.ReadAllBytesAsync(file)));
        var held = new Holdings(salus);
        var seen = passed.SelectMany(exchange => new[] { exchange.Request, exchange.Body }).ToList();
        foreach (var (i, name) in SalusInstallation.TrusteeNames.Index())
        {
            seen.AddRange(Holdings.Files(salus.In(name)));
            seen.AddRange(await held.DumpAsync($"trustee{i + 1}"));
        }
        Assert.All(needles, needle => Assert.DoesNotContain(seen, piece => piece.AsSpan().IndexOf(needle) >= 0));
    }

    private static IEnumerable<byte[]> Windows(byte[] bytes)
    {
        for (var at = 0; at + 16 <= bytes.Length; at += 50_000)
            yield return bytes[at..(at + 16)];
    }

    private async Task<Middlemen> Between(Person doctor, int hostile, string lie)
    {
        var between = new Middlemen();
        var parties = salus.Parties;
        foreach (var (i, trustee) in salus.Parties.Trustees.Index())
            parties = parties.With(trustee.Name, await between.BeforeAsync(trustee.Url, i < hostile ? Liar(lie) : _ => Task.Delay(Later)));
        await doctor.ThroughAsync(parties);
        return between;
    }

    private static Func<Exchange, Task> Liar(string lie)
    {
        byte[]? earlier = null;
        return exchange =>
        {
            const int entry = 129; // a byte that says there is one, and a cfrag
            if (exchange.Path != Paths.Reencryptions || exchange.Status != 200)
                return Task.CompletedTask;
            var honest = exchange.Body;
            exchange.Body = lie switch
            {
                "swapped" => honest.Length == 2 * entry ? [.. honest[entry..], .. honest[..entry]] : honest,
                "replayed" => earlier is not null && earlier.Length == honest.Length ? earlier : honest,
                "first point" => [.. honest[..1], .. honest[33..65], .. honest[33..]],
                "second point" => [.. honest[..33], .. honest[1..33], .. honest[65..]],
                "challenge" => honest.Flipped(1 + 64),
                "response" => honest.Flipped(1 + 96),
                "refused" => [0, .. honest[entry..]],
                "short" => honest[..^1],
                _ => [],
            };
            earlier ??= honest;
            return Task.CompletedTask;
        };
    }

    /// <summary>Middlemen that go together.</summary>
}

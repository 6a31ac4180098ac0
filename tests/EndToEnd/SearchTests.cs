using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Salus.Client;
using Salus.Client.Records;
using Salus.Client.Search;
using Salus.Client.Search.Compacting;
using Salus.Crypto.Dispersal;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.EndToEnd.Tests;

/// <summary>Searching what one imported, what a hospital added and what somebody shares, through real servers: before and after merging, and after a revocation.</summary>
public class SearchTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task AllThatMayBeReadIsFoundAndNothingElse()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        using var hospital = await Person.RegisterAsync(salus, "hospital", organisation: "City Hospital");
        foreach (var bundle in Directory.GetFiles(Path.Combine(Places.Data, "fhir"), "*.json"))
            await patient.Imports.ImportAsync(bundle, new ImportOptions(null, new DispersalChoice()), null, None);
        await patient.LetAddAsync(hospital, "medical");
        var letter = await hospital.PutAsync("Spirometry shows moderate airway obstruction; diabetes is well controlled."u8.ToArray(), name: "letter.txt", patient: patient);
        var held = await patient.PutAsync("Spirometry at home."u8.ToArray(), name: "home.txt", dispersal: new DispersalChoice(Key("abcdefgh")));
        var grant = await patient.ShareAsync(doctor, ["medical"]);

        // One word: the letter with its text, and the record under a key of the owner's without.
        var spirometry = await FindAsync(patient, "spirometry");
        Assert.Equal(new[] { letter.Record, held.Record }.OrderBy(id => id.Value), spirometry.Select(hit => hit.Record).OrderBy(id => id.Value));
        var fromHospital = spirometry.Single(hit => hit.Record == letter.Record);
        Assert.Equal(("City Hospital", "medical"), (fromHospital.Source, fromHospital.Partition));
        Assert.Equal("*Spirometry* shows moderate airway obstruction; diabetes is well controlled.", fromHospital.Snippet!.Marked("*", "*"));
        Assert.Contains("sequence key", spirometry.Single(hit => hit.Record == held.Record).Note, StringComparison.Ordinal);
        Assert.Single(await FindAsync(patient, "\"airway obstruction\" moderate"));
        Assert.Empty(await FindAsync(patient, "\"obstruction airway\""));

        // FHIR: resources are named and looked into, in all partitions for the patient and in the granted one for the doctor.
        string[] queries = ["code:loinc|4548-4", "any: anemia bronchitis", "sinus* -viral", "date:2012-01 any: claim medication"];
        var before = new Dictionary<string, IReadOnlyList<SearchHit>>();
        foreach (var query in queries)
        {
            before[query] = await FindAsync(patient, query);
            Assert.NotEmpty(before[query]);
            Assert.All(before[query].Where(hit => hit.Record != letter.Record), hit => Assert.Contains('/', hit.Resource!));
            var medical = before[query].Where(hit => hit.Partition == "medical").Select(Key).ToHashSet();
            var theirs = await FindAsync(doctor, query);
            Assert.All(theirs, hit => Assert.Equal(("medical", patient.Account.Id), (hit.Partition, hit.Account)));
            Assert.Equal(medical.Order(), theirs.Select(Key).Order());
        }
        Assert.Contains(before.Values.SelectMany(hits => hits), hit => hit.Partition != "medical");
        Assert.Equal(["City Hospital"], (await FindAsync(doctor, "spirometry from:City")).Select(hit => hit.Source));
        Assert.All(await FindAsync(patient, "bronchitis from:you partition:medical"), hit => Assert.Equal((RecordSummary.Self, "medical"), (hit.Source, hit.Partition)));
        Assert.Empty(await FindAsync(hospital, "spirometry"));

        // Merged: the same for everyone.
        var done = await new Compaction(patient.Account).RunAllAsync(null, null, None);
        Assert.Contains(done, partition => partition is { Partition: "medical", Merged: > 1, Segments: 1 });
        foreach (var query in queries)
        {
            var after = await FindAsync(patient, query);
            Assert.Equal(before[query].Select(Key), after.Select(Key));
            Assert.All(before[query].Zip(after), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-9));
        }
        Assert.Equal(2, (await FindAsync(doctor, "spirometry")).Count);

        // A deleted record is found no more; nor is anything by who was revoked.
        await patient.Records.DeleteAsync(letter.Record, Person.NoKey, None);
        Assert.Equal([held.Record], (await FindAsync(patient, "spirometry")).Select(hit => hit.Record));
        await patient.Granting.RevokeAsync(grant.Terms.Id, None);
        Assert.Empty(await FindAsync(doctor, "bronchitis"));
        await new Compaction(patient.Account).RunDueAsync(["medical"], None);
        Assert.Empty(await FindAsync(doctor, "bronchitis"));
        Assert.Equal(before[queries[0]].Count, (await FindAsync(patient, queries[0])).Count);
    }

    [Fact]
    public async Task WhoJoinsLaterSearchesOnlyWhatCameLater()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var old = await patient.PutAsync("Old spirometry."u8.ToArray(), name: "old.txt");
        await patient.ShareAsync(doctor, ["medical"], history: Client.Sharing.History.FromNow);
        var later = await patient.PutAsync("New spirometry."u8.ToArray(), name: "new.txt");
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(2, (await FindAsync(patient, "spirometry")).Count);
            Assert.Equal([later.Record], (await FindAsync(doctor, "spirometry")).Select(hit => hit.Record));
            await new Compaction(patient.Account).RunAllAsync(null, null, None);
        }
        Assert.NotEqual(old.Record, later.Record);
    }

    [Fact]
    public async Task ACloudThatHidesOrAltersTheIndexIsCaught()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        await patient.PutAsync("Spirometry one."u8.ToArray(), name: "one.txt");
        await patient.PutAsync("Spirometry two."u8.ToArray(), name: "two.txt");
        await patient.ShareAsync(doctor, ["medical"]);
        foreach (var reader in new[] { patient, doctor })
        {
            Assert.Equal(2, (await FindAsync(reader, "spirometry")).Count);
            await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
            await reader.ThroughAsync(salus.Parties.With("cloud", cloud.Url));
            cloud.Change = On(Paths.IndexUpdates, exchange => exchange.Set(exchange.Json<IndexUpdatePage>() with { Updates = [] }));
            Assert.Equal(AlarmKind.Withheld, await AlarmAsync(reader));
            cloud.Change = On(Paths.IndexUpdates, exchange =>
            {
                var page = exchange.Json<IndexUpdatePage>();
                exchange.Set(page with { Updates = [.. page.Updates.SkipLast(1)] });
            });
            Assert.Equal(AlarmKind.Withheld, await AlarmAsync(reader));
            cloud.Change = On(Paths.IndexUpdates, exchange =>
            {
                var page = exchange.Json<IndexUpdatePage>();
                exchange.Set(page with { Updates = [.. page.Updates.Select(update => update.Flipped(100))] });
            });
            Assert.Equal(AlarmKind.Integrity, await AlarmAsync(reader));
            cloud.Change = On(Paths.RecordLookup, exchange => exchange.Set(new FoundRecords([], [])));
            Assert.Equal(AlarmKind.Withheld, await AlarmAsync(reader));
            cloud.Change = On(Paths.RecordLookup, exchange => exchange.Set(new FoundRecords([], [.. exchange.Json<FoundRecords>().Records.Select(row =>
                Deletion.Create(doctor.Account.Keys.Identity, SealedRecord.TryVerify(row.Signed, row.SealedMetadata, out var record) ? record.Header.Context.Record : default, 1,
                    DateTimeOffset.UtcNow).Signed)])));
            Assert.Equal(AlarmKind.Integrity, await AlarmAsync(reader));
            cloud.Change = _ => Task.CompletedTask;
            Assert.Equal(2, (await FindAsync(reader, "spirometry")).Count);
        }

        static Func<Exchange, Task> On(string path, Action<Exchange> change) => exchange =>
        {
            if (exchange.Path.Split('?')[0] == path && exchange.Method is "GET" or "POST" && exchange.Status == 200 && exchange.Body.Length > 0)
                change(exchange);
            return Task.CompletedTask;
        };
    }

    [Fact]
    public async Task WhatItsOwnerHoldsTheKeyOfIsFoundAndNotLookedInto()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var bundle = Directory.GetFiles(Path.Combine(Places.Data, "fhir"), "*.json").MinBy(file => new FileInfo(file).Length)!;
        await patient.Imports.ImportAsync(bundle, new ImportOptions("medical", new DispersalChoice(Key("abcdefgh")), Keywords: ["claim"]), null, None);
        await patient.PutAsync("Of the claim kestrel."u8.ToArray(), name: "claim.txt", dispersal: new DispersalChoice(Key("abcdefgh")));
        await patient.ShareAsync(doctor, ["medical"]);
        foreach (var reader in new[] { patient, doctor })
        {
            var hits = await FindAsync(reader, "claim*");
            Assert.Contains(hits, hit => hit.Name == "claim.txt");
            Assert.True(hits.Count(hit => hit.Name == "FHIR medical") > 1);
            Assert.All(hits, hit => Assert.Equal((null, null, "sealed under a sequence key that its owner holds: not looked into"), (hit.Snippet, hit.Resource, hit.Note)));
            Assert.EndsWith("whether the phrase stands in it is not known", Assert.Single(await FindAsync(reader, "\"claim kestrel\"")).Note, StringComparison.Ordinal);
        }
    }

    /// <summary>Trustees refuse from the moment on when the index is open and the hits are not.</summary>
    [Fact]
    public async Task ATrusteeThatHasTooManyRequestsIsDoneWithoutAndTwoAreNamed()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        await patient.PutAsync("Spirometry one."u8.ToArray(), name: "one.txt");
        await patient.PutAsync("Spirometry two."u8.ToArray(), name: "two.txt");
        await patient.ShareAsync(doctor, ["medical"]);
        var refused = new int[3];
        Assert.Equal(2, (await ThroughAsync(trustee => trustee == 0, () => FindAsync(doctor, "spirometry"))).Count);
        Assert.Equal([1, 0, 0], refused);
        Assert.Equal(2, (await ThroughAsync(trustee => trustee < 2 && refused[trustee] == 0, () => FindAsync(doctor, "spirometry"))).Count);
        Assert.Equal([1, 1, 0], refused);
        var outcome = await ThroughAsync(trustee => trustee < 2, () => RunAsync(doctor, "find", "spirometry"));
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains("trustee-1 and trustee-2: Too many requests: try again in 1 second. Two of the three trustees have to answer.", outcome.Errors, StringComparison.Ordinal);

        async Task<T> ThroughAsync<T>(Func<int, bool> isBusy, Func<Task<T>> search)
        {
            var (asked, parties) = (new int[3], salus.Parties);
            Array.Clear(refused);
            await using var between = new Middlemen();
            foreach (var (i, trustee) in salus.Parties.Trustees.Index())
            {
                parties = parties.With(trustee.Name, await between.BeforeAsync(trustee.Url));
                // In the trustee's stead: one that is too busy has not looked at the request, and its statement is good still.
                between.All[^1].Instead = async exchange =>
                {
                    if (exchange.Path != Paths.Reencryptions)
                        return false;
                    if (Interlocked.Increment(ref asked[i]) > 1 && isBusy(i))
                    {
                        Interlocked.Increment(ref refused[i]);
                        (exchange.Status, exchange.Body, exchange.Headers["Retry-After"]) = (StatusCodes.Status429TooManyRequests, [], "1");
                        return true;
                    }
                    await Task.Delay(300); // so that refusals are looked at
                    return false;
                };
            }
            await doctor.ThroughAsync(parties);
            return await search();
        }
    }

    [Fact]
    public async Task MergingThatIsKilledChangesNothingUntilItIsRepeated()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        foreach (var bundle in Directory.GetFiles(Path.Combine(Places.Data, "fhir"), "*.json").OrderBy(file => new FileInfo(file).Length).Take(6))
            await patient.Imports.ImportAsync(bundle, new ImportOptions("medical", new DispersalChoice()), null, None);
        var before = await FindAsync(patient, "any: cholesterol glucose");
        Assert.NotEmpty(before);
        var folder = Path.Combine(patient.Profile.Folder, "compaction");
        foreach (var pattern in new[] { "*", "*.dictionary" })
        {
            using var process = CommandLine.Start(CommandLine.Program, ["compact", "--data", salus.Data, "--profile", patient.Name], ("SALUS_PASSPHRASE", patient.Passphrase));
            var since = Stopwatch.GetTimestamp();
            while (!process.HasExited && (!Directory.Exists(folder) || Directory.GetFiles(folder, pattern).Length == 0) && Stopwatch.GetElapsedTime(since) < TimeSpan.FromMinutes(2))
                await Task.Delay(1);
            process.Kill();
            await process.WaitForExitAsync();
            Assert.Equal(before.Select(Key), (await FindAsync(patient, "any: cholesterol glucose")).Select(Key));
        }
        var outcome = await RunAsync(patient, "compact", "--json");
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        var merged = JsonDocument.Parse(outcome.Output).RootElement.GetProperty("partitions");
        Assert.InRange(merged.GetArrayLength(), 0, 1);
        Assert.Empty(Directory.GetFiles(folder));
        Assert.Equal(before.Select(Key), (await FindAsync(patient, "any: cholesterol glucose")).Select(Key));
        Assert.Single((await patient.Account.Cloud.Index.UpdatesAsync(patient.Account.Id, null, null, None)).Updates);

        var found = await RunAsync(patient, "find", "cholesterol", "--limit", "3", "--json");
        Assert.True(found.ExitCode == 0, found.ToString());
        var hits = JsonDocument.Parse(found.Output).RootElement.GetProperty("hits");
        Assert.Equal(3, hits.GetArrayLength());
        Assert.Contains('*', hits[0].GetProperty("snippet").GetString()!);
        Assert.Equal("medical", hits[0].GetProperty("partition").GetString());
        Assert.Equal(2, (await RunAsync(patient, "find", "partition:medical")).ExitCode);
        Assert.Equal(0, (await RunAsync(patient, "find", "glucose", "-urine")).ExitCode);
    }

    private Task<Outcome> RunAsync(Person person, params string[] arguments) =>
        CommandLine.RunAsync([.. arguments, "--data", salus.Data, "--profile", person.Name], ("SALUS_PASSPHRASE", person.Passphrase));

    private static string Key(SearchHit hit) => $"{hit.Record} {hit.Resource}";

    private static SequenceKey Key(string text) => SequenceKey.TryParse(text, out var key) == SequenceKeyFault.None ? key! : throw new ArgumentException(text);

    private static async Task<AlarmKind> AlarmAsync(Person person) => (await Assert.ThrowsAsync<AlarmException>(() => FindAsync(person, "spirometry"))).Kind;

    private static async Task<IReadOnlyList<SearchHit>> FindAsync(Person person, string text)
    {
        Assert.True(Query.TryParse(text, out var query, out var fault), fault);
        var searcher = new Searcher(person.Account);
        var hits = new List<SearchHit>();
        await foreach (var hit in searcher.FindAsync(query, null, 1000, None))
            hits.Add(hit);
        Assert.Empty(searcher.Complaints);
        return hits;
    }
}

using System.Text;
using Salus.Attack.Tests.Servers;
using Salus.Client;
using Salus.Client.Search;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Attack.Tests.Search;

/// <summary>A cloud that answers searches with less, with more, with what was, and that watches.</summary>
public class IndexTests(HostileServers servers) : AttackTest(servers)
{
    [Fact, Attack("X01")]
    public async Task ResultsThatAreLeftOutAreWithheldAndNeverNothingFound()
    {
        var (patient, doctor) = await NotesAsync();
        foreach (var reader in new[] { patient, doctor })
        {
            Servers.BeHonest();
            Assert.Equal(3, (await FindAsync(reader, "asthma")).Count);
            foreach (var hidden in new Func<IReadOnlyList<byte[]>, IEnumerable<byte[]>>[] { _ => [], all => all.SkipLast(1), all => all.Skip(1), all => all.Take(1).Concat(all.Skip(2)) })
            {
                Servers.BeHonest();
                Mutate<IndexUpdatePage>(Paths.IndexUpdates, page => page with { Updates = [.. hidden(page.Updates)] }, "GET");
                await AlarmedAsync(AlarmKind.Withheld, reader, () => FindAsync(reader, "asthma"));
                await AlarmedAsync(AlarmKind.Withheld, reader, () => FindAsync(reader, "pneumonia"));
            }
            await CaughtAsync(AlarmKind.Withheld, reader, "find", "asthma");
            // The record behind a hit.
            Servers.BeHonest();
            Mutate<FoundRecords>(Paths.RecordLookup, found => found with { Records = [.. found.Records.Skip(1)] });
            await CaughtAsync(AlarmKind.Withheld, reader, "find", "asthma");
        }
    }

    [Fact, Attack("X02")]
    public async Task ResultsOfAnotherOrForAnotherWordAreNotShown()
    {
        var (patient, doctor) = await NotesAsync();
        var (other, _) = await NotesAsync();
        var theirs = await other.Account.Cloud.Index.UpdatesAsync(other.Account.Id, null, null, None);
        var foreign = await other.Account.Cloud.RecordAsync((await other.Records.ListAsync(None))[0].Record, None);
        foreach (var reader in new[] { patient, doctor })
        {
            Servers.BeHonest();
            Mutate<IndexUpdatePage>(Paths.IndexUpdates, page => page with { Updates = [.. page.Updates, .. theirs.Updates] }, "GET");
            await AlarmedAsync(AlarmKind.Integrity, reader, () => FindAsync(reader, "asthma"));
            Servers.BeHonest();
            Mutate<FoundRecords>(Paths.RecordLookup, found => found with { Records = [foreign, .. found.Records] });
            await CaughtAsync(AlarmKind.Integrity, reader, "find", "asthma");
            Servers.BeHonest();
            Mutate<FoundRecords>(Paths.RecordLookup, found => found with { Records = [.. found.Records.Select(_ => found.Records[0])] });
            await AlarmedAsync(AlarmKind.Integrity, reader, () => FindAsync(reader, "asthma"));
            Servers.BeHonest();
            Assert.Equal(3, (await FindAsync(reader, "asthma")).Count);
        }
    }

    [Fact, Attack("X03")]
    public async Task AnIndexOfBeforeIsNotTakenForTheIndexOfNow()
    {
        var (patient, doctor) = await NotesAsync();
        foreach (var reader in new[] { patient, doctor })
            Assert.Equal(3, (await FindAsync(reader, "asthma")).Count);
        // What the cloud has answered to each of them, again, after something was added.
        var history = Servers.Since(0).Where(seen => seen is { Party: "cloud", Status: 200 } && seen.Exchange.Method == "GET" && HostileServers.Meets(seen.Exchange, Paths.IndexUpdates))
            .GroupBy(seen => (seen.Exchange.Path, seen.Exchange.RequestHeaders["Authorization"])).ToDictionary(group => group.Key, group => group.Last().Honest);
        await patient.PutAsync("Late asthma."u8.ToArray(), name: "late.txt");
        foreach (var reader in new[] { patient, doctor })
            Assert.Equal(4, (await FindAsync(reader, "asthma")).Count);
        Servers.Mutate("cloud", Paths.IndexUpdates, exchange =>
        {
            if (history.TryGetValue((exchange.Path, exchange.RequestHeaders["Authorization"]), out var before))
                exchange.Body = before;
        }, "GET");
        foreach (var reader in new[] { patient, doctor })
            await CaughtAsync(AlarmKind.Withheld, reader, "find", "asthma");
    }

    [Fact, Attack("X04")]
    public async Task WhatIsAskedSaysNothingOfTheWordNorOfWhatComesLater()
    {
        var (patient, doctor) = await NotesAsync();
        // Eve plants a note with the words that she waits for: nobody let her write there, and it is found by nobody.
        var own = await patient.SealedAsync((await patient.Records.ListAsync(None))[0].Record);
        await Eve.PutAsync("asthma leprosy pneumonia"u8.ToArray(), name: "planted.txt");
        var planted = await Eve.Account.Cloud.Index.UpdatesAsync(Eve.Account.Id, null, null, None);
        Mutate<IndexUpdatePage>(Paths.IndexUpdates, page => page with { Updates = [.. page.Updates, .. planted.Updates] }, "GET");
        await CaughtAsync(AlarmKind.Integrity, patient, "find", "leprosy");
        Servers.BeHonest();
        Assert.Empty(await FindAsync(patient, "leprosy"));
        var forged = SealedRecord.Create(Eve.Account.Keys.Identity,
            own.Header with { Author = Eve.Account.Keys.Identity.PublicKey, Context = own.Header.Context with { Record = Identifier.Random<RecordId>() } }, own.SealedMetadata);
        await Assert.ThrowsAsync<RefusedException>(() => Eve.Account.Cloud.AddRecordAsync(forged, None));

        // Words that are there, words that are not, and words that come later: the requests for the index are the same to the byte.
        foreach (var reader in new[] { patient, doctor })
        {
            await FindAsync(reader, "asthma"); // dictionaries are fetched once
            var shapes = new List<string>();
            foreach (var word in new[] { "asthma", "cough", "leprosy", "xyzzy" })
            {
                var mark = Servers.Now;
                await FindAsync(reader, word);
                shapes.Add(string.Join('\n', Servers.Since(mark).Where(seen => seen.Party == "cloud" && seen.Exchange.Path.StartsWith("/v1/index", StringComparison.Ordinal))
                    .Select(seen => $"{seen.Exchange.Method} {seen.Exchange.Path} {Convert.ToHexString(seen.Exchange.Request)}")));
            }
            Assert.Single(shapes.Distinct());
        }
        // What is added later has nothing in common with what was asked or sent before, though it has the same words.
        var before = Servers.Since(0).Where(seen => seen.Exchange.Path.StartsWith("/v1/index", StringComparison.Ordinal)).Select(seen => seen.Exchange.Request).ToArray();
        var later = Servers.Now;
        await patient.PutAsync("Asthma since childhood."u8.ToArray(), name: "more.txt");
        var added = Servers.Since(later).Where(seen => seen.Exchange.Path.StartsWith("/v1/index/segments/", StringComparison.Ordinal) && seen.Exchange.Request.Length >= 16).ToArray();
        Assert.NotEmpty(added);
        foreach (var piece in added.SelectMany(seen => Windows(seen.Exchange.Request)))
            Assert.DoesNotContain(before, body => body.AsSpan().IndexOf(piece) >= 0);
    }

    private static IEnumerable<byte[]> Windows(byte[] bytes)
    {
        for (var at = 0; at + 16 <= bytes.Length; at += 16)
            yield return bytes[at..(at + 16)];
    }

    private async Task<(Person Patient, Person Doctor)> NotesAsync()
    {
        var patient = await Cast.RegisterAsync("patient");
        foreach (var note in new[] { "Asthma since childhood.", "No asthma, a cough.", "Asthma and a cough again." })
            await patient.PutAsync(Encoding.ASCII.GetBytes(note), name: $"note-{Guid.NewGuid():n}.txt");
        var doctor = await Cast.RegisterAsync("doctor");
        await patient.ShareAsync(doctor, ["medical"]);
        return (patient, doctor);
    }

    private static async Task<IReadOnlyList<SearchHit>> FindAsync(Person person, string text)
    {
        Assert.True(Query.TryParse(text, out var query, out var fault), fault);
        return await new Searcher(person.Account).FindAsync(query, null, 100, None).ToListAsync();
    }
}

using Salus.Client.Accounts;
using Salus.Client.Deposits;
using Salus.Client.Search;
using Salus.Client.Sharing;
using Salus.Protocol;

namespace Salus.EndToEnd.Tests;

/// <summary>Whose a record is says its owner's account, and never what somebody writes into a note of their own.</summary>
public class OwnerNameTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NobodyPutsRecordsUnderAnothersName(bool isPinned)
    {
        using var alice = await Person.RegisterAsync(salus, "alice");
        using var mallory = await Person.RegisterAsync(salus, "mallory");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        // Somebody else's address, or the reader's own, in the notes of every grant.
        var forged = isPinned ? alice.Mail : doctor.Mail;
        mallory.Profile.Save(mallory.Profile.Load() with { Mail = forged });
        await mallory.ThroughAsync(salus.Parties);
        var hers = await alice.PutAsync("Penicillin is tolerated."u8.ToArray(), name: "hers.txt");
        var other = await mallory.PutAsync("Penicillin allergy, severe."u8.ToArray(), name: "other.txt");
        await alice.ShareAsync(doctor, ["medical"]);
        await mallory.ShareAsync(doctor, ["medical"]);
        await alice.LetAddAsync(doctor, "medical");
        await mallory.LetAddAsync(doctor, "medical");
        if (isPinned)
            await new Contacts(doctor.Account).ResolveAsync(alice.Mail, None);
        var (hersName, malloryName) = (isPinned ? alice.Mail : alice.Account.Id.ToString(), mallory.Account.Id.ToString());

        var grants = await new ReceivedGrants(doctor.Account).ListAsync(None);
        Assert.Equal([(hersName, isPinned ? null : alice.Mail)], grants.Where(grant => grant.Owner.Account == alice.Account.Id).Select(grant => (grant.OwnerName, grant.CallsThemselves)));
        Assert.Equal([(malloryName, forged)], grants.Where(grant => grant.Owner.Account == mallory.Account.Id).Select(grant => (grant.OwnerName, grant.CallsThemselves)));
        var deposits = await new ReceivedDeposits(doctor.Account).ListAsync(None);
        Assert.Equal([(malloryName, forged)], deposits.Where(deposit => deposit.Owner.Account == mallory.Account.Id).Select(deposit => (deposit.OwnerName, deposit.CallsThemselves)));

        var shared = (await doctor.SharedAsync()).ToDictionary(record => record.Record, record => (record.Owner, record.Account, record.Source));
        Assert.Equal((hersName, alice.Account.Id, hersName), shared[hers.Record]);
        Assert.Equal((malloryName, mallory.Account.Id, malloryName), shared[other.Record]);

        Assert.Equal([hers.Record], await FoundAsync(doctor, alice.Account.Id.ToString()));
        Assert.Equal([other.Record], await FoundAsync(doctor, mallory.Account.Id.ToString()));
        Assert.Equal([hers.Record], await FoundAsync(doctor, hersName));
        Assert.Equal(2, (await FoundAsync(doctor, null)).Count);
        if (!isPinned)
            Assert.Empty(await FoundAsync(doctor, doctor.Mail));
    }

    private static async Task<IReadOnlyList<RecordId>> FoundAsync(Person person, string? owner)
    {
        Assert.True(Query.TryParse("penicillin", out var query, out _));
        var found = new List<RecordId>();
        await foreach (var hit in new Searcher(person.Account).FindAsync(query, owner, 10, None))
            found.Add(hit.Record);
        return found;
    }
}

using Salus.Client.Search;
using Salus.Protocol.Http;

namespace Salus.EndToEnd.Tests;

/// <summary>Lists that are asked for before a change and answered after it: an honest cloud raises no alarm, and nothing that was learnt is forgotten.</summary>
public class CrossingTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(Paths.Grants)]
    [InlineData(Paths.Epochs)]
    public async Task AListThatCrossesARevocationIsNoAlarm(string path)
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var grant = await patient.ShareAsync(doctor, ["medical"]);
        await using var cloud = await BeforeAsync(patient);
        var held = Hold(cloud, path);

        var listing = patient.Granting.ListAsync(None);
        await held.Arrived.Task;
        await patient.Granting.RevokeAsync(grant.Terms.Id, None);
        await patient.ShareAsync(doctor, ["prescription"]);
        var known = patient.Account.State.Content.Epochs.ToDictionary();
        held.Go.SetResult();
        await listing;
        // The first answer is good: what is newer than the question is no reproach.
        Assert.Equal(0, held.AskedAgain);

        Assert.Equal(known.Select(seen => (seen.Key, seen.Value.Epoch)).Order(), patient.Account.State.Content.Epochs.Select(seen => (seen.Key, seen.Value.Epoch)).Order());
        Assert.Equal(["active", "revoked"], (await patient.Granting.ListAsync(None)).Select(one => one.State).Order());
    }

    [Fact]
    public async Task ASearchThatCrossesAPutForgetsNothing()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await patient.PutAsync("Asthma at night."u8.ToArray());
        await using var cloud = await BeforeAsync(patient);
        var held = Hold(cloud, Paths.IndexUpdates);
        Assert.True(Query.TryParse("asthma", out var query, out _));

        var finding = new Searcher(patient.Account).FindAsync(query, null, 10, None).ToArrayAsync().AsTask();
        await held.Arrived.Task;
        await patient.PutAsync("Asthma by day."u8.ToArray());
        var known = patient.Account.State.Content.IndexHeads.ToDictionary(seen => seen.Key, seen => seen.Value.Sequence);
        held.Go.SetResult();
        await finding;

        Assert.NotEmpty(known);
        Assert.All(known, seen => Assert.True(patient.Account.State.Content.IndexHeads[seen.Key].Sequence >= seen.Value));
    }

    /// <summary>Keeps the first answer to such a question until it is let go.</summary>
    private static Held Hold(Middleman cloud, string path)
    {
        var held = new Held();
        cloud.Change = async exchange =>
        {
            if (exchange.Method != "GET" || exchange.Path.Split('?')[0] != path)
                return;
            if (held.Go.Task.IsCompleted)
                Interlocked.Increment(ref held.AskedAgain);
            if (Interlocked.Exchange(ref held.IsTaken, 1) == 1)
                return;
            held.Arrived.SetResult();
            await held.Go.Task;
        };
        return held;
    }

    private async Task<Middleman> BeforeAsync(Person person)
    {
        var between = await Middleman.BeforeAsync(salus.Parties.UrlOf("cloud"));
        await person.ThroughAsync(person.Profile.Load().Parties.With("cloud", between.Url));
        return between;
    }

    private sealed class Held
    {
        public int IsTaken;
        public int AskedAgain;

        public TaskCompletionSource Arrived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Partitions;
using Salus.Client.Profiles;
using Salus.Client.Sharing;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.EndToEnd.Tests;

/// <summary>Grants and revocations when a cloud hides, a trustee fails, or a command is cut short in between.</summary>
public class GrantFaultTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task WhatWasRevokedGetsNoNewKeysThoughTheCloudHidesIt()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var grant = await patient.ShareAsync(doctor, ["medical"]);
        await using var cloud = await BeforeAsync(patient, "cloud");
        var revocation = Paths.GrantRevocation.Replace("{id}", grant.Terms.Id.ToString(), StringComparison.Ordinal);
        // It says that it has taken the notice, and has not.
        cloud.Instead = exchange => Task.FromResult(Answered(exchange, revocation, StatusCodes.Status204NoContent));
        Assert.Equal(AlarmKind.Withheld, (await Assert.ThrowsAsync<AlarmException>(() => patient.Granting.RevokeAsync(grant.Terms.Id, None))).Kind);
        await NoNewKeysAsync();
        // Nor does it when a later command finds the notice gone that was to be sent.
        await patient.Granting.FinishAsync(None);
        await NoNewKeysAsync();
        // A device that has only seen the revocation remembers it as well.
        cloud.Instead = _ => Task.FromResult(false);
        await patient.Granting.FinishAsync(None);
        Assert.Equal(("revoked", 3), StateOf(Assert.Single(await patient.Granting.ListAsync(None))));
        using var other = await SecondDeviceAsync(patient);
        Assert.Equal("revoked", Assert.Single(await new Granting(other).ListAsync(None)).State);
        cloud.Change = HideRevocations;
        foreach (var device in new[] { patient.Account, other })
            Assert.Equal(AlarmKind.Withheld, (await Assert.ThrowsAsync<AlarmException>(() => new Granting(device).LiveAsync(None))).Kind);

        async Task NoNewKeysAsync()
        {
            Assert.True(Grant.TryVerify(Assert.Single(await patient.Account.Cloud.GrantsAsync(None)).Signed, out var shown));
            Assert.Equal(1u, shown.Terms.Version);
            Assert.Empty(patient.Account.State.Content.UnfinishedGrants);
        }
    }

    [Theory]
    [InlineData(500)]
    [InlineData(409)]
    [InlineData(200)]
    public async Task OneTrusteeThatAnswersWronglyHasNoVeto(int status)
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        using var friend = await Person.RegisterAsync(salus, "friend");
        var (grant, _) = (await patient.ShareAsync(doctor, ["medical"]), await patient.ShareAsync(friend, ["medical"]));
        await using var trustee = await BeforeAsync(patient, "trustee-2");
        trustee.Instead = exchange => Task.FromResult(Answered(exchange, Paths.Revocations, status) || (status == 500 && Answered(exchange, Paths.KFrags, status)));
        var granting = patient.Granting;
        var outcome = await granting.RevokeAsync(grant.Terms.Id, None);
        Assert.Equal((2, 1), (outcome.Receipts, outcome.Rekeyed));
        Assert.Equal(["trustee-2"], outcome.Pending);
        Assert.Contains(granting.Complaints, complaint => complaint.Contains("trustee-2", StringComparison.Ordinal));
        Assert.Equal(2u, await EpochAsync(patient));
        // The next commands are told, and go on.
        var next = patient.Granting;
        await next.FinishAsync(None);
        Assert.NotEmpty(next.Complaints);
        var stored = await patient.PutAsync(Extensions.RandomBytes(1000));
        await friend.GetAsync(stored.Record);
        trustee.Instead = _ => Task.FromResult(false);
        var last = patient.Granting;
        await last.FinishAsync(None);
        Assert.Empty(last.Complaints);
        Assert.Equal(("revoked", 3), StateOf((await patient.Granting.ListAsync(None)).Single(own => own.Id == grant.Terms.Id)));
        Assert.Empty(patient.Account.State.Content.UnsentKFrags);
    }

    [Theory]
    [InlineData(StatusCodes.Status200OK)]
    [InlineData(StatusCodes.Status503ServiceUnavailable)]
    public async Task OneTrusteeThatNeverEndsItsAnswerHoldsNothingUp(int status)
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        using var friend = await Person.RegisterAsync(salus, "friend");
        var (grant, _) = (await patient.ShareAsync(doctor, ["medical"]), await patient.ShareAsync(friend, ["medical"]));
        await using var trustee = await BeforeAsync(patient, "trustee-2");
        patient.Account.Trustees[1].Deadline = TimeSpan.FromSeconds(2);
        trustee.Instead = exchange => Task.FromResult(exchange.Stalls = Answered(exchange, Paths.Revocations, status) || Answered(exchange, Paths.KFrags, status));
        var outcome = await patient.Granting.RevokeAsync(grant.Terms.Id, None).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal((2, 1), (outcome.Receipts, outcome.Rekeyed));
        Assert.Equal(["trustee-2"], outcome.Pending);
        Assert.Equal("revoked", (await patient.Granting.ListAsync(None)).Single(own => own.Id == grant.Terms.Id).State);
        Assert.Equal(2u, await EpochAsync(patient));
        // The same command waits for it once, however much there is to be sent.
        trustee.Passed.Clear();
        await patient.Granting.FinishAsync(None).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Single(trustee.Passed);
        trustee.Instead = _ => Task.FromResult(false);
        await FinishesAsync(patient);
    }

    [Fact]
    public async Task CarryingOverWithoutTwoTrusteesEndsNobodysGrant()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        using var leaves = await Person.RegisterAsync(salus, "leaves");
        var old = await patient.PutAsync(Extensions.RandomBytes(1000));
        await patient.ShareAsync(doctor, ["medical"]);
        var ended = await patient.ShareAsync(leaves, ["medical"]);
        await using var one = await BeforeAsync(patient, "trustee-1");
        await using var three = await BeforeAsync(patient, "trustee-3");
        one.Instead = three.Instead = exchange => Task.FromResult(Answered(exchange, Paths.KFrags, 503));
        var granting = patient.Granting;
        Assert.Equal((3, 0), await RevokedAsync(granting, ended));
        Assert.Contains(granting.Complaints, complaint => complaint.Contains("not carried over", StringComparison.Ordinal));
        await doctor.GetAsync(old.Record);
        var stored = await patient.PutAsync(Extensions.RandomBytes(1000));
        one.Instead = three.Instead = _ => Task.FromResult(false);
        await FinishesAsync(patient);
        await doctor.GetAsync(stored.Record);
        await doctor.GetAsync(old.Record);
    }

    [Fact]
    public async Task AKillBetweenSharesAndGrantIsMadeGoodWithTheSameShares()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        using var leaves = await Person.RegisterAsync(salus, "leaves");
        await patient.ShareAsync(doctor, ["medical"]);
        var ended = await patient.ShareAsync(leaves, ["medical"]);
        await using (var cloud = await BeforeAsync(patient, "cloud"))
        {
            cloud.Instead = exchange => Task.FromResult(exchange.Method == "POST" && Answered(exchange, Paths.Grants, 503));
            await Assert.ThrowsAsync<RefusedException>(() => patient.Granting.RevokeAsync(ended.Terms.Id, None));
        }
        await patient.ThroughAsync(salus.Parties);
        Assert.Single(patient.Account.State.Content.UnfinishedGrants);
        await FinishesAsync(patient);
        var stored = await patient.PutAsync(Extensions.RandomBytes(1000));
        await doctor.GetAsync(stored.Record);
    }

    [Fact]
    public async Task AGrantWhoseAnswerIsLostIsSentAgainAsItWas()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var stored = await patient.PutAsync(Extensions.RandomBytes(1000));
        await using var cloud = await BeforeAsync(patient, "cloud");
        var sent = new List<byte[]>();
        cloud.Change = exchange =>
        {
            if (exchange is { Method: "POST", Path: Paths.Grants })
            {
                exchange.IsLost = sent.Count == 0;
                sent.Add(exchange.Request);
            }
            return Task.CompletedTask;
        };
        await patient.ShareAsync(doctor, ["medical"]);
        Assert.Equal(2, sent.Count);
        Assert.Equal(sent[0], sent[1]);
        Assert.Equal("active", Assert.Single(await patient.Granting.ListAsync(None)).State);
        await doctor.GetAsync(stored.Record);
        await FinishesAsync(patient);
    }

    [Theory]
    [InlineData("takes it and never answers")]
    [InlineData("takes it and says that it does not")]
    [InlineData("does not take it")]
    [InlineData("takes it while the command is cut short")]
    public async Task AGrantThatIsSaidToHaveFailedIsOver(string cloudThat)
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var stored = await patient.PutAsync(Extensions.RandomBytes(1000));
        await using var cloud = await BeforeAsync(patient, "cloud");
        using var stop = new CancellationTokenSource();
        Grant? sent = null;
        cloud.Instead = exchange => Task.FromResult(cloudThat == "does not take it" && exchange.Method == "POST" && Answered(exchange, Paths.Grants, 503));
        cloud.Change = async exchange =>
        {
            if (exchange is not { Method: "POST", Path: Paths.Grants })
                return;
            Assert.True(Grant.TryVerify(JsonSerializer.Deserialize<SignedBytes>(exchange.Request, JsonSerializerOptions.Web)!.Signed, out sent));
            if (cloudThat == "takes it while the command is cut short")
                await stop.CancelAsync();
            exchange.IsLost = cloudThat.StartsWith("takes", StringComparison.Ordinal);
            if (cloudThat == "takes it and says that it does not")
                (exchange.IsLost, exchange.Status, exchange.Body) = (false, 500, []);
        };
        var granting = patient.Granting;
        var proposal = await granting.ProposeAsync(doctor.Mail, GrantRole.Doctor, ["medical"], null, null, null, History.Whole, None);
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => granting.ConfirmAsync(proposal, stop.Token));
        Assert.True(failure is UnreachableException or RefusedException or OperationCanceledException, $"{failure}");
        if (failure is OperationCanceledException)
            await patient.Granting.FinishAsync(None);
        // Whatever the cloud holds and shows, it opens nothing; and the owner's own list hides nothing.
        await doctor.RefusedByTrusteesAsync(sent!.Terms.Id, await patient.SealedAsync(stored.Record));
        Assert.Equal(cloudThat == "does not take it" ? [] : ["revoked"], (await patient.Granting.ListAsync(None)).Select(own => own.State));
        Assert.Equal(2u, await EpochAsync(patient));
        (cloud.Instead, cloud.Change) = (_ => Task.FromResult(false), _ => Task.CompletedTask);
        await FinishesAsync(patient);
        // Confirmed once more it is shared, once.
        await patient.Granting.ConfirmAsync(proposal, None);
        await doctor.GetAsync(stored.Record);
        await doctor.GetAsync((await patient.PutAsync(Extensions.RandomBytes(100))).Record);
        Assert.Single(await patient.Granting.LiveAsync(None));
        await FinishesAsync(patient);
    }

    [Fact]
    public async Task WhatNeitherCloudNorTwoTrusteesAnswerIsNotSaidToHaveFailed()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        await using var one = await BeforeAsync(patient, "trustee-1");
        await using var three = await BeforeAsync(patient, "trustee-3");
        await using var cloud = await BeforeAsync(patient, "cloud");
        one.Instead = three.Instead = exchange => Task.FromResult(Answered(exchange, Paths.Revocations, 503));
        cloud.Change = exchange =>
        {
            exchange.IsLost = exchange is { Method: "POST", Path: Paths.Grants };
            return Task.CompletedTask;
        };
        Assert.Equal(Reasons.MaybeShared, (await Assert.ThrowsAsync<CannotException>(() => patient.ShareAsync(doctor, ["medical"]))).Code);
        Assert.Empty(await patient.Granting.LiveAsync(None));
        Assert.Single(patient.Account.State.Content.UnfinishedRevocations);
        one.Instead = three.Instead = _ => Task.FromResult(false);
        await FinishesAsync(patient);
        Assert.Equal(("revoked", 3), StateOf(Assert.Single(await patient.Granting.ListAsync(None))));
    }

    [Fact]
    public async Task WhatATrusteeRefusesForGoodIsNotSentForEver()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        await using var trustee = await BeforeAsync(patient, "trustee-2");
        trustee.Instead = exchange => Task.FromResult(Answered(exchange, Paths.KFrags, 503));
        var grant = await patient.ShareAsync(doctor, ["medical"]);
        Assert.Single(patient.Account.State.Content.UnsentKFrags);
        trustee.Instead = _ => Task.FromResult(false);
        // Another device ends the grant.
        await patient.Account.Trustees[1].RevokeAsync(Revocation.Create(patient.Account.Keys.Identity, grant.Terms.Id, TimeProvider.System.GetUtcNow()), None);
        var granting = patient.Granting;
        await granting.FinishAsync(None);
        Assert.Contains("trustee-2", Assert.Single(granting.Complaints), StringComparison.Ordinal);
        await FinishesAsync(patient);
    }

    [Fact]
    public async Task TheNoticeOfAnotherDeviceTakesThePlaceOfThisOnes()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var grant = await patient.ShareAsync(doctor, ["medical"]);
        await using var cloud = await BeforeAsync(patient, "cloud");
        // The other device's arrives while this one is telling the trustees.
        var revocation = Paths.GrantRevocation.Replace("{id}", grant.Terms.Id.ToString(), StringComparison.Ordinal);
        var first = true;
        cloud.Instead = async exchange =>
        {
            if (exchange.Path == revocation && first)
            {
                first = false;
                await patient.Account.Cloud.RevokeAsync(Revocation.Create(patient.Account.Keys.Identity, grant.Terms.Id, TimeProvider.System.GetUtcNow().AddSeconds(-3)), [], None);
            }
            return false;
        };
        Assert.Equal((3, 0), await RevokedAsync(patient.Granting, grant));
        Assert.Equal(("revoked", 3), StateOf(Assert.Single(await patient.Granting.ListAsync(None))));
        await FinishesAsync(patient);
    }

    [Fact]
    public async Task HistoryFromNowBeginsWithAnEpochThatNobodyElseMade()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        using var other = await SecondDeviceAsync(patient);
        await using var cloud = await BeforeAsync(patient, "cloud");
        var first = true;
        cloud.Instead = async exchange =>
        {
            if (exchange is { Method: "POST", Path: Paths.Epochs } && first)
            {
                first = false;
                var partitions = new PartitionKeys(other);
                await partitions.AdvanceAsync(await partitions.EnsureAsync("medical", None), None);
            }
            return false;
        };
        var grant = await patient.ShareAsync(doctor, ["medical"], history: History.FromNow);
        Assert.False(first);
        Assert.Equal(3u, Assert.Single(grant.Entries).Epoch.Value);
        await FinishesAsync(patient);
    }

    private static async Task<(int Receipts, int Rekeyed)> RevokedAsync(Granting granting, Grant grant)
    {
        var outcome = await granting.RevokeAsync(grant.Terms.Id, None);
        return (outcome.Receipts, outcome.Rekeyed);
    }

    /// <summary>All that was begun is brought to its end, and nothing is left to be sent.</summary>
    private static async Task FinishesAsync(Person person)
    {
        var granting = person.Granting;
        await granting.FinishAsync(None);
        Assert.Empty(granting.Complaints);
        var left = person.Account.State.Content;
        Assert.Equal((0, 0, 0, 0), (left.UnfinishedGrants.Count, left.UnfinishedRevocations.Count, left.UnsentKFrags.Count, left.Rekeying.Count));
    }

    private static (string State, int Receipts) StateOf(GrantSummary summary) => (summary.State, summary.Receipts);

    private static async Task<uint> EpochAsync(Person person) => (await new PartitionKeys(person.Account).EnsureAsync("medical", None)).Head.Epoch.Value;

    private static Task HideRevocations(Exchange exchange)
    {
        if (exchange is { Method: "GET", Path: Paths.Grants, Status: 200 })
            exchange.Set(new GrantList([.. exchange.Json<GrantList>().Grants.Select(view => view with { Revocation = null, Receipts = [] })]));
        return Task.CompletedTask;
    }

    /// <summary>Answers a route in the server's place, with a status and nothing else.</summary>
    private static bool Answered(Exchange exchange, string path, int status)
    {
        if (exchange.Path != path)
            return false;
        exchange.Status = status;
        return true;
    }

    /// <summary>The same account on a device that has seen nothing yet, by the same servers.</summary>
    private async Task<Account> SecondDeviceAsync(Person person)
    {
        var profile = new Profile(salus.In("profiles", salus.NewName("device")));
        profile.Save(person.Profile.Load());
        using var secret = Person.Secret(person.Passphrase);
        return await Account.UnlockAsync(profile, secret, TimeProvider.System);
    }

    /// <summary>Puts somebody between a person and a server.</summary>
    private async Task<Middleman> BeforeAsync(Person person, string party)
    {
        var between = await Middleman.BeforeAsync(salus.Parties.UrlOf(party));
        await person.ThroughAsync(person.Profile.Load().Parties.With(party, between.Url));
        return between;
    }
}

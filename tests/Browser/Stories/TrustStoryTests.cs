using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Salus.Browser.Tests.Access;
using Salus.Browser.Tests.Browsing;
using Salus.Client;
using Salus.EndToEnd.Tests;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;

namespace Salus.Browser.Tests.Stories;

/// <summary>
/// What a patient sees of what servers did: who opened what, with its proof; a log that is told in two versions; a store that lost something. Each screen on the way is looked at in both
/// languages and themes, on a phone and on a desk.
/// </summary>
public sealed partial class TrustStoryTests(SalusInstallation salus, Chromium chromium)
{
    private readonly List<string> _found = [];

    [Fact]
    public async Task APatientSeesWhoOpenedWhatWhenAndUnderWhichPermissionWithItsProof()
    {
        await using var patient = await Visitor.SignUpAsync(chromium, salus, "asha");
        await using var doctor = await Visitor.SignUpAsync(chromium, salus, "lee");
        await patient.Records.ChooseAsync(new FilePayload { Name = "x-ray of the hand.txt", MimeType = "text/plain", Buffer = "a hand"u8.ToArray() });
        await patient.Page.Field("Area").SelectOptionAsync("medical");
        await patient.Records.StoreAsync();
        await patient.Sharing.ShareAsync(doctor.Mail);

        // 1. Nobody has opened anything, and that is checked.
        await patient.GoAsync("/access");
        await patient.Page.GetByText("no access is told of").SeenAsync();
        await patient.Page.GetByText("Nobody has opened anything").SeenAsync();
        await LookAsync(patient, "nobody opened anything");

        // 2. The doctor opens the record. What doctors open themselves is no access of theirs to their own.
        await doctor.Records.HomeAsync();
        await doctor.Page.Field("Whose").SelectOptionAsync(new SelectOptionValue { Label = "From others" });
        await doctor.Records.Entry("x-ray of the hand.txt").ClickAsync();
        Assert.Equal("a hand"u8.ToArray(), await doctor.Records.DownloadAsync());
        await doctor.GoAsync("/access");
        await doctor.Page.GetByText("Nobody has opened anything").SeenAsync();

        // 3. The patient reads it in a sentence, and sees what was checked.
        await patient.Page.Button("Check again").ClickAsync();
        await patient.Page.GetByText(Stands()).SeenAsync();
        var opened = patient.Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = $"{doctor.Mail} opened one record in Medical for treatment" }).First;
        await opened.SaysAsync("x-ray of the hand.txt");
        await opened.GetByText("Proof", new() { Exact = true }).ClickAsync();
        await opened.SaysAsync("Checked against the log");
        await opened.SaysAsync("trustee-");
        Assert.Matches("^[0-9a-f]{32}$", await opened.Locator("code").InnerTextAsync());
        var checkedThere = patient.Page.GetByRole(AriaRole.Region, new() { Name = "What was checked" });
        await checkedThere.Locator("summary").ClickAsync();
        await checkedThere.SaysAsync("trustee-");
        Assert.Equal(64, (await checkedThere.Locator("code").InnerTextAsync()).Count(char.IsAsciiHexDigitLower));
        Assert.True(await NumberAsync(opened.Locator("dd").First) < await NumberAsync(checkedThere.Locator("dd").First), "The entry stands behind the end of the log.");
        await LookAsync(patient, "who opened what");

        // 4. It names the permission: when that has ended, the access is still told of.
        await patient.Sharing.RevokeAsync(doctor.Mail);
        await patient.GoAsync("/access");
        await patient.Page.GetByText(Stands()).SeenAsync();
        await patient.Page.GetByText("x-ray of the hand.txt").First.SeenAsync();
        Assert.Empty(_found);
    }

    [Fact]
    public async Task ACloudThatTellsTwoStoriesIsCaughtAndNothingIsSharedUntilThePatientHasLookedAtIt()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        using var friend = await Person.RegisterAsync(salus, "friend");
        var stored = await patient.PutAsync("a letter"u8.ToArray(), name: "letter.txt");
        await patient.ShareAsync(doctor, ["medical"]);
        await doctor.GetAsync(stored.Record);
        await using var visitor = await Visitor.LogInAsync(chromium, patient, salus);
        var between = await Interception.OfAsync(visitor);
        byte[]? older = null;
        between.On(Paths.LogCheckpoint, exchange => older = exchange.Body);
        await visitor.GoAsync("/access");
        await visitor.Page.GetByText(Stands()).SeenAsync();

        // 1. It hides the newest: the trustees have told of an access that its log does not reach.
        await doctor.GetAsync(stored.Record);
        between.On(Paths.LogCheckpoint, exchange => exchange.Body = older!);
        await visitor.Page.Button("Check again").ClickAsync();
        await visitor.Page.GetByText(DoesNotHold()).SeenAsync();
        await LookAsync(visitor, "log that is cut");
        await visitor.GoAsync("/alarms");
        await visitor.Page.GetByText("Keep an eye on it").First.SeenAsync();
        await visitor.GoAsync("/contacts");
        await visitor.Alarms.StandsAsync(AlarmKind.Withheld);

        // 2. It tells another story than before.
        await doctor.GetAsync(stored.Record);
        between.Change = (_, exchange) =>
        {
            if (exchange.Path.StartsWith("/log/tile/0/", StringComparison.Ordinal) && exchange.Status == 200)
                for (var i = 5; i < exchange.Body.Length; i += 16)
                    exchange.Body[i] ^= 1;
            return Task.CompletedTask;
        };
        await visitor.GoAsync("/access");
        await visitor.Alarms.ToldAsync(AlarmKind.Fork);
        await LookAsync(visitor, "log of two stories");

        // 3. Whatever the servers do from here on: nothing is shared before somebody has looked at it.
        between.Honest();
        await visitor.Sharing.ProposeAsync(friend.Mail);
        await visitor.Page.Alert("Nothing is shared until you have looked at an alarm").SeenAsync();
        await Assertions.Expect(visitor.Page.Button("Share now")).ToBeDisabledAsync();
        await LookAsync(visitor, "sharing is blocked");
        await visitor.GoAsync("/alarms");
        await LookAsync(visitor, "alarm centre");
        await visitor.GoAsync("/contacts");
        await visitor.Alarms.StandsAsync(AlarmKind.Fork);
        await visitor.Sharing.ShareAsync(friend.Mail);
        Assert.Single(await friend.SharedAsync());

        // 4. The honest log is the one that was seen before.
        await visitor.GoAsync("/access");
        await visitor.Page.GetByText(Stands()).SeenAsync();
        Assert.Empty(_found);
    }

    [Fact]
    public async Task AStoreThatLostPiecesIsNamedAndThePiecesAreMadeAgain()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var stored = await patient.PutAsync("a letter"u8.ToArray(), name: "letter.txt");
        var (store, file) = (await patient.FragmentsAsync(stored.Record))[2];
        await using var visitor = await Visitor.LogInAsync(chromium, patient, salus);
        await visitor.GoAsync("/storage");
        await visitor.Page.GetByText("No audit yet on this device").SeenAsync();
        await LookAsync(visitor, "no audit yet");

        // 1. All stores prove what they have.
        await visitor.Page.Button("Ask the stores now").ClickAsync();
        await visitor.Page.GetByText("Everything that was asked for is there.").SeenAsync();
        foreach (var name in SalusInstallation.StoreNames)
            await Card(name).SaysAsync("All proven");
        await LookAsync(visitor, "all stores are whole");

        // 2. One loses a piece: it is named, and nobody else is.
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        await visitor.Page.Button("Ask the stores now").ClickAsync();
        await Card(store).SaysAsync("Something is missing or damaged");
        foreach (var other in SalusInstallation.StoreNames.Where(name => name != store))
            await Card(other).SaysAsync("All proven");
        await visitor.Page.Alert("Salus has caught").SeenAsync();
        await LookAsync(visitor, "store that lost a piece");
        await visitor.GoAsync("/alarms");
        await visitor.Page.GetByText("A store does not have a piece that it was given.").SeenAsync();
        await LookAsync(visitor, "alarm of a store");
        await visitor.Page.Link("To the safekeeping").ClickAsync();

        // 3. It is made again from the others, and the store proves it.
        await visitor.Page.Button("Make the lost pieces again").ClickAsync();
        await visitor.Page.GetByText("One piece was made again.").SeenAsync();
        await visitor.Page.GetByText("Everything that was asked for is there.").SeenAsync();
        Assert.True(File.Exists(file));
        await LookAsync(visitor, "piece made again");
        await visitor.Alarms.StandsAsync(AlarmKind.Withheld);

        // 4. One that does not answer is not called dishonest.
        await using (await salus.WithoutAsync("store-2"))
        {
            await visitor.GoAsync("/storage");
            await visitor.Page.Button("Ask the stores now").ClickAsync();
            await Card("store-2").SaysAsync("No answer");
            await LookAsync(visitor, "store that is away");
        }
        Assert.Equal(0, await visitor.Page.Alert("Salus has caught").CountAsync());
        Assert.Empty(_found);

        ILocator Card(string name) => visitor.Page.GetByRole(AriaRole.Listitem).Filter(new() { Has = visitor.Page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true }) });
    }

    [Fact]
    public async Task WhatCouldNotBeCheckedIsNotCalledCheckedAndATrusteeThatForgetsIsNamedWhereItIsFound()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var stored = await patient.PutAsync("a letter"u8.ToArray(), name: "letter.txt");
        await patient.ShareAsync(doctor, ["medical"]);
        await doctor.GetAsync(stored.Record);
        await doctor.GetAsync(stored.Record);
        await using var visitor = await Visitor.LogInAsync(chromium, patient, salus);
        var between = await Interception.OfAsync(visitor);

        // 1. The cloud does not say what was permitted: what was opened is told, and nothing of it was checked.
        between.On(Paths.Grants, exchange => exchange.Status = 500);
        await visitor.GoAsync("/access");
        await visitor.Page.GetByText("Not everything could be checked").SeenAsync();
        await visitor.Page.GetByText("Proof", new() { Exact = true }).First.ClickAsync();
        await visitor.Page.GetByText("Under the permission", new() { Exact = true }).First.SeenAsync();
        Assert.Equal(0, await visitor.Page.GetByText("Checked against the log").CountAsync());
        await LookAsync(visitor, "not all checked");

        // 2. A trustee has forgotten what it told: whichever question finds it first, the screen says so, and the banner.
        using var identity = new SigningKey(await File.ReadAllBytesAsync(salus.In("trustee-1", "identity.key")));
        between.Change = (url, exchange) =>
        {
            if (exchange.Path == Paths.WitnessJournal && url.Port == salus.Parties.Trustees[0].Url.Port && JournalRequest.TryVerify(exchange.Request, out var asked))
                exchange.Body = Journal.Create(identity, asked, false, []).Signed;
            return Task.CompletedTask;
        };
        await visitor.GoAsync("/access");
        await visitor.Alarms.ToldAsync(AlarmKind.Rollback);
        await visitor.Page.GetByText(DoesNotHold()).SeenAsync();
        Assert.Equal(0, await visitor.Page.GetByText("Checked against the log").CountAsync());
        await visitor.Alarms.StandsAsync(AlarmKind.Rollback);
        Assert.Empty(_found);
    }

    [Fact]
    public async Task WhatALoginCouldNotMakeSureOfIsSaidUntilItIsDismissed()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await using var visitor = await Visitor.LogInAsync(chromium, patient, salus, before: async visitor => (await Interception.OfAsync(visitor)).Change = (_, exchange) =>
        {
            if (exchange.Path.StartsWith(Paths.WitnessNewest, StringComparison.Ordinal))
                exchange.Status = 503;
            return Task.CompletedTask;
        });
        var older = visitor.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "may be older than what there is" });
        var withoutCheck = visitor.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "which keys others are given for your address" });
        await older.SeenAsync();
        await withoutCheck.SeenAsync();
        await LookAsync(visitor, "login with one trustee");
        await older.Button("Dismiss").ClickAsync();
        await older.GoneAsync();
        await visitor.GoAsync("/contacts");
        await withoutCheck.SeenAsync();
        Assert.Equal(0, await older.CountAsync());
        Assert.Equal(0, await visitor.Page.Alert("Salus has caught").CountAsync());
        Assert.Empty(_found);
    }

    /// <summary>In English and German.</summary>
    private async Task LookAsync(Visitor visitor, string name)
    {
        await Looking.AtAsync(visitor, name, _found);
        await visitor.Page.GetByLabel("Language", new() { Exact = true }).First.SelectOptionAsync("de");
        await German.AtAsync(visitor, name, _found);
        await Looking.AtAsync(visitor, $"{name} (German)", _found);
        await visitor.Page.GetByLabel("Sprache", new() { Exact = true }).First.SelectOptionAsync("en");
    }

    private static async Task<int> NumberAsync(ILocator what) =>
        int.Parse(Digits().Match(await what.InnerTextAsync()).Value.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    [GeneratedRegex("(The one access stands|accesses stand) in the log")]
    private static partial Regex Stands();

    [GeneratedRegex("(One thing does|things do) not hold")]
    private static partial Regex DoesNotHold();

    [GeneratedRegex("[0-9,]+")]
    private static partial Regex Digits();
}

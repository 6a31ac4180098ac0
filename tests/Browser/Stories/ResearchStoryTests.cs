using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using Salus.Browser.Tests.Browsing;
using Salus.Browser.Tests.Screens;
using Salus.Client.Records;
using Salus.Client.Studies;
using Salus.Crypto.Dispersal;
using Salus.EndToEnd.Tests;
using Salus.Protocol;
using Salus.Testing;

namespace Salus.Browser.Tests.Stories;

/// <summary>Research at the page: a patient's readings and studies, a researcher's study, and who guards it.</summary>
public class ResearchStoryTests(SalusInstallation salus, Chromium chromium)
{
    private static readonly byte[] Bundle = File.ReadAllBytes(Path.Combine(Places.Root, "samples", "patient-bundle.json"));

    [Fact]
    public async Task APatientAddsReadingsLooksAtADayOfThemAndADoctorSeesThemUntilTheyAreGone()
    {
        await using var patient = await Visitor.SignUpAsync(chromium, salus, "asha");
        await using var doctor = await Visitor.SignUpAsync(chromium, salus, "lee");
        var page = patient.Page;

        // 1. A file of a device.
        await patient.GoAsync("/readings");
        await page.GetByText("There are no readings here yet").SeenAsync();
        await page.Button("Add readings").ClickAsync();
        var csv = Encoding.UTF8.GetBytes(Readings.Csv(240, TimeProvider.System.GetUtcNow()));
        var chooser = await page.RunAndWaitForFileChooserAsync(() => page.Button("Choose a file").ClickAsync());
        await chooser.SetFilesAsync(new FilePayload { Name = "pulse.csv", MimeType = "text/csv", Buffer = csv });
        await page.Field("What the values are").SelectOptionAsync(new SelectOptionValue { Label = "Heart rate" });
        await page.Button("Add them").ClickAsync();
        await page.GetByText("240 values were added.").SeenAsync();

        // 2. In figures, drawn, and as a table.
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Heart rate") }).ClickAsync();
        await page.Title("Heart rate").SeenAsync();
        await page.GetByRole(AriaRole.Img, new() { NameRegex = new("240 values") }).SeenAsync();
        await page.Locator("canvas").First.SeenAsync();
        await page.GetByRole(AriaRole.Main).SaysAsync("60.0 /min");
        await page.GetByText("Values as a table").ClickAsync();
        await page.GetByRole(AriaRole.Group, new() { Name = "Values as a table" }).GetByRole(AriaRole.Row).CountAsync(201);
        await page.Field("Period").SelectOptionAsync(new SelectOptionValue { Label = "Last day" });
        await page.GetByRole(AriaRole.Img, new() { NameRegex = new("240 values") }).SeenAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.Button("Download as CSV").ClickAsync());
        Assert.Equal(241, (await File.ReadAllLinesAsync(await download.PathAsync())).Length);

        // 3. The same file again brings nothing new.
        await patient.GoAsync("/readings");
        await page.Button("Add readings").ClickAsync();
        chooser = await page.RunAndWaitForFileChooserAsync(() => page.Button("Choose a file").ClickAsync());
        await chooser.SetFilesAsync(new FilePayload { Name = "pulse.csv", MimeType = "text/csv", Buffer = csv });
        await page.Button("Add them").ClickAsync();
        await page.GetByText("240 values of it were here already.").SeenAsync();

        // 4. Shared with the medical records, and gone.
        await patient.Sharing.ShareAsync(doctor.Mail);
        await doctor.GoAsync("/readings");
        await doctor.Page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Heart rate") }).ClickAsync();
        await doctor.Page.GetByRole(AriaRole.Img, new() { NameRegex = new("240 values") }).SeenAsync();
        Assert.Equal(0, await doctor.Page.Button("Delete").CountAsync());
        await patient.GoAsync("/readings");
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Heart rate") }).ClickAsync();
        await page.Button("Delete").ClickAsync();
        await page.OpenDialog().Button("Delete").ClickAsync();
        await page.GetByText("There are no readings here yet").SeenAsync();
    }

    [Fact]
    public async Task APatientSeesWhatWouldLeaveJoinsAndWithdraws()
    {
        using var researcher = await Person.RegisterAsync(salus, "okafor", organisation: "School of Public Health");
        using var custodian = await Person.RegisterAsync(salus, "ethics", organisation: "City Hospital");
        await using var patient = await Visitor.SignUpAsync(chromium, salus, "noor");
        await patient.Records.AddAsync(new FilePayload { Name = "patient-bundle.json", MimeType = "application/json", Buffer = Bundle });
        var title = salus.NewName("Weight and conditions");
        await Declarations.OpenAsync(researcher, custodian, title);
        var page = patient.Page;

        // 1. Who asks for what, who guards it, until when; nothing has left.
        await patient.GoAsync("/studies");
        await page.Link($"Read and decide: {title}").ClickAsync();
        await page.Title(title).SeenAsync();
        await page.GetByRole(AriaRole.Main).SaysAsync("School of Public Health");
        await page.GetByRole(AriaRole.Main).SaysAsync("City Hospital");
        await page.GetByText("No answer with fewer than about 2 people, no release with fewer than 2.").SeenAsync();

        // 2. What would be contributed: counts, and one's own row.
        await page.Button("See what would be contributed").ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "What you would contribute" }).SeenAsync();
        await page.GetByRole(AriaRole.Group, new() { Name = "What was done to the copy" }).GetByRole(AriaRole.Row).First.SeenAsync();
        await page.GetByRole(AriaRole.Group, new() { Name = "Your figures, before they are cut into shares" }).SaysAsync("female");
        Assert.DoesNotContain("Salena230", await page.GetByRole(AriaRole.Main).InnerTextAsync(), StringComparison.Ordinal);

        // 3. One button, and it is done.
        await page.Button("Contribute this").ClickAsync();
        await page.Button($"Withdraw from {title}").SeenAsync();
        await patient.GoAsync("/studies");
        await page.GetByRole(AriaRole.Region, new() { Name = "You take part" }).SaysAsync(title);

        // 4. And taken back.
        await page.Link($"Read more: {title}").ClickAsync();
        await page.Button($"Withdraw from {title}").ClickAsync();
        await page.OpenDialog().Button("Withdraw").ClickAsync();
        await page.GetByText("Your contribution is withdrawn").SeenAsync();
        Assert.Equal(0, await page.Button("See what would be contributed").CountAsync());
    }

    [Fact]
    public async Task AResearcherOpensAStudyAsksItAndGetsWhatItsCustodianReleases()
    {
        using var ethics = await Person.RegisterAsync(salus, "ethics", organisation: "City Hospital");
        await using var researcher = await Visitor.SignUpAsync(chromium, salus, "okafor");
        var (page, title) = (researcher.Page, salus.NewName("Weight of people"));

        // 1. Declared, looked at as patients will, signed.
        await researcher.GoAsync("/research/new");
        await page.Button("Look at it as patients will").ClickAsync();
        await page.Alert("Not everything is filled in.").SeenAsync();
        await page.Field("Title").FillAsync(title);
        await page.Field("Purpose, in words that a patient understands").FillAsync("What people weigh.");
        await page.Field("Mail address of the custodian").FillAsync(ethics.Mail);
        await page.Field("Participants, at least").FillAsync("2");
        await page.Field("How many have to look alike (k)").FillAsync("2");
        await page.Field("Add a usual one").SelectOptionAsync("weight");
        await page.Button("Add a property").ClickAsync();
        await page.Field("Budget of all answers (ρ)").FillAsync("1000");
        await page.Button("Look at it as patients will").ClickAsync();
        await page.GetByText("Nothing is released in which fewer than 2 people look alike.").SeenAsync();
        await page.Button("Sign and open it").ClickAsync();
        await page.Button("End the study").SeenAsync();
        await page.Title(title).SeenAsync();
        var desk = new Uri(page.Url).Fragment[1..];
        Assert.True(Identifier.TryParse<StudyId>(desk.Split('/')[^1], out var study));

        // 2. Five people take part: noise may hide one or two.
        for (var i = 0; i < 5; i++)
        {
            using var patient = await Person.RegisterAsync(salus, "patient");
            await patient.Imports.ImportAsync(Path.Combine(Places.Root, "samples", "patient-bundle.json"), new ImportOptions(null, new DispersalChoice()), null, CancellationToken.None);
            var known = await new StudyList(patient.Account).OneAsync(study, CancellationToken.None);
            await new Participation(patient.Account).JoinAsync(known, () => throw new InvalidOperationException(), null, CancellationToken.None);
        }

        // 3. Asked: the text and its cost first; what comes of it is to take along.
        await researcher.GoAsync(desk);
        await page.Field("How precise").SelectOptionAsync("fine");
        await page.GetByText("mean(weight)", new() { Exact = true }).SeenAsync();
        await page.GetByText("Costs ρ 100 of the budget").SeenAsync();
        var answers = page.GetByRole(AriaRole.Region, new() { Name = "Answers", Exact = true });
        await page.Button("Ask").ClickAsync();
        await answers.SaysAsync("Too few take part to be answered about"); // three do not stand out from the noise
        await page.Field("What you ask for").SelectOptionAsync(new SelectOptionValue { Label = "histogram" });
        await page.Button("Ask").ClickAsync();
        // So few in so many classes may be too few to be answered about; the question is spent all the same.
        await answers.GetByRole(AriaRole.Heading, new() { Name = "histogram(weight)" }).SeenAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Meter)).ToHaveAttributeAsync("aria-valuetext", "ρ 200 of 1,000 is spent", new() { Timeout = Finding.Patience });
        var download = await page.RunAndWaitForDownloadAsync(() => page.Button("Download as JSON: mean(weight)").ClickAsync());
        using (var json = JsonDocument.Parse(await File.ReadAllBytesAsync(await download.PathAsync())))
            Assert.Equal("kg", json.RootElement.GetProperty("unit").GetString());

        // 4. Weighed and released by the custodian alone.
        await using var custodian = await Visitor.LogInAsync(chromium, ethics, salus);
        await custodian.GoAsync(desk);
        await custodian.Page.Button("Check the contributions").ClickAsync();
        await custodian.Page.GetByText("It passes.").SeenAsync();
        await custodian.Page.Button("Release to the researcher").ClickAsync();
        await custodian.Page.OpenDialog().Button("Release to the researcher").ClickAsync();
        await custodian.Page.GetByText("5 people are in it.").SeenAsync();
        await researcher.GoAsync(desk);
        await page.Link("Open release.zip").SeenAsync();
    }
}

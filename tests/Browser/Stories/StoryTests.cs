using Microsoft.Playwright;
using Salus.Browser.Tests.Browsing;
using Salus.EndToEnd.Tests;
using Salus.Testing;

namespace Salus.Browser.Tests.Stories;

/// <summary>The main job at the page: a patient stores, finds, shares and takes back; a doctor gets what was granted and nothing else.</summary>
public class StoryTests(SalusInstallation salus, Chromium chromium)
{
    private static readonly byte[] Bundle = File.ReadAllBytes(Path.Combine(Places.Root, "samples", "patient-bundle.json"));
    private static readonly byte[] XRay = File.ReadAllBytes(Path.Combine(Places.Root, "samples", "x-ray.png"));

    [Fact]
    public async Task APatientStoresFindsSharesAndTakesBackAndADoctorSeesWhatWasGranted()
    {
        await using var patient = await Visitor.SignUpAsync(chromium, salus, "asha");
        await using var doctor = await Visitor.SignUpAsync(chromium, salus, "lee");

        // 1. Import a bundle: a record for each area. Put an image.
        await patient.Records.AddAsync(new FilePayload { Name = "patient-bundle.json", MimeType = "application/json", Buffer = Bundle });
        await patient.Records.HomeAsync();
        foreach (var area in new[] { "personal", "medical", "insurance", "prescription" })
            await patient.Records.Entry($"FHIR {area}").SeenAsync();
        await patient.Records.ChooseAsync(new FilePayload { Name = "x-ray of the hand.png", MimeType = "image/png", Buffer = XRay });
        await patient.Page.Field("Area").SelectOptionAsync("medical");
        await patient.Records.StoreAsync();

        // 2. Open what is there: health data in words, the image byte for byte.
        await patient.Records.OpenAsync("FHIR medical");
        await patient.Page.GetByText("Viral sinusitis").First.SeenAsync();
        await patient.Records.OpenAsync("x-ray of the hand.png");
        Assert.Equal(XRay, await patient.Records.DownloadAsync());

        // 3. Share. The doctor sees the granted areas only.
        await patient.Sharing.ShareAsync(doctor.Mail);
        await OthersAsync(doctor);
        await doctor.Records.Entry("x-ray of the hand.png").SeenAsync();
        await doctor.Records.Entry("FHIR medical").SeenAsync();
        await doctor.Records.Entry("FHIR prescription").SeenAsync();
        Assert.Equal(0, await doctor.Records.Entry("FHIR personal").CountAsync());
        Assert.Equal(0, await doctor.Records.Entry("FHIR insurance").CountAsync());
        await doctor.Records.Entry("x-ray of the hand.png").ClickAsync();
        Assert.Equal(XRay, await doctor.Records.DownloadAsync());
        var shared = doctor.Page.Url;

        // 4. Both find it, each in what they may read; what was not granted is not found.
        foreach (var visitor in new[] { patient, doctor })
        {
            await visitor.Records.FindAsync("sinusitis");
            await visitor.Records.Hits.First.SeenAsync();
        }
        await patient.Records.FindAsync("partition:insurance claim");
        await patient.Records.Hits.First.SeenAsync();
        await doctor.Records.FindAsync("partition:insurance claim");
        await doctor.Page.GetByText("Nothing found", new() { Exact = true }).SeenAsync();

        // 5. Take it back: from then on the doctor is refused, also by the address that was opened before.
        await patient.Sharing.RevokeAsync(doctor.Mail);
        await doctor.GoAsync(new Uri(shared).Fragment[1..]);
        await doctor.Page.GetByRole(AriaRole.Alert).First.SeenAsync();
        Assert.Equal(0, await doctor.Page.Button("Download").CountAsync());
        await doctor.Records.HomeAsync();
        await doctor.Page.GetByText("There are no records here yet").SeenAsync();
        await doctor.Records.FindAsync("sinusitis");
        await doctor.Page.GetByText("Nothing found", new() { Exact = true }).SeenAsync();

        // 6. The owner loses nothing: the import comes back whole, and the image, until it is deleted.
        await patient.Records.OpenAsync("FHIR medical");
        Assert.Equal(Bundle, await patient.Records.DownloadAsync("Download the imported file"));
        await patient.Page.GetByText("The file is byte for byte the one that was imported.").SeenAsync();
        await patient.Records.OpenAsync("x-ray of the hand.png");
        Assert.Equal(XRay, await patient.Records.DownloadAsync());
        await patient.Records.DeleteAsync();
        await patient.Records.HomeAsync();
        await patient.Records.Entry("FHIR medical").SeenAsync();
        Assert.Equal(0, await patient.Records.Entry("x-ray of the hand.png").CountAsync());
    }

    [Fact]
    public async Task AnAccountIsUnlockedAfterAReloadAndOpenedOnASecondDeviceAndWithTheKit()
    {
        await using var first = await Visitor.SignUpAsync(chromium, salus, "noor");
        await first.Records.AddAsync(new FilePayload { Name = "note.txt", MimeType = "text/plain", Buffer = "A note to myself."u8.ToArray() });

        // Nothing is open after a reload, and a wrong passphrase opens nothing.
        await first.Page.ReloadAsync();
        await first.Page.Title("Welcome back").SeenAsync();
        await first.Page.Field("Passphrase").FillAsync(first.Passphrase + "x");
        await first.Page.Button("Unlock").ClickAsync();
        await first.Page.Alert("The passphrase is wrong.").SeenAsync();
        await first.Entrance.UnlockAsync();
        await first.Records.OpenAsync("note.txt");

        // A second browser, by a code and the passphrase.
        using var device = await Person.LogInAsync(salus, first.Mail, first.Passphrase);
        await using var second = await Visitor.LogInAsync(chromium, device, salus);
        await second.Records.OpenAsync("note.txt");
        Assert.Equal("A note to myself."u8.ToArray(), await second.Records.DownloadAsync());

        // A third, with the kit and a new passphrase.
        await using var third = await Visitor.ComeAsync(chromium, salus, "noor", device);
        await third.Page.Button("I have only my recovery kit").ClickAsync();
        await third.Entrance.AskForLogInCodeAsync();
        await third.Page.Field("Recovery kit").FillAsync(first.Kit.ToLowerInvariant());
        await third.Page.Field("Passphrase").FillAsync("another five words to keep");
        await third.Page.Field("The same once more").FillAsync("another five words to keep");
        await third.Page.Button("Open the account").ClickAsync();
        await third.Page.Title("Your records").SeenAsync();
        await third.Records.OpenAsync("note.txt");
    }

    private static async Task OthersAsync(Visitor visitor)
    {
        await visitor.Records.HomeAsync();
        await visitor.Page.Field("Whose").SelectOptionAsync(new SelectOptionValue { Label = "From others" });
    }
}

using Microsoft.Playwright;
using Salus.Browser.Tests.Browsing;
using Salus.EndToEnd.Tests;

namespace Salus.Browser.Tests.Stories;

/// <summary>A hospital adds to a patient's records and can read none of them; the patient sees it arrive.</summary>
public class ClinicianStoryTests(SalusInstallation salus, Chromium chromium)
{
    [Fact]
    public async Task ANoteThatAHospitalWritesArrivesAtThePatientAndIsReadByNobodyElse()
    {
        await using var patient = await Visitor.SignUpAsync(chromium, salus, "ines");
        await using var hospital = await Visitor.ComeAsync(chromium, salus, "records");
        await hospital.Entrance.SignUpAsync("City Hospital");
        await patient.Sharing.LetAddAsync(hospital.Mail);

        await hospital.GoAsync("/patients");
        // A number, and what it calls itself, until the address is looked up.
        await hospital.Page.GetByText($"They call themselves {patient.Mail}. Nobody has checked that.").SeenAsync();
        Assert.Equal(0, await hospital.Page.GetByRole(AriaRole.Link, new() { Name = "Write" }).CountAsync());
        await hospital.Page.GetByRole(AriaRole.Heading, new() { Level = 3 }).GetByRole(AriaRole.Link).ClickAsync();
        await hospital.Page.Button("Look the address up").ClickAsync();
        await hospital.Page.Title($"Records of {patient.Mail}").SeenAsync();
        var address = new Uri(hospital.Page.Url).Fragment[1..];
        await hospital.GoAsync($"{address}/write");
        await hospital.Page.Title($"Write for {patient.Mail}").SeenAsync();
        await hospital.Page.Field("Title").FillAsync("After the operation");
        await hospital.Page.Field("Text").FillAsync("Wound is dry. Stitches come out on Monday.");
        await hospital.Page.Button("Preview").ClickAsync();
        await hospital.Page.GetByText("As the patient will see it").SeenAsync();
        await hospital.Page.Button("Sign and send").ClickAsync();
        await hospital.Page.GetByText("It is sealed with the patient’s key and signed with yours.").SeenAsync();

        // The patient's timeline looks again by itself, also when somebody comes back to it.
        await patient.Records.HomeAsync();
        await patient.Page.GetByText("Somebody has added a record for you.").SeenAsync();
        await patient.Records.Entry("City Hospital").ClickAsync();
        await patient.Page.Button("Show After the operation (text/plain; charset=utf-8)").ClickAsync();
        await patient.Page.FrameLocator("iframe").GetByText("Stitches come out on Monday.").First.SeenAsync();
        await patient.Page.GetByText("Written by City Hospital").SeenAsync();
        await patient.Records.HomeAsync();
        Assert.Equal(0, await patient.Page.GetByText("Somebody has added a record for you.").CountAsync());

        // Who wrote it reads nothing, and after the permission has ended adds nothing.
        await hospital.GoAsync(address);
        await hospital.Page.GetByText("You may add records here and read none, not even your own.").SeenAsync();
        await patient.GoAsync("/sharing");
        await patient.Page.Button($"End the permission of City Hospital ({hospital.Mail})").ClickAsync();
        await patient.Page.OpenDialog().Button("End it now").ClickAsync();
        await patient.Page.OpenDialog().GetByText("Ended", new() { Exact = true }).SeenAsync();
        await hospital.GoAsync($"{address}/write");
        await hospital.Page.GetByText("You may not add records for this patient").SeenAsync();
    }
}

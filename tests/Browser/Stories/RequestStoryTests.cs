using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Playwright;
using Salus.Browser.Tests.Browsing;
using Salus.EndToEnd.Tests;

namespace Salus.Browser.Tests.Stories;

/// <summary>Somebody who is not known asks by telephone number, and gets what the patient chooses, with a code.</summary>
public class RequestStoryTests(SalusInstallation salus, Chromium chromium)
{
    [Fact]
    public async Task ARequestByNumberIsApprovedAndOpensWithTheCode()
    {
        var number = "+41 79 " + RandomNumberGenerator.GetInt32(1_000_000, 9_999_999).ToString(CultureInfo.InvariantCulture);
        await using var patient = await Visitor.SignUpAsync(chromium, salus, "mara");
        await using var doctor = await Visitor.SignUpAsync(chromium, salus, "okoro");

        // 1. The patient makes a record findable, and enters a number.
        await patient.Records.ChooseAsync(new FilePayload { Name = "pacemaker card.txt", MimeType = "text/plain", Buffer = "Pacemaker, model and settings."u8.ToArray() });
        await patient.Page.Field("Area").SelectOptionAsync("medical");
        await patient.Page.Field("Keywords").FillAsync("pacemaker");
        await patient.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Can be found by my telephone number" }).CheckAsync();
        await patient.Records.StoreAsync();
        await patient.GoAsync("/settings");
        await patient.Page.Button("Be found by this number").ClickAsync();
        await patient.Page.Field("Telephone number").FillAsync(number);
        await patient.Page.Button("Be found by this number").ClickAsync();
        await patient.Page.GetByText("1 record can be found.").SeenAsync();

        // 2. A wrong keyword finds nobody; the right one asks.
        await doctor.GoAsync("/requests");
        await doctor.Page.Button("Ask somebody").ClickAsync();
        await AskAsync(doctor, number, "insulin");
        await doctor.Page.GetByRole(AriaRole.Alert).SeenAsync();
        await AskAsync(doctor, number, "Pacemaker");
        await doctor.Page.GetByText("Sent. One record has all of the keywords.").SeenAsync();
        await doctor.Page.Button("Close").ClickAsync();

        // 3. The patient reads why, chooses, and approves.
        await patient.GoAsync("/requests");
        await patient.Page.GetByText("Brought in unconscious.").SeenAsync();
        await patient.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Approve …") }).ClickAsync();
        await patient.Page.Button("Continue").ClickAsync();
        await patient.Page.Button("Approve now").ClickAsync();
        await patient.Page.Title("Approved").SeenAsync();

        // 4. Nothing opens before the code; a wrong code opens nothing; the right one does.
        await doctor.Records.HomeAsync();
        await doctor.Page.GetByText("There are no records here yet").SeenAsync();
        await doctor.GoAsync("/requests");
        await doctor.Page.Button("Enter the code").ClickAsync();
        var code = await salus.TakeReleaseCodeAsync(doctor.Mail);
        await doctor.Page.Field("Enter the code from the mail").FillAsync("00000-00000");
        await doctor.Page.Button("Open").ClickAsync();
        await doctor.Page.GetByRole(AriaRole.Alert).SeenAsync();
        await doctor.Page.Field("Enter the code from the mail").FillAsync(code);
        await doctor.Page.Button("Open").ClickAsync();
        await doctor.Page.GetByText("lets you see").SeenAsync();
        await doctor.Records.HomeAsync();
        await doctor.Page.Field("Whose").SelectOptionAsync(new SelectOptionValue { Label = "From others" });
        await doctor.Records.Entry("pacemaker card.txt").ClickAsync();
        Assert.Equal("Pacemaker, model and settings."u8.ToArray(), await doctor.Records.DownloadAsync());
    }

    private static async Task AskAsync(Visitor doctor, string number, string keyword)
    {
        await doctor.Page.Field("Telephone number, with the code of the country").FillAsync(number);
        await doctor.Page.Field("Keywords").FillAsync(keyword);
        await doctor.Page.Field("Why do you ask?").FillAsync("Brought in unconscious.");
        await doctor.Page.Button("Send the request").ClickAsync();
    }
}

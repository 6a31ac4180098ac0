using Salus.Browser.Tests.Browsing;
using Salus.Browser.Tests.Screens;
using Salus.Client.Records;
using Salus.Client.Requests;
using Salus.Crypto.Dispersal;
using Salus.EndToEnd.Tests;
using Salus.Testing;

namespace Salus.Browser.Tests.Access;

/// <summary>The tests that look at every screen.</summary>
[CollectionDefinition]
public class EveryScreen : ICollectionFixture<ManyRecords>;

/// <summary>Somebody with something on every screen: records, grants both ways, a permission to add, a request, contacts, readings, studies in every role.</summary>
public sealed class ManyRecords(SalusInstallation salus) : IAsyncLifetime
{
    internal Person Patient { get; private set; } = null!;

    internal Person Doctor { get; private set; } = null!;

    private Person Ethics { get; set; } = null!;

    /// <summary>Every screen of an open account, with its route.</summary>
    internal IReadOnlyList<(string Name, string Route)> Screens { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        (Patient, Doctor) = (await Person.RegisterAsync(salus, "patient"), await Person.RegisterAsync(salus, "doctor"));
        var import = await Patient.Imports.ImportAsync(Path.Combine(Places.Root, "samples", "patient-bundle.json"), new ImportOptions(null, new DispersalChoice()), null, CancellationToken.None);
        var xray = await Patient.PutAsync(await File.ReadAllBytesAsync(Path.Combine(Places.Root, "samples", "x-ray.png")), name: "x-ray.png", findable: "x-ray");
        await Patient.ShareAsync(Doctor, ["medical"], until: TimeProvider.System.GetUtcNow().AddDays(5));
        await Doctor.PutAsync("A letter."u8.ToArray(), name: "letter.txt");
        await Doctor.ShareAsync(Patient, ["medical"]);
        await Doctor.LetAddAsync(Patient, "medical");
        await Patient.Directory.EnterAsync(PhoneNumber.Parse("+41 79 555 01 23"), CancellationToken.None);
        Ethics = await Person.RegisterAsync(salus, "ethics", organisation: "City Hospital");
        var series = await Readings.AddAsync(Patient, "heart-rate", "8867-4");
        var (offered, own, guarded) = (await Declarations.OpenAsync(Doctor, Ethics), await Declarations.OpenAsync(Patient, Ethics), await Declarations.OpenAsync(Doctor, Patient));
        var medical = import.Records.First(record => record.Partition == "medical").Record;
        var doctor = Doctor.Account.Id;
        Screens =
        [
            ("records", "/"), ("add", "/add"), ("fhir record", $"/record/{medical}"), ("image record", $"/record/{xray.Record}"), ("servers", $"/record/{xray.Record}/servers"),
            ("search", "/search"), ("sharing", "/sharing"), ("share", "/sharing/new"), ("requests", "/requests"), ("patients", "/patients"), ("patient", $"/patients/{doctor}"),
            ("write", $"/patients/{doctor}/write"), ("readings", "/readings"), ("series", $"/readings/{Patient.Account.Id}/{series}"),
            ("studies", "/studies"), ("study", $"/studies/{offered}"), ("research", "/research"),
            ("open a study", "/research/new"), ("researcher's desk", $"/research/{own}"), ("custodian's desk", $"/research/{guarded}"),
            ("contacts", "/contacts"), ("history", "/access"), ("storage", "/storage"), ("emergency", "/emergency"), ("alarms", "/alarms"), ("settings", "/settings"), ("log in again", "/login"),
            ("nowhere", Visitor.Nowhere),
        ];
    }

    public ValueTask DisposeAsync()
    {
        Patient.Dispose();
        Doctor.Dispose();
        Ethics.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Goes to a screen and waits until it has what it shows.</summary>
    internal static async Task ShowAsync(Visitor visitor, string route)
    {
        await visitor.GoAsync(route);
        await visitor.Page.Locator("main h1").First.SeenAsync();
        await Microsoft.Playwright.Assertions.Expect(visitor.Page.Locator("main :is([class*=Loader], [role=progressbar], progress)")).ToHaveCountAsync(0, new() { Timeout = Finding.Patience });
    }
}

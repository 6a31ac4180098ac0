using System.Security.Cryptography;
using Microsoft.Playwright;
using Salus.Browser.Tests.Browsing;
using Salus.EndToEnd.Tests;

namespace Salus.Browser.Tests.Network;

/// <summary>What a bad connection and a second tab do to somebody at the page: nothing is lost.</summary>
public class NetworkTests(SalusInstallation salus, Chromium chromium)
{
    [Fact]
    public async Task AnUploadThatWasCutOffGoesOnAfterAReload()
    {
        var bytes = RandomNumberGenerator.GetBytes(600_000);
        using var patient = await Person.RegisterAsync(salus, "patient");
        await using var visitor = await Visitor.LogInAsync(chromium, patient, salus);
        var sent = 0;
        await visitor.Context.RouteAsync(IsServer, async route =>
        {
            // Two fragments arrive; then the connection is gone.
            if (route.Request.Method == "PUT" && Interlocked.Increment(ref sent) == 3)
                await visitor.Context.SetOfflineAsync(true);
            await (sent >= 3 ? route.AbortAsync("internetdisconnected") : route.ContinueAsync());
        });
        await visitor.Records.ChooseAsync(new FilePayload { Name = "large.bin", MimeType = "application/octet-stream", Buffer = bytes });
        await visitor.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Store it") }).ClickAsync();
        await visitor.Page.GetByText("This device is offline.").SeenAsync();
        await visitor.Page.GetByText("was not stored").First.SeenAsync();

        await visitor.Context.UnrouteAllAsync();
        await visitor.Context.SetOfflineAsync(false);
        await visitor.Page.ReloadAsync();
        await visitor.Entrance.UnlockAsync();
        await visitor.Page.GetByText("One upload is not finished.").SeenAsync();
        await visitor.Page.Button("Resume").ClickAsync();
        await visitor.Page.GetByText("One record is complete now.").SeenAsync();
        await visitor.Records.OpenAsync("large.bin");
        Assert.Equal(bytes, await visitor.Records.DownloadAsync());
        visitor.TakeFaults(); // of the connection
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task WithAConnectionThatBreaksAtRandomNothingIsLostAndNothingIsWrong(int seed)
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await using var visitor = await Visitor.LogInAsync(chromium, patient, salus);
        var random = new Random(seed);
        var isFlaky = true;
        await visitor.Context.RouteAsync(IsServer, route =>
        {
            lock (random)
                return isFlaky && random.Next(6) == 0 ? route.AbortAsync("connectionreset") : route.ContinueAsync();
        });
        var files = Enumerable.Range(1, 3).Select(number => (Name: $"file {number}.bin", Bytes: RandomNumberGenerator.GetBytes(number * 20_000))).ToList();
        foreach (var (name, bytes) in files)
        {
            await visitor.Records.ChooseAsync(new FilePayload { Name = name, MimeType = "application/octet-stream", Buffer = bytes });
            await visitor.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Store it") }).ClickAsync();
            var stored = visitor.Page.GetByRole(AriaRole.Heading, new() { NameRegex = new("stored$"), Level = 1 });
            var failed = visitor.Page.GetByText("was not stored").First;
            await stored.Or(failed).First.SeenAsync();
        }
        // What is begun is kept; when the connection holds, it is sent.
        isFlaky = false;
        await visitor.Page.ReloadAsync();
        await visitor.Entrance.UnlockAsync();
        var resume = visitor.Page.Button("Resume");
        if (await resume.CountAsync() > 0)
        {
            await resume.ClickAsync();
            await visitor.Page.GetByText("complete now.").SeenAsync();
        }
        await visitor.Records.HomeAsync();
        await visitor.Page.Button("Look again").ClickAsync();
        foreach (var (name, bytes) in files)
        {
            // One that was refused before it was sealed is not there; what is there is whole.
            if (await visitor.Records.Entry(name).CountAsync() == 0)
                continue;
            await visitor.Records.OpenAsync(name);
            Assert.Equal(bytes, await visitor.Records.DownloadAsync());
        }
        Assert.Equal(0, await visitor.Page.Alert("Salus has caught").CountAsync());
        visitor.TakeFaults();
    }

    [Fact]
    public async Task OneTabAtATimeHoldsTheKeys()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await using var visitor = await Visitor.LogInAsync(chromium, patient, salus);
        var second = await visitor.Context.NewPageAsync();
        await second.GotoAsync("/");
        await second.Title("Salus is open in another tab").SeenAsync();
        await visitor.Page.Button("Lock").SeenAsync();

        await second.Button("Go on in this tab").ClickAsync();
        await second.Title("Welcome back").SeenAsync();
        await visitor.Page.Title("Salus is open in another tab").SeenAsync();
        Assert.Empty(visitor.Page.Workers);
        await second.Field("Passphrase").FillAsync(visitor.Passphrase);
        await second.Button("Unlock").ClickAsync();
        await second.Title("Your records").SeenAsync();

        // It comes back by itself when the other is closed, locked.
        await second.CloseAsync();
        await visitor.Page.Title("Welcome back").SeenAsync();
        await visitor.Entrance.UnlockAsync();
    }

    private static bool IsServer(string url) => new Uri(url).AbsolutePath.StartsWith("/v1/", StringComparison.Ordinal);
}

using Microsoft.Playwright;
using Salus.Browser.Tests.Browsing;
using Salus.EndToEnd.Tests;

namespace Salus.Browser.Tests.Passkeys;

/// <summary>Passkeys with the PRF extension open the account, here and in a browser that knows nothing of it, and what they evaluate to is never seen outside of the worker.</summary>
public class PasskeyTests(SalusInstallation salus, Chromium chromium)
{
    private const int PrfSize = 32;

    [Fact]
    public async Task AnAccountWithoutAPassphraseIsMadeLockedOpenedAndOpenedElsewhere()
    {
        WorkerTap tap = null!;
        await using var visitor = await Visitor.ComeAsync(chromium, salus, "key", before: async visitor => tap = await WorkerTap.IntoAsync(visitor));
        var authenticator = await Authenticator.OfAsync(visitor);
        await MakeAsync(visitor);
        await visitor.Page.Button("Make the passkey").ClickAsync();
        await visitor.Page.Button("Lock").SeenAsync();
        Assert.True(Assert.Single(await authenticator.CredentialsAsync()).GetProperty("isResidentCredential").GetBoolean());
        await visitor.Records.AddAsync(new FilePayload { Name = "kept.txt", MimeType = "text/plain", Buffer = "kept under a passkey"u8.ToArray() });

        await visitor.Entrance.LockAsync();
        Assert.Equal(0, await visitor.Page.Field("Passphrase").CountAsync());
        await UnlockAsync(visitor);
        await visitor.Records.OpenAsync("kept.txt");

        // A browser that knows nothing: this one, when it has forgotten.
        await visitor.GoAsync("/settings");
        await visitor.Page.Button("Forget this browser").ClickAsync();
        await visitor.Page.OpenDialog().Button("Forget it").ClickAsync();
        await visitor.Page.Button("I have an account").ClickAsync();
        await visitor.Page.Button("Log in with a passkey").ClickAsync();
        await visitor.Page.Button("Lock").SeenAsync();
        await visitor.GoAsync("/");
        await visitor.Records.OpenAsync("kept.txt");
        Assert.Equal("kept under a passkey"u8.ToArray(), await visitor.Records.DownloadAsync());

        var outputs = tap.Messages.Where(message => !message.IsFromWorker).SelectMany(message => message.Bytes).Where(bytes => bytes.Length == PrfSize && bytes.Any(octet => octet != 0)).ToList();
        Assert.Equal(3, outputs.Count);
        var needles = new Needles();
        foreach (var output in outputs)
            needles.Add("what the passkey evaluates to", output);
        foreach (var message in tap.Messages)
            Assert.Empty(message.IsFromWorker ? needles.In(message.Pieces) : needles.In(message.Json));
        var kept = await Storage.OfAsync(visitor);
        Assert.Empty(needles.In([.. kept.Files.Values]).Concat(needles.In(kept.Text)));
    }

    [Fact]
    public async Task APasskeyThatIsRemovedOpensNothingAndTheLastWayInIsNotRemoved()
    {
        await using var visitor = await Visitor.ComeAsync(chromium, salus, "two");
        await Authenticator.OfAsync(visitor);
        await MakeAsync(visitor);
        await visitor.Page.Button("Make the passkey").ClickAsync();
        await visitor.Page.Button("Lock").SeenAsync();

        await RemoveAsync(visitor);
        await visitor.Page.OpenDialog().GetByRole(AriaRole.Alert).SeenAsync();
        await visitor.Page.OpenDialog().Button("Cancel").ClickAsync();

        await visitor.Page.Button("Choose a new passphrase").ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Textbox, new() { Name = "Passphrase", Exact = true }).FillAsync(visitor.Passphrase);
        await visitor.Page.Field("The same once more").FillAsync(visitor.Passphrase);
        await visitor.Page.Button("Save the passphrase").ClickAsync();
        await visitor.Page.GetByText("The new passphrase is in force.").SeenAsync();
        await RemoveAsync(visitor);
        await visitor.Page.GetByText("No passkey yet.").SeenAsync();

        await visitor.Entrance.LockAsync();
        Assert.Equal(0, await visitor.Page.Button("Unlock with a passkey").CountAsync());
        await visitor.Entrance.UnlockAsync();
        // The authenticator still has it; the cloud knows it no more.
        await visitor.GoAsync("/settings");
        await visitor.Page.Button("Forget this browser").ClickAsync();
        await visitor.Page.OpenDialog().Button("Forget it").ClickAsync();
        await visitor.Page.Button("I have an account").ClickAsync();
        await visitor.Page.Button("Log in with a passkey").ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Alert).SeenAsync();
        Assert.Equal(0, await visitor.Page.Title("Your records").CountAsync());
    }

    [Fact]
    public async Task ADeviceThatSaysNoOrCannotChangesNothing()
    {
        await using var visitor = await Visitor.ComeAsync(chromium, salus, "no");
        var authenticator = await Authenticator.OfAsync(visitor);
        await authenticator.RecogniseAsync(false);
        await MakeAsync(visitor);
        await visitor.Page.Button("Make the passkey").ClickAsync();
        await visitor.Page.Alert("Nothing was changed.").SeenAsync();
        // A passphrase instead.
        await visitor.Page.Button("Take a passphrase instead").ClickAsync();
        await visitor.Page.Field("Passphrase").FillAsync(visitor.Passphrase);
        await visitor.Page.Field("The same once more").FillAsync(visitor.Passphrase);
        await visitor.Page.Button("Use this passphrase").ClickAsync();
        await visitor.Page.Button("Lock").SeenAsync();
        Assert.Empty(await authenticator.CredentialsAsync());

        await using var other = await Visitor.ComeAsync(chromium, salus, "none");
        await Authenticator.WithoutPrfAsync(other);
        await MakeAsync(other);
        await other.Page.Button("Make the passkey").ClickAsync();
        await other.Page.Alert("This passkey cannot hold what Salus needs").SeenAsync();
    }

    private static async Task MakeAsync(Visitor visitor)
    {
        await visitor.Entrance.AskForCodeAsync();
        await visitor.Page.Field("Code from the mail").FillAsync(await visitor.Salus.TakeCodeAsync(visitor.Mail));
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "With a passkey" }).ClickAsync();
        await visitor.Entrance.WriteKitDownAsync("Next");
        await visitor.Page.Title("Now make the passkey").SeenAsync();
    }

    private static async Task UnlockAsync(Visitor visitor)
    {
        await visitor.Page.Button("Unlock with a passkey").ClickAsync();
        await visitor.Page.Button("Lock").SeenAsync();
    }

    private static async Task RemoveAsync(Visitor visitor)
    {
        await visitor.GoAsync("/settings");
        await visitor.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Remove ") }).ClickAsync();
        await visitor.Page.OpenDialog().Button("Remove").ClickAsync();
    }
}

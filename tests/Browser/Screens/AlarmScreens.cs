using Microsoft.Playwright;
using Salus.Browser.Tests.Browsing;
using Salus.Client;

namespace Salus.Browser.Tests.Screens;

/// <summary>How an alarm is told: where it happened, on every screen, and in the alarm centre.</summary>
internal sealed class AlarmScreens(Visitor visitor)
{
    private static readonly Dictionary<AlarmKind, (string Told, string Name)> Words = new()
    {
        [AlarmKind.Integrity] = ("is not what its author made", "Not genuine"),
        [AlarmKind.KeyChanged] = ("keys are not those that this browser knows", "Changed key"),
        [AlarmKind.Rollback] = ("shows an older state than before", "Older than before"),
        [AlarmKind.Withheld] = ("keeps back something that must be there", "Something is missing"),
        [AlarmKind.Downgrade] = ("asked for weaker protection", "Weakened protection"),
        [AlarmKind.Fork] = ("tells you another story", "Two versions of the past"),
        [AlarmKind.Injected] = ("has something in it that neither you", "Slipped in"),
        [AlarmKind.Revived] = ("that you deleted or ended is back", "Deleted, and back again"),
        [AlarmKind.Unlogged] = ("missing from the public log", "Not in the log"),
    };

    private IPage Page => visitor.Page;

    /// <summary>The screen says so.</summary>
    public async Task ToldAsync(AlarmKind kind)
    {
        var told = Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = Words[kind].Told });
        await told.First.SeenAsync();
        await told.First.SaysAsync("Alarm");
    }

    /// <summary>Every screen leads to the alarm centre, and there it stands until it is acknowledged.</summary>
    public async Task StandsAsync(AlarmKind kind)
    {
        await Page.Alert("Salus has caught").SeenAsync();
        await visitor.GoAsync("/alarms");
        await Page.GetByRole(AriaRole.Heading, new() { Name = Words[kind].Name, Exact = true }).First.SeenAsync();
        var open = Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^I have seen it") });
        for (var left = await open.CountAsync(); left > 0; left--)
        {
            await open.First.ClickAsync();
            await open.CountAsync(left - 1);
        }
        await Page.GetByText("Nothing new.").SeenAsync();
        await Page.Alert("Salus has caught").GoneAsync();
    }
}

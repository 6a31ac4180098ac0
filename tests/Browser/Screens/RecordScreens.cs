using Microsoft.Playwright;
using Salus.Browser.Tests.Browsing;

namespace Salus.Browser.Tests.Screens;

/// <summary>The timeline, adding, one record, and search.</summary>
internal sealed class RecordScreens(Visitor visitor)
{
    private IPage Page => visitor.Page;

    /// <summary>The entries of the timeline.</summary>
    public ILocator Timeline => Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Listitem).GetByRole(AriaRole.Link);

    public ILocator Entry(string text) => Timeline.Filter(new() { HasText = text });

    public async Task HomeAsync()
    {
        await visitor.GoAsync("/");
        await Page.Title("Your records").SeenAsync();
    }

    public async Task ChooseAsync(params FilePayload[] files)
    {
        await visitor.GoAsync("/add");
        var chooser = await Page.RunAndWaitForFileChooserAsync(() => Page.Button("Choose files").ClickAsync());
        await chooser.SetFilesAsync(files);
        await Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Store (it|all)") }).SeenAsync();
    }

    /// <summary>Files as they are chosen; ends when all of them are stored.</summary>
    public async Task AddAsync(params FilePayload[] files)
    {
        await ChooseAsync(files);
        await StoreAsync();
    }

    public async Task StoreAsync()
    {
        await Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Store (it|all)") }).ClickAsync();
        await Page.GetByRole(AriaRole.Heading, new() { NameRegex = new("stored$"), Level = 1 }).SeenAsync();
    }

    /// <summary>Opens a record from the timeline.</summary>
    public async Task OpenAsync(string text)
    {
        await HomeAsync();
        await Entry(text).First.ClickAsync();
        await Page.GetByRole(AriaRole.Heading, new() { Name = "About this record" }).SeenAsync();
    }

    /// <summary>The bytes of the record that is shown, as they are downloaded.</summary>
    public async Task<byte[]> DownloadAsync(string button = "Download")
    {
        await Assertions.Expect(Page.Button(button)).ToBeEnabledAsync(new() { Timeout = Finding.Patience });
        var download = await Page.RunAndWaitForDownloadAsync(() => Page.Button(button).ClickAsync());
        return await File.ReadAllBytesAsync(await download.PathAsync());
    }

    public async Task DeleteAsync()
    {
        await Page.Button("Delete").ClickAsync();
        await Page.OpenDialog().Button("Delete").ClickAsync();
        await Page.Title("The record is deleted.").SeenAsync();
    }

    /// <summary>Searches, and waits for the answer.</summary>
    public async Task FindAsync(string query)
    {
        await visitor.GoAsync("/search");
        await Page.Field("What are you looking for?").FillAsync(query);
        await Page.GetByRole(AriaRole.Search).Button("Search").ClickAsync();
        await Page.GetByRole(AriaRole.Search).Button("Search").SeenAsync();
    }

    public ILocator Hits => Page.GetByRole(AriaRole.List, new() { Name = "Found", Exact = true }).GetByRole(AriaRole.Article);
}

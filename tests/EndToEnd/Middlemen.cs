namespace Salus.EndToEnd.Tests;

/// <summary>Several, each before a server of its own.</summary>
internal sealed class Middlemen : IAsyncDisposable
{
    public List<Middleman> All { get; } = [];

    public async Task<Uri> BeforeAsync(Uri server, Func<Exchange, Task>? change = null)
    {
        var man = await Middleman.BeforeAsync(server);
        man.Change = change ?? man.Change;
        All.Add(man);
        return man.Url;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var man in All)
            await man.DisposeAsync();
    }
}

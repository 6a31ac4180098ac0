using Salus.Cloud.Data;
using Salus.Protocol.Log;

namespace Salus.Cloud.Log;

/// <summary>Enters the page that this cloud hosts into the log, once: so that nobody can be handed another one unseen.</summary>
internal sealed class PageEntry(IServiceScopeFactory scopes, CloudOptions options) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Page is not { } page)
            return;
        var manifest = page.Load().Manifest;
        var entry = LogEntry.Tagged(LogKind.Page, LogEntry.PageTag(CloudOptions.ParseKey(page.Key)), manifest.Number.Logged, manifest.Signed);
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<CloudDatabase>();
        var leaf = entry.LeafHash;
        if (await database.PositionAsync(leaf, cancellationToken) is not null || await database.IsPendingAsync(leaf, cancellationToken))
            return;
        database.Log(entry);
        await database.SaveChangesAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

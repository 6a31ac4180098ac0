namespace Salus.PageHost;

/// <summary>Ends the server when its standard input does: `salus open` holds the other end, so no server stays behind when that is killed.</summary>
internal sealed class EndsWithInput(IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var input = Console.OpenStandardInput();
        var ignored = new byte[256];
        while (await input.ReadAsync(ignored, stoppingToken) > 0)
        {
        }
        lifetime.StopApplication();
    }
}

using Salus.Cli.Parties;

namespace Salus.Cli.Verbs;

/// <summary>Stops what `up` started, also when that `up` was killed.</summary>
internal sealed class DownVerb() : Verb("down", "stop everything that up started")
{
    // The supervisor itself allows its children 45 seconds and more.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(70);

    protected override async Task<int> RunAsync(Call call)
    {
        var data = new DataFolder(call.Data);
        Installation.CheckOwnership(data);
        if (Running.Read(data) is not { } running || (running.Alive.Count == 0 && !running.Supervisor.IsAlive))
        {
            if (Directory.Exists(data.Root))
                File.Delete(data.State);
            call.Terminal.Print($"Nothing runs in {data.Root}.");
            call.Terminal.Answer(new DownDocument([]), CliJson.Default.DownDocument);
            return ExitCode.Done;
        }
        var stopped = running.Alive;
        if (running.Supervisor.IsAlive)
        {
            running.Supervisor.Send(ProcessMark.Signal.Terminate);
            if (!await running.Supervisor.EndsWithinAsync(Grace, call.Cancel))
                running.Supervisor.Send(ProcessMark.Signal.Kill);
        }
        // What a killed supervisor left behind; a restart may have come in between.
        if (Running.Read(data) is { } left)
            await left.StopAsync(call.Cancel);
        File.Delete(data.State);
        call.Terminal.Print($"Stopped: {string.Join(", ", stopped)}.");
        call.Terminal.Answer(new DownDocument(stopped), CliJson.Default.DownDocument);
        return ExitCode.Done;
    }
}

/// <summary>`down --json`: the names of what ran.</summary>
internal sealed record DownDocument(IReadOnlyList<string> Stopped);

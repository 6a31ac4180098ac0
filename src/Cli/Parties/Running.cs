using System.Text.Json;

namespace Salus.Cli.Parties;

/// <summary>A server that was started.</summary>
internal sealed record RunningParty(string Name, Uri Url, string Data, ProcessMark Process);

internal sealed record RunningPostgres(int Port, ProcessMark Process);

/// <summary>
/// What `up` has started, kept in up.json from the first process on, so that `down` finds what a killed `up` left behind.
/// </summary>
/// <param name="Ready">All of it answered.</param>
/// <param name="Page">Where the cloud hosts the page, or null when there is none in this package.</param>
internal sealed record Running(ProcessMark Supervisor, bool Ready, int BasePort, RunningPostgres? Postgres, IReadOnlyList<RunningParty> Parties, Uri? Page = null)
{
    // A server drains for up to 20 seconds.
    private static readonly TimeSpan ServerGrace = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan PostgresGrace = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LastGrace = TimeSpan.FromSeconds(5);

    /// <summary>Those that still live, by name.</summary>
    public IReadOnlyList<string> Alive =>
        [.. Parties.Where(party => party.Process.IsAlive).Select(party => party.Name), .. Postgres is { Process.IsAlive: true } ? ["postgres"] : (string[])[]];

    /// <summary>What the file says; null when nothing was started, or was stopped in good order.</summary>
    public static Running? Read(DataFolder data)
    {
        try
        {
            return File.Exists(data.State) ? JsonSerializer.Deserialize(File.ReadAllBytes(data.State), CliJson.Default.Running) : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (JsonException)
        {
            throw new StoppedException(
                $"{data.State} is damaged, so nobody knows what runs. Nothing was changed. "
                + $"Look for processes named Salus.* and postgres that use {data.Root}, stop them, and delete the file.");
        }
    }

    public void Write(DataFolder data) => DataFolder.WritePrivate(data.State, JsonSerializer.Serialize(this, CliJson.Default.Running));

    /// <summary>Stops what lives: servers by SIGTERM, then PostgreSQL by SIGINT (its fast stop); whoever does not follow in time is killed.</summary>
    /// <param name="hurry">No more waiting: a second Ctrl-C.</param>
    public async Task StopAsync(CancellationToken hurry = default)
    {
        foreach (var party in Parties)
            party.Process.Send(ProcessMark.Signal.Terminate);
        await Task.WhenAll(Parties.Select(async party =>
        {
            if (await party.Process.EndsWithinAsync(ServerGrace, hurry))
                return;
            party.Process.Send(ProcessMark.Signal.Kill);
            await party.Process.EndsWithinAsync(LastGrace, CancellationToken.None);
        }));
        if (Postgres is not { Process: var postgres })
            return;
        postgres.Send(ProcessMark.Signal.Interrupt);
        if (await postgres.EndsWithinAsync(PostgresGrace, hurry))
            return;
        // SIGQUIT ends it and its children without a checkpoint; it recovers from its log at the next start.
        postgres.Send(ProcessMark.Signal.Quit);
        if (await postgres.EndsWithinAsync(LastGrace, CancellationToken.None))
            return;
        postgres.Send(ProcessMark.Signal.Kill);
        await postgres.EndsWithinAsync(LastGrace, CancellationToken.None);
    }
}

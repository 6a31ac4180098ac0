using System.Diagnostics;
using Salus.Client.Requests;

namespace Salus.Cli.Parties;

/// <summary>Starts all parties of an installation, keeps them running, and stops them in order: first the servers, then PostgreSQL.</summary>
/// <param name="audits">How often lists are audited; null for never.</param>
internal sealed class Supervisor(DataFolder data, Installation installation, TimeSpan? audits = null) : IDisposable
{
    private const int KeptLogs = 3;

    /// <summary>A log that is longer is put aside when its party is started again.</summary>
    private const long LongLog = 64 << 20;

    /// <summary>Restarts in a row that may fail before all of it is stopped.</summary>
    private const int Patience = 3;

    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    /// <summary>Who was ready for that long starts with a clean slate.</summary>
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(10);

    private readonly Lock _writing = new();
    private readonly ProcessMark _self = ProcessMark.Of(Environment.ProcessId)!;
    private readonly List<(PartyPlan Plan, Child Child)> _servers = [];
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, TaskCompletionSource> _held = new();
    private Child? _postgres;
    private bool _ready;

    /// <summary>Runs until it is asked to stop, or until one party cannot be kept running, which throws.</summary>
    /// <param name="ready">Called once, when all answer.</param>
    public async Task RunAsync(Action<Running> ready, CancellationToken stop)
    {
        try
        {
            await StartAsync(stop);
            await HardeningRelay.EstablishAsync(installation.Parties, stop);
            _ready = true;
            ready(Record());
            await KeepAndAuditAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop: at any time, also before all was ready.
        }
        finally
        {
            await StopAsync();
        }
    }

    /// <summary>Stops one server and leaves it stopped until <see cref="Release"/>: what the loss of its provider looks like to the others.</summary>
    public async Task HoldAsync(string name)
    {
        var child = _servers.Single(server => server.Plan.Name == name).Child;
        if (!_held.TryAdd(name, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)))
            return;
        child.Mark!.Send(ProcessMark.Signal.Terminate);
        await child.EndsAsync(CancellationToken.None);
    }

    /// <summary>Starts a server again that <see cref="HoldAsync"/> has stopped.</summary>
    public void Release(string name)
    {
        if (_held.TryRemove(name, out var held))
            held.SetResult();
    }

    public void Dispose()
    {
        foreach (var (_, child) in _servers)
            child.Dispose();
        _postgres?.Dispose();
    }

    private async Task StartAsync(CancellationToken stop)
    {
        foreach (var name in PartyPlan.All.Select(plan => plan.Name).Append("postgres"))
            Rotate(data.Log(name));
        _postgres = new Child("postgres", data.Log("postgres"), () => installation.Cluster.Command(installation.PostgresPort), (pid, _) => installation.Cluster.IsReady(pid));
        foreach (var plan in PartyPlan.All)
        {
            var command = new[] { Programs.Find(plan.Program), "--config", data.Configuration(plan) };
            _servers.Add((plan, new Child(plan.Name, data.Log(plan.Name), () => command,
                (_, written) => written.Split('\n').Any(line => line.TrimEnd() == "ready"))));
        }
        // Stores need nobody; the cloud and the trustees need the database.
        Start(_postgres);
        var stores = _servers.Where(server => server.Plan.Role is null).Select(server => server.Child).ToList();
        stores.ForEach(Start);
        await ReadyAsync(_postgres, stop);
        var others = _servers.Where(server => server.Plan.Role is not null).Select(server => server.Child).ToList();
        others.ForEach(Start);
        await Task.WhenAll(stores.Concat(others).Select(child => ReadyAsync(child, stop)));
    }

    private void Start(Child child)
    {
        child.Start();
        Record();
    }

    /// <summary>As <see cref="Start"/>, whether or not there is room to write it down: on a full disk what runs is still looked after and stopped in order.</summary>
    private void Restart(Child child)
    {
        if (new FileInfo(child.Log) is { Exists: true, Length: > LongLog })
            Rotate(child.Log);
        child.Start();
        try
        {
            Record();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Terminal.Say($"  {data.State} cannot be written ({fault.Message}): should this process be killed, `salus down` would not find {child.Name} (pid {child.Mark!.Pid})");
        }
    }

    private static async Task ReadyAsync(Child child, CancellationToken stop)
    {
        if (!await child.BecomesReadyAsync(StartDeadline, stop))
            throw new StoppedException(
                (child.HasEnded ? $"{child.Name} did not start ({child.Ending})." : $"{child.Name} is not ready after {StartDeadline.TotalSeconds:0} seconds.")
                + $" The others were stopped; what is stored is untouched. Its log, {child.Log}, ends with:{child.LastLines()}");
    }

    private async Task KeepAndAuditAsync(CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var auditing = audits is { } interval ? new AuditSchedule(data, installation.Parties, interval).RunAsync(ending.Token) : Task.CompletedTask;
        try
        {
            await KeepAsync(stop);
        }
        finally
        {
            await ending.CancelAsync();
            await auditing;
        }
    }

    private async Task KeepAsync(CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watched = _servers.Select(server => server.Child).Append(_postgres!).Select(child => KeepAsync(child, ending.Token)).ToList();
        var first = await Task.WhenAny(watched);
        await ending.CancelAsync();
        await Task.WhenAll(watched).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await first;
    }

    /// <summary>Starts one party again whenever it ends, after a pause that grows.</summary>
    private async Task KeepAsync(Child child, CancellationToken stop)
    {
        for (var failures = 0; ;)
        {
            await child.EndsAsync(stop);
            if (_held.TryGetValue(child.Name, out var held))
            {
                await held.Task.WaitAsync(stop);
                Restart(child);
                await child.BecomesReadyAsync(StartDeadline, stop);
                continue;
            }
            if (child.ReadySince is { } since && Stopwatch.GetElapsedTime(since) >= Healthy)
                failures = 0;
            if (++failures > Patience)
                throw new StoppedException(
                    $"{child.Name} cannot be kept running: {Patience} restarts in a row failed ({child.Ending}). All was stopped; what is stored is untouched. "
                    + $"Its log, {child.Log}, ends with:{child.LastLines()}");
            var pause = TimeSpan.FromSeconds(0.25 * (1 << (failures - 1)));
            Terminal.Say($"{child.Name} ended ({child.Ending}); its last lines:{child.LastLines()}");
            Terminal.Say($"  starting it again in {pause.TotalSeconds:0.##} s ({failures} of {Patience})");
            await Task.Delay(pause, stop);
            Restart(child);
            if (await child.BecomesReadyAsync(StartDeadline, stop))
                Terminal.Say($"{child.Name} is back (pid {child.Mark!.Pid})");
            else if (!child.HasEnded)
                child.Mark!.Send(ProcessMark.Signal.Kill); // neither ready nor gone: the next round takes it as ended
        }
    }

    private async Task StopAsync()
    {
        var running = Current();
        if (running.Alive.Count > 0)
            Terminal.Say("stopping");
        using var hurry = new CancellationTokenSource();
        using var again = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            hurry.Cancel();
        });
        await running.StopAsync(hurry.Token);
        File.Delete(data.State);
    }

    /// <summary>Writes down what runs now.</summary>
    private Running Record()
    {
        lock (_writing)
        {
            var running = Current();
            running.Write(data);
            return running;
        }
    }

    private Running Current() => new(_self, _ready, installation.BasePort,
        _postgres?.Mark is { } postgres ? new RunningPostgres(installation.PostgresPort, postgres) : null,
        [.. _servers.Where(server => server.Child.Mark is not null).Select(server =>
            new RunningParty(server.Plan.Name, server.Plan.Url(installation.BasePort, installation.Tls), data.Of(server.Plan), server.Child.Mark!))],
        installation.Page);

    private static void Rotate(string log)
    {
        for (var i = KeptLogs - 1; i >= 0; i--)
        {
            var from = i == 0 ? log : $"{log}.{i}";
            if (File.Exists(from))
                File.Move(from, $"{log}.{i + 1}", overwrite: true);
        }
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        using var made = new FileStream(log, options);
    }
}

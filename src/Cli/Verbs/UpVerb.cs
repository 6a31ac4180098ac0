using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Salus.Cli.Parties;

namespace Salus.Cli.Verbs;

/// <summary>Starts a private installation on this machine: PostgreSQL, the cloud, three trustees and four stores.</summary>
internal sealed class UpVerb : Verb
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(1);

    private readonly Option<bool> _detach = new("--detach", "-d") { Description = "go on in the background once all is ready" };

    private readonly Option<int?> _port = new("--port")
    {
        Description = $"the first of {PartyPlan.Ports} ports in a row (else SALUS_PORT, else that of the last start, else {PartyPlan.DefaultPort})", HelpName = "BASE",
        DefaultValueFactory = _ => int.TryParse(Environment.GetEnvironmentVariable("SALUS_PORT"), out var given) ? given : null,
    };

    private readonly Option<bool?> _tls = new("--tls") { Description = "https with a private certificate authority (kept for later starts; --tls false ends it)" };

    private readonly Option<string?> _audit = new("--audit") { Description = "how often lists in DATA/audit/lists are audited: hours, like 24 (the default), or none", HelpName = "HOURS" };

    // The supervisor that --detach leaves behind.
    private readonly Option<bool> _background = new("--background") { Hidden = true };

    public UpVerb() : base("up", "start everything on this machine")
    {
        Options.Add(_detach);
        Options.Add(_port);
        Options.Add(_tls);
        Options.Add(_audit);
        Options.Add(_background);
        Validators.Add(result =>
        {
            if (!TryReadInterval(result.GetValue(_audit), out _))
                result.AddError("--audit takes hours, like 24 or 0.5, or none");
        });
    }

    /// <summary>Null for none.</summary>
    private static bool TryReadInterval(string? text, out TimeSpan? interval)
    {
        interval = AuditSchedule.Daily;
        if (text is null)
            return true;
        interval = null;
        if (text == "none")
            return true;
        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var hours) || hours is not (> 0 and < 10_000))
            return false;
        interval = TimeSpan.FromHours(hours);
        return true;
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var data = new DataFolder(call.Data);
        Installation.CheckOwnership(data);
        if (!Directory.Exists(data.Root))
            data.Make(passage: false);
        DataFolder.MakePrivate(data.Logs);
        return call.Value(_detach) ? await DetachAsync(call, data) : await SuperviseAsync(call, data);
    }

    private async Task<int> SuperviseAsync(Call call, DataFolder data)
    {
        var started = Stopwatch.GetTimestamp();
        using var held = await HoldAsync(data);
        await StopLeftoversAsync(call, data);
        var installation = Installation.Open(data, call.Value(_port), call.Value(_tls));
        Ports.Check(installation.BasePort);
        foreach (var program in PartyPlan.All.Select(party => party.Program).Distinct())
            _ = Programs.Find(program);
        await installation.PrepareAsync(call.Cancel);
        _ = TryReadInterval(call.Value(_audit), out var interval);
        using var supervisor = new Supervisor(data, installation, interval);
        await supervisor.RunAsync(running =>
        {
            if (call.Value(_background))
                Terminal.Say($"ready in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
            else
                Show(call, data, running, Stopwatch.GetElapsedTime(started), "Ctrl-C");
        }, call.Cancel);
        return ExitCode.Done;
    }

    /// <summary>Starts the supervisor in a session of its own, and returns when it says that all is ready.</summary>
    private async Task<int> DetachAsync(Call call, DataFolder data)
    {
        var started = Stopwatch.GetTimestamp();
        (await HoldAsync(data)).Dispose();
        _ = Running.Read(data); // a damaged record is said before there is a supervisor that would go on behind this command's back
        var log = data.Log("up");
        DataFolder.WritePrivate(log, "");
        List<string> command = [Environment.ProcessPath!, "up", "--background", "--data", data.Root];
        if (call.Value(_port) is { } port)
            command.AddRange(["--port", $"{port}"]);
        if (call.Value(_tls) is { } tls)
            command.AddRange(["--tls", tls ? "true" : "false"]);
        if (call.Value(_audit) is { } audit)
            command.AddRange(["--audit", audit]);
        using var supervisor = Commands.Start(log, command);
        while (!supervisor.HasExited)
        {
            if (Running.Read(data) is { Ready: true } running && running.Supervisor.Pid == supervisor.Id)
            {
                Show(call, data, running, Stopwatch.GetElapsedTime(started), Again("down", data));
                return ExitCode.Done;
            }
            if (call.Cancel.IsCancellationRequested)
                ProcessMark.Of(supervisor.Id)?.Send(ProcessMark.Signal.Terminate);
            await Task.Delay(Poll, CancellationToken.None);
        }
        const string prefix = "salus: ";
        var said = (await File.ReadAllTextAsync(log, CancellationToken.None)).Trim();
        throw new StoppedException(said.StartsWith(prefix, StringComparison.Ordinal) ? said[prefix.Length..] : said, Math.Max(supervisor.ExitCode, ExitCode.Failed));
    }

    /// <summary>
    /// The lock of the one `up` that may run in this folder. One that has just ended may hold it for a moment longer: the system closes its files while it exits.
    /// </summary>
    private static async Task<FileStream> HoldAsync(DataFolder data)
    {
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < Ending; await Task.Delay(Poll))
            if (TryHold(data) is { } held)
                return held;
        throw new StoppedException($"Salus is up already in {data.Root}. Nothing was changed. `{Again("status", data)}` shows it, `{Again("down", data)}` stops it.");
    }

    private static FileStream? TryHold(DataFolder data)
    {
        try
        {
            return new FileStream(data.Lock, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
        catch (IOException) when (File.Exists(data.Lock))
        {
            return null;
        }
    }

    private static async Task StopLeftoversAsync(Call call, DataFolder data)
    {
        if (Running.Read(data) is not { } before)
            return;
        if (before.Alive.Count > 0)
        {
            Terminal.Say($"an earlier start was killed and left running: {string.Join(", ", before.Alive)}; stopping them first");
            await before.StopAsync(call.Cancel);
        }
        File.Delete(data.State);
    }

    private static void Show(Call call, DataFolder data, Running running, TimeSpan took, string end)
    {
        var status = StatusDocument.Of(data, running);
        call.Terminal.Answer(status, CliJson.Default.StatusDocument);
        call.Terminal.Print(
            $"""
            Salus is up ({took.TotalSeconds:0.0} s), all of it in {data.Root}
              cloud     {status.Cloud.Url}
              trustees  {string.Join("  ", status.Trustees.Select(trustee => trustee.Url))}
              stores    {string.Join("  ", status.Stores.Select(store => store.Url))}
              postgres  127.0.0.1:{status.Postgres.Port}
              mail      {status.Mail} (codes arrive there)
              page      {status.Page ?? "none in this package"}{(status.Page is null ? "" : $" (hosted by the cloud; {Again("open", data)} serves it from this machine)")}
            Next: {Again("register", data)} MAIL, then {Again("put", data)} FILE; or {Again("demo", data)} for a tour
            Stop: {end}
            """);
    }

    /// <summary>The command to type for another verb on the same data.</summary>
    internal static string Again(string verb, DataFolder data) =>
        $"./salus {verb}" + (data.Root == Path.GetFullPath(".salus") ? "" : " --data " + (data.Root.Contains(' ', StringComparison.Ordinal) ? $"'{data.Root}'" : data.Root));
}

using System.Net.Sockets;
using Salus.Cli.Parties;
using Salus.Protocol.Http;

namespace Salus.Cli.Verbs;

/// <summary>Shows what runs, and whether it answers.</summary>
internal sealed class StatusVerb() : Verb("status", "show what runs, and whether it answers")
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    protected override async Task<int> RunAsync(Call call)
    {
        var data = new DataFolder(call.Data);
        if (Running.Read(data) is not { } running || (running.Alive.Count == 0 && !running.Supervisor.IsAlive))
            throw new StoppedException($"Nothing runs in {data.Root}. `{UpVerb.Again("up", data)}` starts it.");
        if (call.Terminal.Json)
        {
            call.Terminal.Answer(StatusDocument.Of(data, running), CliJson.Default.StatusDocument);
            return ExitCode.Done;
        }
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = Authority.Trust(data), UseProxy = false }) { Timeout = Patience };
        var rows = await Task.WhenAll(running.Parties.Select(async party =>
            Row(party.Name, await HealthAsync(http, party, call.Cancel), party.Url.GetLeftPart(UriPartial.Authority), party.Process, party.Data)));
        foreach (var row in rows)
            call.Terminal.Print(row);
        if (running.Postgres is { } postgres)
            call.Terminal.Print(Row("postgres", await HealthAsync(postgres, call.Cancel), $"127.0.0.1:{postgres.Port}", postgres.Process, data.Postgres));
        call.Terminal.Print(Row("mail", "", "", null, data.Mail));
        if (running.Page is { } page)
            call.Terminal.Print(Row("page", "", page.AbsoluteUri, null, ""));
        foreach (var audit in AuditSchedule.Read(data))
        {
            call.Terminal.Print(Row("audit", audit.State, "", null, audit.Failure ?? (audit.Last is { } last ? AuditText.Summary(last) : "not audited yet")));
            call.Terminal.Print(FormattableString.Invariant($"{"",-22}of the list of {audit.Made.UtcDateTime:yyyy-MM-dd HH:mm} UTC{(audit.Behind
                ? ", which is behind its owner's records: `salus audit --schedule` writes it again" : "")}"));
        }
        if (!running.Supervisor.IsAlive)
            call.Terminal.Print($"The `up` that started them was killed, so nobody keeps them running: `{UpVerb.Again("down", data)}` stops them, "
                + $"`{UpVerb.Again("up", data)}` starts anew.");
        else if (!running.Ready)
            call.Terminal.Print("Still starting.");
        return ExitCode.Done;
    }

    private static string Row(string name, string health, string address, ProcessMark? process, string folder) =>
        $"{name,-10} {health,-10} {address,-24} {(process is { IsAlive: true } ? $"pid {process.Pid}" : ""),-12} {folder}";

    private static async Task<string> HealthAsync(HttpClient http, RunningParty party, CancellationToken cancel)
    {
        if (!party.Process.IsAlive)
            return "down";
        try
        {
            using var answer = await http.GetAsync(new Uri(party.Url, Paths.Ready), cancel);
            return answer.IsSuccessStatusCode ? "healthy" : $"unwell {(int)answer.StatusCode}";
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            return "silent";
        }
    }

    private static async Task<string> HealthAsync(RunningPostgres postgres, CancellationToken cancel)
    {
        if (!postgres.Process.IsAlive)
            return "down";
        try
        {
            using var probe = new TcpClient();
            await probe.ConnectAsync("127.0.0.1", postgres.Port, cancel).AsTask().WaitAsync(Patience, cancel);
            return "healthy";
        }
        catch (Exception error) when (error is SocketException or TimeoutException)
        {
            return "silent";
        }
    }
}

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Salus.Cli.Demo;
using Salus.Cli.Parties;

namespace Salus.Cli.Verbs;

/// <summary>`demo`: plays the main job on an installation of its own below the data folder, and shows what each party held of it.</summary>
internal sealed class DemoVerb : Verb
{
    private const int DefaultPort = 7300;

    private readonly Option<int> _port = new("--port") { Description = $"the first of {PartyPlan.Ports} ports in a row", HelpName = "BASE", DefaultValueFactory = _ => DefaultPort };
    private readonly Option<bool> _keep = new("--keep") { Description = "keep the demo's folder, to look into" };

    public DemoVerb() : base("demo", "a tour: register, import, share, open, revoke, lose two stores")
    {
        Add(_port);
        Add(_keep);
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var data = new DataFolder(Path.Combine(call.Data, "demo"));
        await CleanAsync(data, call.Cancel);
        Directory.CreateDirectory(call.Data);
        data.Make(passage: false);
        DataFolder.MakePrivate(data.Logs);
        var installation = Installation.Open(data, call.Value(_port), false);
        Ports.Check(installation.BasePort);
        await installation.PrepareAsync(call.Cancel);
        using var supervisor = new Supervisor(data, installation);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(call.Cancel);
        var ready = new TaskCompletionSource();
        var running = supervisor.RunAsync(_ => ready.SetResult(), ending.Token);
        IReadOnlyList<Holding> holdings = [];
        try
        {
            if (await Task.WhenAny(ready.Task, running) == running)
                await running;
            Terminal.Say("A private installation is up: cloud, three trustees, four stores, PostgreSQL. The story begins.");
            using var story = new DemoStory(data, supervisor, JsonSerializer.Deserialize(await File.ReadAllBytesAsync(data.Directory, call.Cancel), CliJson.Default.PartyDirectory)!, call.Cancel);
            await story.PlayAsync(call.Terminal.Print);
            var needles = await story.NeedlesAsync();
            holdings = await new Holdings(data, installation.Cluster, installation.PostgresPort).SearchAsync(needles, call.Cancel);
            Show(call, holdings, needles.Count);
        }
        finally
        {
            await ending.CancelAsync();
            await running.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            if (!call.Value(_keep))
                await CleanAsync(data, CancellationToken.None);
        }
        call.Terminal.Answer(new DemoDocument(holdings), CliJson.Default.DemoDocument);
        return holdings.All(holding => holding.Matches == 0) ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Show(Call call, IReadOnlyList<Holding> holdings, int needles)
    {
        call.Terminal.Print(string.Create(CultureInfo.InvariantCulture,
            $"What each party held of it, searched for {needles} texts of the records (names, addresses, conditions, medicines, file names):"));
        foreach (var holding in holdings)
            call.Terminal.Print(string.Create(CultureInfo.InvariantCulture, $"  {holding.Party,-10} {holding.Bytes,11:N0} bytes  {holding.Excerpt}…  {holding.Matches} plaintext matches"));
        call.Terminal.Print(holdings.All(holding => holding.Matches == 0)
            ? "No server held a readable byte of the records. (The cloud knows the mail addresses of its accounts, as it must to send codes.)"
            : "A SERVER HELD PLAINTEXT. This is a fault of Salus; please report it.");
    }

    private static async Task CleanAsync(DataFolder data, CancellationToken cancel)
    {
        if (!Directory.Exists(data.Root))
            return;
        Installation.CheckOwnership(data);
        if (Running.Read(data) is { } left)
            await left.StopAsync(cancel);
        if (Directory.Exists(data.Postgres) && new DirectoryInfo(data.Postgres).ResolveLinkTarget(returnFinalTarget: true) is { } elsewhere)
            Directory.Delete(Path.GetDirectoryName(elsewhere.FullName)!, recursive: true);
        Directory.Delete(data.Root, recursive: true);
    }
}

/// <summary>`demo --json`.</summary>
internal sealed record DemoDocument(IReadOnlyList<Holding> Holdings);

using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Salus.Browser.Tests.Browsing;
using Salus.EndToEnd.Tests;

namespace Salus.Browser.Tests.Boundary;

/// <summary>Keys live in the worker and nowhere else: nothing that comes out of it, that a browser keeps, or that a server is sent holds one; and with the worker they are gone.</summary>
public sealed partial class KeyBoundaryTests(SalusInstallation salus, Chromium chromium)
{
    private const string Sentence = "An unmistakable sentence about an illness.";
    private const string FileName = "unmistakable-name.txt";

    [Fact]
    public async Task NoKeyLeavesTheWorkerWhateverIsDone()
    {
        WorkerTap tap = null!;
        var said = new ConcurrentQueue<string>();
        var sent = new ConcurrentQueue<IRequest>(); // and more while they are looked at
        await using var patient = await Visitor.SignUpAsync(chromium, salus, "boundary", before: async visitor =>
        {
            tap = await WorkerTap.IntoAsync(visitor);
            visitor.Context.Console += (_, message) => said.Enqueue(message.Text);
            visitor.Context.Request += (_, request) => sent.Enqueue(request);
        });
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        await AddSentenceAsync(patient);
        await patient.Records.OpenAsync(FileName);
        await patient.Records.FindAsync("unmistakable");
        await patient.Records.Hits.First.SeenAsync();
        await patient.Sharing.ShareAsync(doctor.Mail);
        await patient.Sharing.RevokeAsync(doctor.Mail);
        await patient.GoAsync("/settings");
        await patient.Page.GetByText("Where you are logged in").SeenAsync();
        await patient.Entrance.LockAsync();
        await patient.Entrance.UnlockAsync();

        using var device = await Person.LogInAsync(salus, patient.Mail, patient.Passphrase);
        var secrets = await AccountSecrets.OfAsync(device);
        var kit = AccountSecrets.OfKit(patient.Kit);
        var kept = await Storage.OfAsync(patient);
        var token = new Needles();
        token.Add("session token", TokenIn(kept));

        // What goes in is heard, so the tap is where it should be.
        Assert.Contains(tap.Messages, message => !message.IsFromWorker && secrets.In(message.Pieces).Contains("passphrase"));
        // The kit comes out once, when it is made.
        var outcoming = tap.Messages.Where(message => message.IsFromWorker).ToList();
        Assert.True(outcoming.Count > 20, $"{outcoming.Count} messages");
        Assert.Single(outcoming, message => kit.In(message.Pieces).Count > 0);
        foreach (var message in outcoming)
            Assert.Empty(secrets.In(message.Pieces).Concat(token.In(message.Pieces)));

        // What the browser keeps and shows: the session's token in the profile's file, and nothing else of these.
        foreach (var needles in new[] { secrets, kit })
        {
            Assert.Empty(needles.In(kept.Text));
            foreach (var (path, bytes) in kept.Files)
                Assert.True(needles.In(bytes).Count == 0, $"{path}: {string.Join(", ", needles.In(bytes))}");
        }
        Assert.Empty(token.In(kept.Text));
        Assert.Empty(secrets.In(string.Join('\n', said)).Concat(kit.In(string.Join('\n', said))).Concat(token.In(string.Join('\n', said))));

        // What servers are sent.
        var cloud = salus.Parties.Cloud.Url.Authority;
        foreach (var request in sent)
        {
            var body = request.PostDataBuffer ?? [];
            var headers = string.Join('\n', request.Headers.Select(header => $"{header.Key}: {header.Value}"));
            var all = Encoding.UTF8.GetBytes($"{request.Url}\n{headers}");
            Assert.Empty(secrets.In(all, body).Concat(kit.In(all, body)));
            Assert.Empty(token.In(request.Url));
            if (new Uri(request.Url).Authority != cloud)
                Assert.Empty(token.In(all, body));
        }
        Assert.Contains(sent, request => request.PostDataBuffer is { Length: > 0 });
    }

    [Fact]
    public async Task LockingEndsTheWorkerAndTheNextOneKnowsNothing()
    {
        await using var patient = await Visitor.SignUpAsync(chromium, salus, "locks", before: visitor => WorkerTap.IntoAsync(visitor));
        var held = Assert.Single(patient.Page.Workers);
        var ended = new TaskCompletionSource();
        held.Close += (_, _) => ended.TrySetResult();
        await patient.Entrance.LockAsync();
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await AssertLockedAsync(patient);
        await patient.Entrance.UnlockAsync();
        Assert.False((await WorkerTap.AskAsync(patient, "identity")).TryGetProperty("error", out _));
    }

    [Fact]
    public async Task AfterFifteenMinutesWithoutInputTheWorkerIsGone()
    {
        await using var patient = await Visitor.SignUpAsync(chromium, salus, "idle", before: async visitor =>
        {
            await WorkerTap.IntoAsync(visitor);
            await visitor.Page.Clock.InstallAsync();
        });
        await patient.Page.Mouse.MoveAsync(200, 200);
        await patient.Page.Clock.FastForwardAsync((long)TimeSpan.FromMinutes(14).TotalMilliseconds);
        await patient.Page.Mouse.MoveAsync(220, 200);
        await patient.Page.Clock.FastForwardAsync((long)TimeSpan.FromMinutes(14).TotalMilliseconds);
        await patient.Page.Button("Lock").SeenAsync();
        await patient.Page.Clock.FastForwardAsync((long)TimeSpan.FromMinutes(2).TotalMilliseconds);
        await patient.Page.GetByText("Locked after 15 minutes without input.").SeenAsync();
        await AssertLockedAsync(patient);
    }

    [Fact]
    public async Task NothingOfARecordIsKeptReadable()
    {
        await using var patient = await Visitor.SignUpAsync(chromium, salus, "keeps");
        // A store that does not answer: what is not stored yet waits in the browser.
        var between = await Interception.OfAsync(patient);
        var away = salus.Parties.Stores[0].Url.Authority;
        between.Instead = (url, exchange) =>
        {
            exchange.Status = 503;
            return Task.FromResult(url.Authority == away);
        };
        await AddSentenceAsync(patient);
        await patient.Records.FindAsync("unmistakable");
        await patient.Records.Hits.First.SeenAsync();
        await patient.Entrance.LockAsync();
        var kept = await Storage.OfAsync(patient);
        Assert.True(kept.Files.Values.Sum(file => file.Length) > 1000, "The outbox is empty.");
        var needles = new Needles();
        foreach (var text in new[] { Sentence, FileName, "unmistakable", "illness." })
            needles.Add(text, text);
        Assert.Empty(needles.In(kept.Text));
        foreach (var (path, bytes) in kept.Files)
            Assert.True(needles.In(bytes).Count == 0, $"{path}: {string.Join(", ", needles.In(bytes))}");
        patient.TakeFaults();
    }

    private static async Task AddSentenceAsync(Visitor visitor)
    {
        await visitor.Records.ChooseAsync(new FilePayload { Name = FileName, MimeType = "text/plain", Buffer = Encoding.UTF8.GetBytes(Sentence) });
        await visitor.Page.Field("Area").SelectOptionAsync("medical");
        await visitor.Page.Field("Keywords").FillAsync("unmistakable-keyword");
        await visitor.Records.StoreAsync();
    }

    /// <summary>One worker lives, and it has no key.</summary>
    private static async Task AssertLockedAsync(Visitor visitor)
    {
        Assert.Equal(1, await WorkerTap.LivingAsync(visitor));
        foreach (var (operation, arguments) in new[] { ("list", "{}"), ("shared", "{}"), ("identity", "{}"), ("grants", "{}"), ("find", """{"query":"anything"}""") })
        {
            var answer = await WorkerTap.AskAsync(visitor, operation, arguments);
            Assert.Equal("locked", answer.GetProperty("error").GetProperty("kind").GetString());
        }
    }

    private static string TokenIn(Storage kept)
    {
        foreach (var bytes in kept.Files.Values)
            if (Token().Match(Encoding.Latin1.GetString(bytes)) is { Success: true } found)
                return found.Groups[1].Value;
        throw new InvalidOperationException("The profile holds no session.");
    }

    [GeneratedRegex("\"token\"\\s*:\\s*\"([^\"]{16,})\"")]
    private static partial Regex Token();
}

using System.Text;
using Salus.Attack.Tests.Oracles;
using Salus.Attack.Tests.Servers;
using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Profiles;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Attack.Tests;

/// <summary>
/// What every attack is held against: O1 no secret leaves the client, in any request of the whole test and in no log, O2 nothing unverified reaches the user or the disk and the error is
/// typed, O3 the alarm is kept and visible, O4 as many bad stores as may be lost change nothing. After every test all of it is looked at but O3, for which a test asks by name; the table in
/// docs/threat-model.md says which do, and is held to that.
/// </summary>
[Collection(nameof(HostileServers))]
public abstract class AttackTest(HostileServers servers) : IAsyncLifetime
{
    internal static readonly CancellationToken None = CancellationToken.None;

    private readonly int _begun = servers.Now;

    internal HostileServers Servers => servers;

    internal Cast Cast => servers.Cast;

    internal SalusInstallation Salus => servers.Salus;

    internal Person Patient => Cast.Patient;

    internal Person Doctor => Cast.Doctor;

    internal Person Eve => Cast.Eve;

    public ValueTask InitializeAsync()
    {
        servers.BeHonest();
        return ValueTask.CompletedTask;
    }

    /// <summary>O1 over all that has passed in this test, O2 for everybody's disk, and O4.</summary>
    public async ValueTask DisposeAsync()
    {
        servers.BeHonest();
        await OpensDespiteTwoBadStoresAsync(Patient, Cast.One);
        servers.BeHonest();
        Assert.All(Cast.Everybody, one => Assert.Empty(one.Person.Written));
        var taint = new WireTaint(Secrets());
        Assert.Empty(taint.In(servers.Since(_begun)));
        Assert.Empty(taint.InFiles(Directory.EnumerateFiles(Salus.In("logs"), "*", SearchOption.AllDirectories)));
        GC.SuppressFinalize(this);
    }

    /// <summary>O4: with two of four stores lying the record comes back byte for byte, and nobody but the liars is named.</summary>
    internal async Task OpensDespiteTwoBadStoresAsync(Person reader, Kept record)
    {
        foreach (var liar in (string[])["store-2", "store-3"])
            servers.Mutate(liar, "/v1/fragments/", exchange => exchange.Body = [.. exchange.Body.Select(octet => (byte)~octet)], "GET");
        await OpensAsync(reader, record, "store-2", "store-3");
    }

    /// <summary>The record opens to its very bytes; those named on the way are among the given.</summary>
    internal static async Task OpensAsync(Person reader, Kept record, params string[] named)
    {
        var (bytes, complaints) = await reader.GetAsync(record.Id);
        Extensions.AssertSame(record.Bytes, bytes, record.Name);
        Assert.All(complaints, complaint => Assert.Contains(named, name => complaint.StartsWith(name, StringComparison.Ordinal)));
    }

    /// <summary>O2 in this process: the alarm is typed and nothing was written.</summary>
    internal static async Task<AlarmException> AlarmedAsync(AlarmKind kind, Person person, Func<Task> act)
    {
        var alarm = await Assert.ThrowsAsync<AlarmException>(act);
        Assert.True(alarm.Kind == kind, $"{alarm.Kind}: {alarm.Message}");
        Assert.Empty(person.Written);
        return alarm;
    }

    /// <summary>A record does not open: typed, and nothing of it is on the disk.</summary>
    internal static Task<AlarmException> AlarmedAsync(AlarmKind kind, Person reader, Kept record) =>
        AlarmedAsync(kind, reader, () => reader.Records.GetAsync(record.Id, reader.Out("never"), Person.NoKey, null, None));

    /// <summary>O2 and O3 on the command line that people use: nothing written, and caught.</summary>
    internal async Task CaughtAsync(AlarmKind kind, Person person, params string[] command)
    {
        var begun = TimeProvider.System.GetUtcNow();
        await IsCaughtAsync(kind, person, command[0], begun, await CommandAsync(person, command));
        Assert.Empty(person.Written);
    }

    /// <summary>O3: exit code 3 and the kind of alarm, which is kept on this device since the command has begun, not yet acknowledged.</summary>
    internal static async Task IsCaughtAsync(AlarmKind kind, Person person, string operation, DateTimeOffset begun, Outcome outcome)
    {
        Assert.True(outcome.ExitCode == 3, outcome.ToString());
        Assert.Contains($"ALARM ({kind})", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Errors, StringComparison.Ordinal);
        var kept = (await Cast.AlarmsAsync(person))[0];
        Assert.Equal((kind, operation, false), (kept.Kind, kept.Operation, kept.Acknowledged));
        Assert.Contains(kept.Message, outcome.Errors, StringComparison.Ordinal);
        Assert.True(kept.At >= begun, $"{kept.At:o} is of before {begun:o}.");
    }

    /// <summary>O3 of a login, by whatever session the servers make up, on a device that knows the account.</summary>
    internal async Task LogInIsCaughtAsync(AlarmKind kind, Person person)
    {
        var (begun, known) = (TimeProvider.System.GetUtcNow(), person.Profile.Load());
        var outcome = await CommandLine.TypeAsync("12345678", ["login", person.Mail, "--data", Salus.Data, "--profile", person.Name], ("SALUS_PASSPHRASE", person.Passphrase));
        await IsCaughtAsync(kind, person, "login", begun, outcome);
        Assert.Equal((known.Account, known.Token), (person.Profile.Load().Account, person.Profile.Load().Token));
    }

    internal Task<Outcome> CommandAsync(Person person, params string[] command) =>
        CommandLine.RunAsync([.. command, "--data", Salus.Data, "--profile", person.Name], ("SALUS_PASSPHRASE", person.Passphrase));

    internal Task GetIsCaughtAsync(AlarmKind kind, Person reader, Kept record) => CaughtAsync(kind, reader, "get", record.Id.ToString(), "--out", reader.Out("never"));

    /// <summary>The cloud's answer about one record, changed.</summary>
    internal void MutateRecord(Func<CatalogueRecord, CatalogueRecord> change) =>
        servers.Mutate("cloud", Paths.Records + "/", exchange => exchange.Set(change(exchange.Json<CatalogueRecord>())), "GET");

    /// <summary>The answer of a route that is a JSON document, changed.</summary>
    internal void Mutate<T>(string path, Func<T, T> change, string? method = null) => servers.Mutate("cloud", path, exchange => exchange.Set(change(exchange.Json<T>())), method);

    /// <summary>Answers a request in the cloud's place.</summary>
    internal void Serve(string path, Action<Exchange> answer, string method = "GET") => servers.Instead("cloud", exchange =>
    {
        if (exchange.Method != method || !HostileServers.Meets(exchange, path))
            return false;
        answer(exchange);
        return true;
    });

    /// <summary>A refusal as servers word them, with whatever text.</summary>
    internal static void Refuse(Exchange exchange, int status, string code, string text)
    {
        (exchange.Status, exchange.Headers["Content-Type"]) = (status, "application/problem+json");
        exchange.Set(new { type = Problems.Prefix + code, title = code, status, detail = text });
    }

    /// <summary>The cloud makes up a login, for which nobody needs a letter: a session with whatever account is put in it.</summary>
    /// <param name="token">Of another session, which it is then in truth; else of none.</param>
    internal void ServeLogins(Func<AccountView> account, string? token = null)
    {
        Serve(Paths.Logins, exchange =>
        {
            exchange.Status = 202;
            exchange.Set(new CodeSent(new string('a', 32), DateTimeOffset.MaxValue));
        }, "POST");
        Serve(Paths.Logins + "/", exchange => exchange.Set(new SessionStarted(token ?? new string('t', 43), TimeProvider.System.GetUtcNow().AddHours(1), account())), "POST");
    }

    /// <summary>Begins a login of somebody on a device that knows nothing yet: what completes it.</summary>
    internal async Task<(Enrolment Enrolment, PendingCode Pending, Profile Profile)> BeginLoginAsync(string mail)
    {
        var profile = new Profile(Salus.In("profiles", Salus.NewName("clean")));
        var enrolment = new Enrolment(profile, servers.Parties);
        return (enrolment, await enrolment.StartLoginAsync(mail, None), profile);
    }

    internal static string For(string template, RecordId record) => template.Replace("{id}", record.ToString(), StringComparison.Ordinal);

    private IEnumerable<byte[]> Secrets()
    {
        foreach (var (person, secret) in Cast.Everybody)
        {
            yield return Encoding.UTF8.GetBytes(person.Passphrase);
            yield return Encoding.UTF8.GetBytes(person.Kit);
            yield return secret;
        }
        foreach (var record in Cast.Records)
        {
            yield return Encoding.UTF8.GetBytes(record.Name);
            for (var at = 0; at + 16 <= record.Bytes.Length; at += 8_000)
                yield return record.Bytes[at..(at + 16)];
        }
    }
}

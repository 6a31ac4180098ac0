using Salus.Attack.Tests.Servers;
using Salus.Client;
using Salus.Client.Log;
using Salus.Crypto.Primitives;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;
using Salus.Testing;

namespace Salus.Attack.Tests.Log;

/// <summary>A cloud that rewrites its log, leaves out of it, or shows another length of it to each.</summary>
public class RewrittenLogTests(HostileServers servers) : AttackTest(servers)
{
    private const string Tiles = "/log/tile/";

    [Fact, Attack("U01")]
    public async Task AnEntryThatIsMissingMovedOrRewrittenIsAnAlarm()
    {
        using var patient = await Cast.RegisterAsync("patient");
        await Cast.PutAsync(patient, size: 1000);
        await HoldsAsync(patient);
        // Left out: what the owner has done is not there.
        Servers.Instead("cloud", exchange =>
        {
            if (!HostileServers.Meets(exchange, Paths.LogProof))
                return false;
            Refuse(exchange, 404, Problems.NotFound, "no such entry");
            return true;
        });
        await CaughtAsync(AlarmKind.Unlogged, patient, "log", "--verify");
        // The proof of another entry, and a changed one.
        Servers.BeHonest();
        byte[]? first = null;
        Servers.Mutate("cloud", Paths.LogProof, exchange => exchange.Body = first ??= exchange.Body);
        await CaughtAsync(AlarmKind.Integrity, patient, "log", "--verify");
        Servers.BeHonest();
        Servers.Mutate("cloud", Paths.LogProof, exchange => exchange.Body = exchange.Body.Flipped(exchange.Body.Length / 3));
        await CaughtAsync(AlarmKind.Integrity, patient, "log", "--verify");
        // Another head, and one that nobody has cosigned as it is.
        Servers.BeHonest();
        Servers.Mutate("cloud", Paths.LogCheckpoint, exchange => exchange.Body = exchange.Body.Flipped(exchange.Body.AsSpan().IndexOf((byte)'\n') + 1));
        await CaughtAsync(AlarmKind.Integrity, patient, "log", "--verify");
        // Rewritten: the log that is shown now does not go on from the one that was shown.
        Servers.BeHonest();
        await HoldsAsync(patient);
        await Cast.PutAsync(patient, size: 1000);
        Servers.Mutate("cloud", Tiles, exchange => exchange.Body = [.. exchange.Body.Select(octet => (byte)(octet ^ 1))]);
        await CaughtAsync(AlarmKind.Fork, patient, "log", "--verify");
        Servers.BeHonest();
        await HoldsAsync(patient);
    }

    [Fact, Attack("S10")]
    public async Task WhoIsShownLessOfTheLogThanAnotherHasSeenIsTold()
    {
        using var patient = await Cast.RegisterAsync("patient");
        using var doctor = await Cast.RegisterAsync("doctor");
        var record = await Cast.PutAsync(patient, size: 1000);
        var mark = Servers.Now;
        await HoldsAsync(doctor);
        var earlier = Servers.Since(mark).Last(seen => seen.Exchange.Path == Paths.LogCheckpoint && seen.Status == 200).Honest;
        // The patient sees more of it, and what was seen goes with the grant.
        await Cast.PutAsync(patient, size: 1000);
        await HoldsAsync(patient);
        await patient.ShareAsync(doctor, ["medical"]);
        Servers.Mutate("cloud", Paths.LogCheckpoint, exchange => exchange.Body = earlier);
        await CaughtAsync(AlarmKind.Withheld, doctor, "shared");
        Servers.BeHonest();
        await OpensAsync(doctor, record);
    }

    [Fact, Attack("U02")]
    public async Task AnAccessThatIsPutDownToSomebodyElseOrToSomethingElseIsAnAlarm()
    {
        using var patient = await Cast.RegisterAsync("patient");
        using var doctor = await Cast.RegisterAsync("doctor");
        var record = await Cast.PutAsync(patient, size: 1000);
        var grant = await patient.ShareAsync(doctor, ["medical"]);
        await OpensAsync(doctor, record);
        await HoldsAsync(patient);
        // Trustees tell of it as Eve's, who signs that it was: the log has what the doctor has signed.
        foreach (var trustee in SalusInstallation.TrusteeNames)
        {
            var key = new SigningKey(await File.ReadAllBytesAsync(Salus.In(trustee, "identity.key")));
            Servers.Mutate(trustee, Paths.WitnessJournal, exchange =>
            {
                if (JournalRequest.TryVerify(exchange.Request, out var request) && Journal.TryVerify(exchange.Body, request, out var told))
                    exchange.Body = Journal.Create(key, request, told.HasMore, [.. told.Lines.Select(AsEves)]).Signed;
            });
        }
        await CaughtAsync(AlarmKind.Unlogged, patient, "log", "--verify");
        // The doctor states a search, and opens a record by it.
        Servers.BeHonest();
        var opened = await patient.SealedAsync(record.Id);
        var context = opened.Header.Context;
        var trace = await new Tracing(doctor.Account).LeaveAsync(patient.Account.Card,
            new AccessSubject(AccessKind.Search, context.Owner, grant.Terms.Id, context.Partition, context.Epoch, [record.Id]), None);
        foreach (var trustee in doctor.Account.Trustees)
            await trustee.ReencryptAsync(ReencryptionRequest.Create(doctor.Account.Keys.Identity, trustee.Key, grant.Terms.Id, context.Owner, context.Partition, context.Epoch,
                TimeProvider.System.GetUtcNow(), [new ReencryptionItem(record.Id, opened.Header.Capsule)], trace), None);
        await CaughtAsync(AlarmKind.Injected, patient, "log", "--verify");

        JournalLine AsEves(JournalLine line) => AccessStatement.TryVerify(line.Statement, out var statement)
            ? line with { Statement = AccessStatement.Create(Eve.Account.Keys.Identity, statement.Subject, statement.At).Signed }
            : line;
    }

    /// <summary>The log as it is verifies, and what this device remembers of it is read again.</summary>
    private async Task HoldsAsync(Person person)
    {
        var outcome = await CommandAsync(person, "log", "--verify");
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        await person.Account.State.RefreshAsync(person.Account.Id);
    }
}

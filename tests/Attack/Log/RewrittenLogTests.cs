using Salus.Attack.Tests.Servers;
using Salus.Client;
using Salus.Protocol.Http;
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

    /// <summary>The log as it is verifies, and what this device remembers of it is read again.</summary>
    private async Task HoldsAsync(Person person)
    {
        var outcome = await CommandAsync(person, "log", "--verify");
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        await person.Account.State.RefreshAsync(person.Account.Id);
    }
}

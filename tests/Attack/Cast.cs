using Salus.Attack.Tests.Servers;
using Salus.Client.Profiles;
using Salus.Protocol;

namespace Salus.Attack.Tests;

/// <summary>
/// The people of most tests, who have gone through the hostile servers since they exist: a patient with two records of one size, a doctor who may read them, and Eve, who has an account and
/// acts with whoever runs the servers. Tests that end or move something make people of their own.
/// </summary>
internal sealed class Cast : IDisposable
{
    private readonly HostileServers _servers;

    private Cast(HostileServers servers) => _servers = servers;

    internal Person Patient { get; private set; } = null!;

    internal Person Doctor { get; private set; } = null!;

    internal Person Eve { get; private set; } = null!;

    internal Kept One { get; private set; } = null!;

    internal Kept Two { get; private set; } = null!;

    internal Grant Grant { get; private set; } = null!;

    /// <summary>Everybody who has an account, with what nobody else may ever see of them.</summary>
    internal List<(Person Person, byte[] Secret)> Everybody { get; } = [];

    /// <summary>All that was put.</summary>
    internal List<Kept> Records { get; } = [];

    public static async Task<Cast> GatherAsync(HostileServers servers)
    {
        var cast = new Cast(servers);
        (cast.Patient, cast.Doctor, cast.Eve) = (await cast.RegisterAsync("patient"), await cast.RegisterAsync("doctor"), await cast.RegisterAsync("eve"));
        (cast.One, cast.Two) = (await cast.PutAsync(cast.Patient), await cast.PutAsync(cast.Patient));
        cast.Grant = await cast.Patient.ShareAsync(cast.Doctor, ["medical"]);
        return cast;
    }

    public void Dispose()
    {
        foreach (var (person, _) in Everybody)
            person.Dispose();
    }

    internal async Task<Person> RegisterAsync(string name, string? organisation = null)
    {
        var person = await Person.RegisterAsync(_servers.Salus, name, organisation: organisation, through: _servers.Parties);
        Everybody.Add((person, person.Account.Keys.AccountSecret.Bytes.ToArray()));
        return person;
    }

    /// <summary>Puts a record of random bytes, several leaves and chunks long, under a name that says what it is.</summary>
    internal async Task<Kept> PutAsync(Person author, Person? patient = null, int size = 40_000, string partition = "medical")
    {
        var (bytes, name) = (Extensions.RandomBytes(size), $"diagnosis-{Guid.NewGuid():n}.txt");
        var stored = await author.PutAsync(bytes, partition, name: name, patient: patient);
        var kept = new Kept(stored.Record, bytes, name);
        Records.Add(kept);
        return kept;
    }

    /// <summary>What this person's device has kept of alarms, newest first, as it lies on the disk.</summary>
    internal static async Task<IReadOnlyList<KeptAlarm>> AlarmsAsync(Person person)
    {
        await person.Account.State.RefreshAsync(person.Account.Id);
        return new AlarmLog(person.Account).List();
    }
}

/// <summary>A record that somebody has put.</summary>
internal sealed record Kept(RecordId Id, byte[] Bytes, string Name);

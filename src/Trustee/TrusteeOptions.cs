using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using Npgsql;
using Salus.Crypto.Oprf;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Log;
using Salus.Trustee.Peers;

namespace Salus.Trustee;

/// <summary>What a trustee is told, beside what every server is.</summary>
public sealed class TrusteeOptions : ServerOptions
{
    /// <summary>A short name for people: "trustee-1".</summary>
    [StringLength(64, MinimumLength = 1)]
    public required string Name { get; init; }

    /// <summary>
    /// Npgsql's connection string; `Search Path` names the schema, which the role owns. The trustee makes its tables there at the start.
    /// </summary>
    public required string Database { get; init; }

    /// <summary>Requests that one key may sign in a second, on average, whatever address they come from.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerSecondAndKey { get; init; } = 20;

    /// <summary>Requests that one key may sign at once. With 64 records in each, 200 open 12,800 records.</summary>
    [Range(1, 1_000_000)]
    public int RequestsAtOncePerKey { get; init; } = 200;

    /// <summary>The cloud's identity, 64 hexadecimal digits: its tickets say which keys are those of accounts.</summary>
    public required string CloudKey { get; init; }

    /// <summary>The key under which the cloud signs checkpoints of its log, a C2SP vkey: this trustee follows that log and no other; none when it is null.</summary>
    public string? Log { get; init; }

    /// <summary>
    /// The key under which the cloud makes the tags of mail addresses in its log, 64 hexadecimal digits, as `--print-identity` prints it: told to whoever asks for cards, so that the cloud cannot
    /// give somebody another one. Not told when it is null.
    /// </summary>
    public string? Directory { get; init; }

    /// <summary>
    /// The three trustees that hold the hardening key together, this one among them, as its operator knows them: the values of the key are sealed to these
    /// box keys and to no others.
    /// </summary>
    public required IReadOnlyList<TrusteeMember> Trustees { get; init; }

    /// <summary>Evaluations for one account in an hour.</summary>
    [Range(1, 1_000_000)]
    public int EvaluationsPerHourAndAccount { get; init; } = 30;

    /// <summary>Evaluations for all accounts together in an hour: what bounds the guessing of telephone numbers, however many accounts guess.</summary>
    [Range(1, 1_000_000_000)]
    public int EvaluationsPerHour { get; init; } = 2000;

    /// <summary>Evaluations of contents for one account in an hour: one for each body that is stored once within its domain.</summary>
    [Range(1, 1_000_000)]
    public int ContentsPerHourAndAccount { get; init; } = 20_000;

    /// <summary>Evaluations of contents for all accounts together in an hour.</summary>
    [Range(1, 1_000_000_000)]
    public int ContentsPerHour { get; init; } = 1_000_000;

    /// <summary>A PEM file with the private authority that signed the other trustees' certificates, or null for the system's authorities.</summary>
    public string? Authority { get; init; }

    /// <summary>Seconds for which another trustee may say nothing in a computation before it counts as away.</summary>
    [Range(1, 600)]
    public int PeerSeconds { get; init; } = 30;

    /// <summary>Readings of one account that are kept, at most: about 12 bytes each on the disk of two trustees, 4 on that of the third.</summary>
    [Range(1, 1_000_000_000_000)]
    public long ReadingsPerAccount { get; init; } = 1_000_000_000;

    internal VerifyingKey Cloud => TryReadKey(CloudKey, out var key) ? key : throw new InvalidOperationException("The options were not checked.");

    internal LogKeys LogKeys => TryReadLog(out var keys) ? keys : throw new InvalidOperationException("The options were not checked.");

    /// <summary>Empty when none was told.</summary>
    internal byte[] DirectoryKey => Directory is { } key ? Hex(key) : [];

    internal HardeningMembers Members => TryReadMembers(out var members) ? members : throw new InvalidOperationException("The options were not checked.");

    /// <summary>The other trustees.</summary>
    internal IEnumerable<Peer> Peers(VerifyingKey self) => Trustees.Select((trustee, index) => (Trustee: trustee, Member: Read(trustee), Name: trustee.Name ?? $"trustee-{index + 1}"))
        .Where(known => known.Member is { } member && !member.Key.Equals(self)).Select(known => new Peer(known.Member!.Key, known.Member.Box, known.Trustee.Url, known.Name));

    public override IEnumerable<string> Faults()
    {
        foreach (var fault in base.Faults())
            yield return fault;
        if (!TryReadKey(CloudKey, out _))
            yield return "cloudKey: give the cloud's identity, 64 hexadecimal digits";
        if (!TryReadMembers(out _))
            yield return "trustees: give the three different trustees that hold the hardening key, each with key and box, 64 hexadecimal digits";
        if (Log is not null && !TryReadLog(out _))
            yield return "log: give the key of the cloud's log, and for each of the trustees its witness: NAME+ID+KEY, as `identity` prints them";
        if (Directory is not null && !OprfElement.TryParse(DirectoryKey, out _))
            yield return "directory: give the key of the cloud's directory, 64 hexadecimal digits, as `--print-identity` prints it";
        foreach (var trustee in Trustees.Where(trustee => trustee.Url is { } url && !IsAddress(url)))
            yield return $"trustees: {trustee.Url} is no address of a trustee; give https://NAME:PORT, or http://localhost:PORT on this machine";
        if (Authority is not null && !File.Exists(Authority))
            yield return $"authority: there is no file {Authority}";
        if (ConnectionFault(Database) is { } connection)
            yield return $"database: {connection}";
    }

    private bool TryReadMembers([NotNullWhen(true)] out HardeningMembers? members)
    {
        members = null;
        var read = new List<HardeningMember>();
        foreach (var trustee in Trustees)
        {
            if (Read(trustee) is not { } member)
                return false;
            read.Add(member);
        }
        if (read.Count != ThresholdKey.Holders || read.DistinctBy(member => member.Key).Count() != read.Count)
            return false;
        members = HardeningMembers.Of(read);
        return true;
    }

    private bool TryReadLog([NotNullWhen(true)] out LogKeys? keys)
    {
        keys = null;
        if (!NoteKey.TryParse(Log, NoteAlgorithm.Ed25519, out var log))
            return false;
        var witnesses = new List<NoteKey>();
        foreach (var trustee in Trustees)
        {
            if (!NoteKey.TryParse(trustee.Witness, NoteAlgorithm.Cosignature, out var witness))
                return false;
            witnesses.Add(witness);
        }
        if (witnesses.Distinct().Count() != witnesses.Count)
            return false;
        keys = new LogKeys(log, witnesses);
        return true;
    }

    private static HardeningMember? Read(TrusteeMember trustee) =>
        TryReadKey(trustee.Key, out var key) && BoxKey.TryParse(Hex(trustee.Box), out var box) ? new HardeningMember(key, box) : null;

    private static bool IsAddress(Uri url) => url.IsAbsoluteUri && url.PathAndQuery == "/" && url.UserInfo.Length == 0
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));

    private static bool TryReadKey(string hex, out VerifyingKey key) => VerifyingKey.TryParse(Hex(hex), out key);

    private static byte[] Hex(string hex) => hex.Length == 2 * VerifyingKey.Size && hex.All(char.IsAsciiHexDigit) ? Convert.FromHexString(hex) : [];

    private static string? ConnectionFault(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text) switch
            {
                { Host: null or "" } => "names no Host",
                { Database: null or "" } => "names no Database",
                { Username: null or "" } => "names no Username",
                { SearchPath: null or "" } => "names no Search Path: the schema of this trustee, which its role owns",
                _ => null,
            };
        }
        catch (ArgumentException)
        {
            return "is no connection string: Host=…;Port=…;Database=…;Username=…;Password=…;Search Path=…";
        }
    }
}

/// <summary>
/// A trustee as another knows it: its identity and its box key, 64 hexadecimal digits each; where it is, for what they compute together; what people call it; and the key under which it
/// cosigns the log, a C2SP vkey.
/// </summary>
public sealed record TrusteeMember(string Key, string Box, Uri? Url = null, string? Name = null, string? Witness = null);

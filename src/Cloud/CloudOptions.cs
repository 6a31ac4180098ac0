using System.ComponentModel.DataAnnotations;
using Npgsql;
using Salus.Cloud.Accounts;
using Salus.Hosting;
using Salus.Hosting.Pages;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;

namespace Salus.Cloud;

/// <summary>
/// What the cloud is told. Replicas share one database and have the same `identity.key` and `pepper.key` in their data folders.
/// </summary>
internal sealed class CloudOptions : ServerOptions
{
    /// <summary>An Npgsql connection string; its role owns the schema `cloud`.</summary>
    public required string Database { get; init; }

    public required MailOptions Mail { get; init; }

    public required IReadOnlyList<TrusteeParty> Trustees { get; init; }

    public required IReadOnlyList<Party> Stores { get; init; }

    /// <summary>The private CA's certificate, a PEM file that clients are given, or null.</summary>
    public string? Authority { get; init; }

    /// <summary>The address that clients use, where a proxy stands before the cloud; else <see cref="ServerOptions.Url"/>.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>The page that the cloud hosts, or null for none.</summary>
    public PageOptions? Page { get; init; }

    /// <summary>Codes sent to one mail address in an hour, for registration and for login each.</summary>
    [Range(1, 1000)]
    public int CodesPerHour { get; init; } = 5;

    /// <summary>Codes that one remote address may ask for in a minute, at each replica; it may try five times as many.</summary>
    [Range(1, 100_000)]
    public int CodesPerMinute { get; init; } = 60;

    /// <summary>How large one fragment may be.</summary>
    [Range(4096, long.MaxValue)]
    public long MaxFragmentBytes { get; init; } = 64L << 30;

    public QuotaOptions Quota { get; init; } = new();

    public override IEnumerable<string> Faults()
    {
        var faults = base.Faults().Concat(Mail.Faults());
        foreach (var fault in faults)
            yield return fault;
        if (!IsConnectionString(Database))
            yield return "database: is no connection string (Host=…;Port=…;Database=…;Username=…;Password=…;Search Path=cloud)";
        if (Authority is not null && !File.Exists(Authority))
            yield return $"authority: there is no file {Authority}";
        if (PublicUrl is { IsAbsoluteUri: false })
            yield return "publicUrl: give an absolute address";
        foreach (var fault in Page?.Faults() ?? [])
            yield return fault;
        foreach (var (key, member) in Keys())
            if (!IsHex32(key))
                yield return $"{member}: give 64 hexadecimal digits";
        foreach (var trustee in Trustees.Where(trustee => trustee.Witness is { } witness && !NoteKey.TryParse(witness, NoteAlgorithm.Cosignature, out _)))
            yield return $"trustees: witness of {trustee.Name}: give NAME+KEYID+KEY";
        if (Trustees.DistinctBy(trustee => trustee.Key).Count() != Trustees.Count)
            yield return "trustees: two of them have the same key";
        if (Stores.DistinctBy(store => store.Key).Count() != Stores.Count)
            yield return "stores: two of them have the same key";
    }

    private IEnumerable<(string Key, string Member)> Keys() =>
        Trustees.SelectMany(trustee => new[] { (trustee.Key, $"trustees: key of {trustee.Name}"), (trustee.Box, $"trustees: box of {trustee.Name}") })
            .Concat(Stores.Select(store => (store.Key, $"stores: key of {store.Name}")));

    internal static VerifyingKey ParseKey(string hex) =>
        VerifyingKey.TryParse(Convert.FromHexString(hex), out var key)
            ? key
            : throw new ArgumentException("A key has 64 hexadecimal digits.", nameof(hex));

    private static bool IsHex32(string? text) => text is { Length: 64 } && text.All(char.IsAsciiHexDigit);

    private static bool IsConnectionString(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 };
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

/// <summary>Where letters go: a folder (<see cref="Pickup"/>) or a mail server (<see cref="Smtp"/>), one of the two.</summary>
internal sealed class MailOptions
{
    /// <summary>The sender: name@example.org.</summary>
    public required string From { get; init; }

    public string? Pickup { get; init; }

    public SmtpOptions? Smtp { get; init; }

    internal string FromDomain => From[(From.LastIndexOf('@') + 1)..];

    internal IEnumerable<string> Faults()
    {
        if (!MailAddress.TryParse(From, out _))
            yield return "mail.from: give one mail address without a name";
        if (Pickup is null == Smtp is null)
            yield return "mail: give either pickup (a folder) or smtp";
        if (Smtp is { StartTls: false })
            yield return "mail.smtp.startTls: must be true; letters carry codes and go over TLS only";
        if (Smtp is { Authority: { } authority } && !File.Exists(authority))
            yield return $"mail.smtp.authority: there is no file {authority}";
        if (Smtp is { Port: < 1 or > 65535 })
            yield return "mail.smtp.port: is no port";
    }
}

/// <summary>A mail server that offers STARTTLS and takes a user and a password.</summary>
internal sealed class SmtpOptions
{
    public required string Host { get; init; }

    public int Port { get; init; } = 587;

    public required string User { get; init; }

    public required string Password { get; init; }

    /// <summary>There is no other way; it is here so that a configuration says what happens.</summary>
    public bool StartTls { get; init; } = true;

    /// <summary>A PEM file with the private authority that signed the mail server's certificate, or null for the system's authorities.</summary>
    public string? Authority { get; init; }
}

/// <summary>What one account may take up at the cloud.</summary>
internal sealed class QuotaOptions
{
    /// <summary>Records, tombstones, epoch headers, grants and index updates.</summary>
    public long Rows { get; init; } = 500_000;

    /// <summary>Bytes of their signed messages and sealed metadata.</summary>
    public long Bytes { get; init; } = 2L << 30;

    /// <summary>Bytes of an account's published search index; and as much again may be on its way there, from each account that uploads.</summary>
    public long IndexBytes { get; init; } = 64L << 30;

    /// <summary>Bytes of the upload tickets given out in a day (UTC).</summary>
    public long UploadBytesPerDay { get; init; } = 1L << 40;

    /// <summary>
    /// Access entries that the account puts into the log in a day (UTC), one for up to 64 records: so many, and as many again for each owner who shares with it. They stay for ever.
    /// </summary>
    public int AccessesPerDay { get; init; } = 1000;
}

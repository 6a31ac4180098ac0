using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Salus.Cli.Parties;

/// <summary>
/// The private PostgreSQL cluster: one database, in which the cloud and each trustee own a schema and see no other. It listens on loopback with scram passwords
/// and lets nobody in as superuser, for that one has no password; who needs it stops Salus and uses single-user mode.
/// </summary>
internal sealed class Cluster(DataFolder data)
{
    private const string Debian = "/usr/lib/postgresql";
    private const int OldestVersion = 15;
    private const string Database = "salus";

    /// <summary>Where a cluster goes when the user postgres cannot reach the data folder, as below /root.</summary>
    private const string Elsewhere = "/var/lib/salus";

    private static readonly IReadOnlyList<string> Roles = [.. PartyPlan.All.Select(party => party.Role).OfType<string>()];

    /// <summary>Where the cluster really is: the data folder may hold a link.</summary>
    private string Folder => new DirectoryInfo(data.Postgres).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? data.Postgres;

    private string VersionFile => Path.Combine(data.Postgres, "PG_VERSION");

    /// <summary>The passwords of the roles, made at the first start.</summary>
    public IReadOnlyDictionary<string, string> Passwords()
    {
        if (!File.Exists(data.Passwords))
        {
            if (File.Exists(VersionFile))
                throw Damaged($"{data.Passwords}, the passwords of the database, is missing");
            var made = new JsonObject(Roles.Select(role => KeyValuePair.Create(role, (JsonNode?)RandomNumberGenerator.GetHexString(64, lowercase: true))));
            DataFolder.WritePrivate(data.Passwords, made.ToJsonString());
        }
        try
        {
            var read = JsonNode.Parse(File.ReadAllText(data.Passwords)) as JsonObject;
            return Roles.ToDictionary(role => role, role => read?[role]?.GetValue<string>() ?? throw new JsonException($"nothing for {role}"));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw Damaged($"{data.Passwords}, the passwords of the database, cannot be read ({error.Message})");
        }
    }

    /// <summary>Makes the cluster, its database and roles, unless it is there. What an interrupted start left half-made was never used and is made anew.</summary>
    public async Task CreateAsync(IReadOnlyDictionary<string, string> passwords, CancellationToken cancel)
    {
        if (File.Exists(VersionFile))
            return;
        var binaries = Binaries(null);
        var folder = await MakeFolderAsync(cancel);
        await Commands.RunAsync("initdb", Commands.AsPostgres([Path.Combine(binaries, "initdb"), "-D", folder, "-U", "postgres",
            "--auth-local=reject", "--auth-host=reject", "--data-checksums", "-E", "UTF8", "--locale=C.UTF-8"]), "", cancel);
        var roles = string.Join(',', Roles);
        await File.WriteAllTextAsync(Path.Combine(folder, "pg_hba.conf"),
            $"# Written by salus up: the roles of Salus on loopback, and nobody else.\nhost {Database} {roles} 127.0.0.1/32 scram-sha-256\n", cancel);
        await SingleAsync(binaries, folder, "postgres",
            [.. Roles.Select(role => $"CREATE ROLE {role} LOGIN PASSWORD '{passwords[role]}'"),
                $"CREATE DATABASE {Database} TEMPLATE template0",
                $"REVOKE ALL ON DATABASE {Database} FROM PUBLIC",
                .. Roles.Select(role => $"GRANT CONNECT ON DATABASE {Database} TO {role}"),
                "REVOKE ALL ON DATABASE postgres FROM PUBLIC",
                "REVOKE ALL ON DATABASE template1 FROM PUBLIC"], cancel);
        await SingleAsync(binaries, folder, Database,
            ["REVOKE ALL ON SCHEMA public FROM PUBLIC", .. Roles.Select(role => $"CREATE SCHEMA {role} AUTHORIZATION {role}")], cancel);

        var finished = Path.Combine(Path.GetDirectoryName(folder)!, "postgres");
        Directory.Move(folder, finished);
        if (finished != data.Postgres)
            Directory.CreateSymbolicLink(data.Postgres, finished);
    }

    /// <exception cref="StoppedException">The cluster is missing, or of a version whose programs are not here.</exception>
    public void Check()
    {
        if (!File.Exists(VersionFile))
            throw Damaged($"{data.Postgres}, the database, is missing or is no PostgreSQL cluster");
        _ = Binaries(Version());
    }

    /// <summary>The command that runs it.</summary>
    public IEnumerable<string> Command(int port) => Commands.AsPostgres(
    [
        Path.Combine(Binaries(Version()), "postgres"), "-D", Folder, "-p", $"{port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
        "-c", "max_connections=200", "-c", "cluster_name=salus", "-c", "jit=off",
        // Logs tell what failed and never with which values.
        "-c", "log_min_error_statement=panic", "-c", "log_error_verbosity=terse", "-c", "log_timezone=UTC",
    ]);

    /// <summary>Whether the postmaster of that number takes connections: it writes so on line 8 of its own file.</summary>
    public bool IsReady(int pid)
    {
        try
        {
            var lines = File.ReadAllLines(Path.Combine(data.Postgres, "postmaster.pid"));
            return lines.Length >= 8 && lines[0].Trim() == $"{pid}" && lines[7].Trim() == "ready";
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Npgsql's connection string of a role. All pools together stay below max_connections.</summary>
    public static string ConnectionString(int port, string role, string password) =>
        $"Host=127.0.0.1;Port={port};Database={Database};Username={role};Password={password};Search Path={role};Maximum Pool Size={(role == PartyPlan.Cloud.Role ? 80 : 30)}";

    private int Version()
    {
        var text = File.ReadAllText(VersionFile).Trim();
        return int.TryParse(text, out var version) ? version : throw Damaged($"{VersionFile} says \"{Terminal.Clean(text)}\", which is no version of PostgreSQL");
    }

    /// <summary>A program of PostgreSQL, of the version of the cluster: "pg_dump".</summary>
    public string Tool(string name) => Path.Combine(Binaries(Version()), name);

    /// <summary>The programs of that major version; of the newest one here when the cluster is yet to be made.</summary>
    private string Binaries(int? version)
    {
        var found = Directory.Exists(Debian)
            ? Directory.EnumerateDirectories(Debian).Select(folder => int.TryParse(Path.GetFileName(folder), out var number) ? number : 0)
                .Where(number => File.Exists(Path.Combine(Debian, $"{number}", "bin", "postgres"))).Order().ToList()
            : [];
        if (version is { } wanted)
            return found.Contains(wanted)
                ? Path.Combine(Debian, $"{wanted}", "bin")
                : throw new StoppedException(
                    $"The database in {data.Postgres} is of PostgreSQL {wanted}, and here is {(found.Count == 0 ? "none" : string.Join(", ", found))}. "
                    + $"Nothing was changed. Install postgresql-{wanted}, or move the data over with pg_upgrade.");
        return found.LastOrDefault() >= OldestVersion
            ? Path.Combine(Debian, $"{found[^1]}", "bin")
            : throw new StoppedException(
                $"PostgreSQL {OldestVersion} or newer is not here. Nothing was changed. Install it: apt-get install postgresql-{OldestVersion}");
    }

    private async Task<string> MakeFolderAsync(CancellationToken cancel)
    {
        RemoveLeftovers();
        // A name of its own: the initdb of a start that was killed may still be writing into the folder before.
        var folder = $"{data.Postgres}.new-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        if (!Environment.IsPrivilegedProcess)
        {
            DataFolder.MakePrivate(folder);
            return folder;
        }
        // PostgreSQL refuses root: its folder belongs to the user postgres, who may pass through the data folder and see nothing of it.
        await Commands.RunAsync("chgrp", ["chgrp", Commands.PostgresUser, data.Root], "", cancel);
        data.Make(passage: true);
        await InstallAsync(folder);
        if (await ReachesAsync(folder, cancel))
            return folder;
        Directory.Delete(folder);
        data.Make(passage: false);
        var parent = Path.Combine(Elsewhere, RandomNumberGenerator.GetHexString(16, lowercase: true));
        await Commands.RunAsync("install", ["install", "-d", "-m", "711", Elsewhere, parent], "", cancel);
        folder = Path.Combine(parent, "postgres.new");
        await InstallAsync(folder);
        return folder;

        async Task InstallAsync(string path) =>
            await Commands.RunAsync("install", ["install", "-d", "-m", "700", "-o", Commands.PostgresUser, "-g", Commands.PostgresUser, path], "", cancel);
    }

    private void RemoveLeftovers()
    {
        foreach (var leftover in Directory.GetDirectories(data.Root, Path.GetFileName(data.Postgres) + ".new*"))
            try
            {
                Directory.Delete(leftover, recursive: true);
            }
            catch (IOException)
            {
                // Still written to; the next start removes it.
            }
    }

    private static async Task<bool> ReachesAsync(string folder, CancellationToken cancel)
    {
        try
        {
            await Commands.RunAsync("test", Commands.AsPostgres(["test", "-w", folder]), "", cancel);
            return true;
        }
        catch (StoppedException)
        {
            return false;
        }
    }

    /// <summary>Runs statements as superuser without a server, so that no superuser needs a password.</summary>
    private static Task<string> SingleAsync(string binaries, string folder, string database, IEnumerable<string> statements, CancellationToken cancel) =>
        Commands.RunAsync("postgres", Commands.AsPostgres(
                [Path.Combine(binaries, "postgres"), "--single", "-D", folder, "-c", "exit_on_error=true", "-c", "log_min_error_statement=panic", database]),
            string.Concat(statements.Select(statement => statement + "\n")), cancel);

    private StoppedException Damaged(string what) => Installation.Damaged(data, what);
}

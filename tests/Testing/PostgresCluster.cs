using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Salus.Testing;

/// <summary>
/// A private PostgreSQL 15 for one test process: its own data folder under the temporary folder, scram passwords, loopback and a socket beside it.
/// It ends with the process that started it, however that ends. Durability is off: nothing here outlives the tests.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private const string Binaries = "/usr/lib/postgresql/15/bin";

    private const string Prefix = "salus-pg-";

    private static readonly Lazy<Task<PostgresCluster>> SharedCluster = new(() => StartAsync());

    private readonly string _folder;
    private readonly string[] _settings;
    private readonly string _password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    private readonly SemaphoreSlim _creating = new(1, 1);
    private readonly HashSet<string> _roles = [];
    private Process? _server;
    private int _databases;

    private PostgresCluster(string folder, string[] settings) => (_folder, _settings) = (folder, settings);

    public int Port { get; private set; }

    /// <summary>The one cluster of this test process, started at the first call and stopped when the process exits.</summary>
    public static Task<PostgresCluster> SharedAsync() => SharedCluster.Value;

    /// <summary>A cluster of its own, for a test that stops or breaks it.</summary>
    public static Task<PostgresCluster> StartAsync() => StartAsync(["fsync=off", "synchronous_commit=off", "full_page_writes=off"]);

    /// <summary>A cluster of its own that writes to the disk before it says so, as one in earnest does.</summary>
    public static Task<PostgresCluster> StartDurableAsync() => StartAsync([]);

    private static async Task<PostgresCluster> StartAsync(string[] settings)
    {
        SweepAbandoned();
        var folder = Path.Combine(Path.GetTempPath(), $"{Prefix}{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
        var cluster = new PostgresCluster(folder, settings);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.Leave();
        try
        {
            await cluster.InitialiseAsync();
            await cluster.ServeAsync();
            return cluster;
        }
        catch
        {
            cluster.Stop();
            throw;
        }
    }

    /// <summary>
    /// A fresh database in which each role owns a schema of its own name and sees no other, as `salus up` makes it. Its name.
    /// Connect with <see cref="ConnectionString"/>.
    /// </summary>
    public async Task<string> CreateDatabaseAsync(params string[] roles)
    {
        await _creating.WaitAsync();
        try
        {
            var database = "salus_" + (++_databases).ToString(CultureInfo.InvariantCulture);
            foreach (var role in roles.Where(_roles.Add))
                await ExecuteAsync("postgres", $"CREATE ROLE {role} LOGIN PASSWORD '{_password}'");
            await ExecuteAsync("postgres", $"CREATE DATABASE {database} TEMPLATE template0");
            var script = new StringBuilder("REVOKE ALL ON SCHEMA public FROM PUBLIC;");
            foreach (var role in roles)
                script.Append(CultureInfo.InvariantCulture, $"CREATE SCHEMA {role} AUTHORIZATION {role};");
            await ExecuteAsync(database, script.ToString());
            return database;
        }
        finally
        {
            _creating.Release();
        }
    }

    /// <summary>The Npgsql connection string of a role in a database of this cluster.</summary>
    public string ConnectionString(string database, string role) =>
        $"Host=127.0.0.1;Port={Port};Database={database};Username={role};Password={_password};Search Path={role};Include Error Detail=true";

    /// <summary>Runs SQL as the superuser; answers what it prints, unaligned and without headers.</summary>
    public async Task<string> ExecuteAsync(string database, string sql) =>
        await RunAsync("psql", ["-h", "127.0.0.1", "-p", Text(Port), "-U", "postgres", "-d", database, "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", sql]);

    /// <summary>Everything that a database holds, as pg_dump writes it; binary columns are in hexadecimal.</summary>
    public async Task<string> DumpAsync(string database) =>
        await RunAsync("pg_dump", ["-h", "127.0.0.1", "-p", Text(Port), "-U", "postgres", "--inserts", database]);

    public ValueTask DisposeAsync()
    {
        Stop();
        _creating.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task InitialiseAsync()
    {
        // PostgreSQL refuses to run as root: the folder then belongs to the user postgres.
        var owner = Environment.IsPrivilegedProcess ? "postgres" : Environment.UserName;
        await RunAsync("install", ["-d", "-m", "700", "-o", owner, _folder]);
        var passwordFile = Path.Combine(_folder, "password");
        await File.WriteAllTextAsync(passwordFile, _password);
        await RunAsync("setpriv", Dropped([
            Path.Combine(Binaries, "initdb"), "-D", Path.Combine(_folder, "data"), "-U", "postgres", $"--pwfile={passwordFile}",
            "--auth-local=scram-sha-256", "--auth-host=scram-sha-256", "--data-checksums", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
        ]));
        File.Delete(passwordFile);
    }

    private async Task ServeAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            Port = FreePort();
            Spawn();
            for (var wait = 0; wait < 400 && !_server!.HasExited; wait++)
            {
                if (await IsReadyAsync())
                    return;
                await Task.Delay(25);
            }
            if (attempt == 5)
                throw new InvalidOperationException($"PostgreSQL did not start: see {Path.Combine(_folder, "log")}.");
            _server?.Kill();
        }
    }

    private void Spawn()
    {
        // The kernel signals the child when the thread that started it ends: hence a thread that lives as long as the server.
        using var started = new ManualResetEventSlim();
        var start = new ProcessStartInfo("setpriv") { WorkingDirectory = _folder, RedirectStandardError = true, RedirectStandardOutput = true };
        string[] command = [Path.Combine(Binaries, "postgres"), "-D", Path.Combine(_folder, "data"), "-k", _folder, "-h", "127.0.0.1", "-p", Text(Port)];
        foreach (var argument in Dropped(["--pdeathsig", "QUIT", .. command, .. _settings.Append("max_connections=1000").SelectMany(setting => new[] { "-c", setting })]))
            start.ArgumentList.Add(argument);
        var log = new StreamWriter(Path.Combine(_folder, "log"), append: true) { AutoFlush = true };
        new Thread(() =>
        {
            _server = new Process { StartInfo = start };
            _server.ErrorDataReceived += (_, line) => Write(log, line.Data);
            _server.OutputDataReceived += (_, line) => Write(log, line.Data);
            _server.Start();
            _server.BeginErrorReadLine();
            _server.BeginOutputReadLine();
            started.Set();
            _server.WaitForExit();
            log.Dispose();
        })
        { IsBackground = true, Name = "postgres" }.Start();
        started.Wait();
    }

    private async Task<bool> IsReadyAsync()
    {
        using var check = new Process { StartInfo = Start("pg_isready", ["-q", "-h", "127.0.0.1", "-p", Text(Port)]) };
        check.Start();
        await check.WaitForExitAsync();
        return check.ExitCode == 0;
    }

    private void Stop()
    {
        if (_server is { HasExited: false } server)
        {
            // At once and without a checkpoint.
            using var signal = Process.Start("kill", ["-QUIT", Text(server.Id)]);
            signal.WaitForExit();
            if (!server.WaitForExit(5000))
                server.Kill(entireProcessTree: true);
        }
        if (Directory.Exists(_folder))
            Process.Start("rm", ["-rf", _folder]).Dispose();
    }

    /// <summary>
    /// Ends the server while this process ends, which waits for neither: the runner takes an end that lasts longer than a second for threads that were left running.
    /// </summary>
    private void Leave()
    {
        const string End = "exec > /dev/null 2>&1; kill -QUIT $1; for i in $(seq 50); do kill -0 $1 || break; sleep 0.1; done; rm -rf \"$2\"";
        if (Directory.Exists(_folder))
            Process.Start("sh", ["-c", End, "sh", _server is { HasExited: false } server ? Text(server.Id) : "", _folder]).Dispose();
    }

    private async Task<string> RunAsync(string program, IEnumerable<string> arguments)
    {
        using var process = new Process { StartInfo = Start(program, arguments) };
        process.Start();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} failed: {await errors}");
    }

    private ProcessStartInfo Start(string program, IEnumerable<string> arguments)
    {
        var inBinaries = Path.Combine(Binaries, program);
        var start = new ProcessStartInfo(File.Exists(inBinaries) ? inBinaries : program)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["PGPASSWORD"] = _password, ["PGCONNECT_TIMEOUT"] = "5" },
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return start;
    }

    private static IEnumerable<string> Dropped(IEnumerable<string> command) => Environment.IsPrivilegedProcess
        ? ["--reuid=postgres", "--regid=postgres", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs", .. command]
        : ["--no-new-privs", .. command];

    /// <summary>Removes the folders of test processes that were killed before they could.</summary>
    private static void SweepAbandoned()
    {
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), Prefix + "*"))
            if (int.TryParse(Path.GetFileName(folder)[Prefix.Length..].Split('-')[0], CultureInfo.InvariantCulture, out var process)
                && !Directory.Exists($"/proc/{process}"))
                TryDelete(folder);
    }

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Another test process sweeps as well, or it is another user's.
        }
    }

    private static void Write(StreamWriter log, string? line)
    {
        lock (log)
            if (line is not null && log.BaseStream is { CanWrite: true })
                log.WriteLine(line);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

using System.Net.Sockets;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Salus.Protocol.Http;

namespace Salus.Hosting;

/// <summary>
/// A server: what it is called, what it needs and what it answers. Everything that servers share is added here, in one order: access log, problem details,
/// host check, routes, other origins, rate limits, then the server's own endpoints.
/// </summary>
/// <typeparam name="TOptions">The server's options: read from its file, checked, and registered as a singleton like its <see cref="ServerIdentity"/>.</typeparam>
public sealed class SalusServer<TOptions> where TOptions : ServerOptions
{
    // A vkey has a '+', which needs no escape outside of HTML.
    private static readonly JsonSerializerOptions Printed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The executable's name: "Salus.Store".</summary>
    public required string Name { get; init; }

    /// <summary>Whether a page from elsewhere may read its answers in a browser, as <see cref="ServerOptions.PageOrigins"/> says.</summary>
    public bool AnswersOtherOrigins { get; init; } = true;

    /// <summary>Registers the server's services.</summary>
    public required Action<WebApplicationBuilder, TOptions, ServerIdentity> Configure { get; init; }

    /// <summary>Maps the server's endpoints.</summary>
    public required Action<WebApplication> Map { get; init; }

    /// <summary>Runs before the server listens and before its background services: migrations, cleaning up.</summary>
    public Func<IServiceProvider, CancellationToken, Task>? Prepare { get; init; }

    /// <summary>
    /// The whole life of the process: `--config FILE [--print-identity]`. Prints `ready` once it listens and returns the exit code: 0 after SIGTERM or SIGINT, 2 for
    /// wrong arguments or options, 1 for anything else that kept it from starting or made a background service fail.
    /// </summary>
    public async Task<int> RunAsync(string[] args)
    {
        try
        {
            if (!TryReadArguments(args, out var file, out var printIdentity))
            {
                await Console.Error.WriteLineAsync($"usage: {Name} --config FILE.json [--print-identity]");
                return 2;
            }
            var options = OptionsFile.Read<TOptions>(file);
            if (printIdentity)
            {
                using var identity = ServerIdentity.OpenOrCreate(options.Data);
                using var log = identity.LogKey();
                using var witness = identity.WitnessKey();
                using var directory = identity.DirectoryKey();
                Console.WriteLine(JsonSerializer.Serialize(new
                {
                    key = identity.Key.ToString(), box = identity.Unboxing.PublicKey.ToString(), log = log.Key.ToString(), witness = witness.Key.ToString(),
                    directory = Convert.ToHexStringLower(directory.PublicKey.Bytes),
                }, Printed));
                return 0;
            }
            await using var app = await StartAsync(options);
            Console.WriteLine("ready");
            await app.WaitForShutdownAsync();
            return app.Services.GetServices<IHostedService>().OfType<BackgroundService>().Any(service => service.ExecuteTask is { IsFaulted: true }) ? 1 : 0;
        }
        catch (StartupException error)
        {
            await Console.Error.WriteLineAsync($"{Name}: {error.Message}");
            return error.ExitCode;
        }
        catch (Exception error)
        {
            await Console.Error.WriteLineAsync($"{Name}: a fault of the program: {LogLines.Describe(error)}");
            return 1;
        }
    }

    /// <summary>
    /// Starts the server inside this process and returns once it listens; dispose of it to stop. The options are checked as those of a file are.
    /// </summary>
    /// <param name="time">The clock, for a server whose clock is to be moved; the system's by default.</param>
    /// <exception cref="StartupException">It cannot start: wrong options, a damaged identity, a taken port …</exception>
    public async Task<WebApplication> StartAsync(TOptions options, TimeProvider? time = null)
    {
        OptionsFile.Check(options, "options");
        var app = Build(options, time ?? TimeProvider.System);
        try
        {
            if (Prepare is not null)
                await Prepare(app.Services, CancellationToken.None);
            await app.StartAsync();
            return app;
        }
        catch (Exception error)
        {
            await app.StopAsync(); // its background services may be running already
            await app.DisposeAsync();
            if (Refusal(error, options) is { } refusal)
                throw refusal;
            throw;
        }
    }

    private WebApplication Build(TOptions options, TimeProvider time)
    {
        // An empty builder: nothing of this server is set by environment variables or files that it was not given.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = Name, EnvironmentName = Environments.Production });
        var identity = ServerIdentity.OpenOrCreate(options.Data);
        builder.WebHost.UseKestrel(kestrel => Listening.Apply(kestrel, options));
        Log(builder.Logging);
        var services = builder.Services;
        services.AddSingleton(time);
        services.AddSingleton(options);
        services.AddSingleton(_ => identity); // a factory: the container disposes of it
        services.AddSingleton(_ => new Telemetry(Name));
        services.AddRouting();
        CrossOrigin.Add(services, options.PageOrigins);
        services.AddRateLimiter(limiter => RateLimits.Apply(limiter, options.RequestsPerSecond));
        services.AddHostFiltering(filter => { filter.AllowedHosts = AllowedHosts(options); filter.IncludeFailureMessage = false; });
        services.AddHealthChecks();
        services.AddOpenApi();
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json => StrictJson.Apply(json.SerializerOptions));
        services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = true);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        Configure(builder, options, identity);

        var app = builder.Build();
        _ = app.Services.GetRequiredService<ServerIdentity>();
        _ = app.Services.GetRequiredService<Telemetry>();
        app.UseMiddleware<AccessLog>();
        app.Use(DefaultHeaders.Set);
        app.UseMiddleware<ProblemResponses>();
        app.UseHostFiltering();
        app.UseRouting();
        if (AnswersOtherOrigins)
            app.UseCors();
        app.UseRateLimiter();
        Health.Map(app);
        app.MapOpenApi(Paths.OpenApi);
        Map(app);
        return app;
    }

    /// <summary>On loopback only its own names: a web page whose name was pointed at 127.0.0.1 must not talk to it (DNS rebinding).</summary>
    private static string[] AllowedHosts(TOptions options) => options.IsLoopback ? ["localhost", "127.0.0.1", "[::1]"] : ["*"];

    /// <summary>To stderr; of the framework's own messages only warnings and worse, for its request lines hold paths.</summary>
    private static void Log(ILoggingBuilder logging)
    {
        logging.AddConsole(console => { console.FormatterName = LogLines.FormatterName; console.LogToStandardErrorThreshold = LogLevel.Trace; });
        logging.Services.AddSingleton<Microsoft.Extensions.Logging.Console.ConsoleFormatter, LogLines>();
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddFilter("Salus", LogLevel.Information);
    }

    private static StartupException? Refusal(Exception error, TOptions options) => error switch
    {
        IOException { InnerException: AddressInUseException } => new StartupException($"port {options.Url.Port} is taken: stop what listens there, or give another port in url", error),
        SocketException { SocketErrorCode: SocketError.AccessDenied } => new StartupException($"port {options.Url.Port} may not be used by this user", error),
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => new StartupException($"{options.Url.Host} is no address of this machine", error),
        _ => null,
    };

    private static bool TryReadArguments(string[] args, out string file, out bool printIdentity)
    {
        printIdentity = args.Contains("--print-identity");
        var at = Array.IndexOf(args, "--config");
        file = at >= 0 && at + 1 < args.Length ? args[at + 1] : "";
        return file.Length > 0 && args.Length == (printIdentity ? 3 : 2);
    }
}

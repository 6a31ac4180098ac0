using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Salus.Hosting;
using Salus.Testing;

namespace Salus.Cloud.Tests;

/// <summary>A database call that breaks: with its request it is nobody's fault, without it is the server's.</summary>
public sealed class CutOffTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(true, StatusCodes.Status499ClientClosedRequest)]
    [InlineData(false, StatusCodes.Status500InternalServerError)]
    public async Task ADatabaseCallThatIsCutOffWithItsRequestIsNoFailureOfTheServer(bool requestIsAborted, int status)
    {
        var cluster = await PostgresCluster.SharedAsync();
        var database = cluster.ConnectionString(await cluster.CreateDatabaseAsync("cloud"), "cloud");
        using var folder = new TemporaryFolder();
        var log = new KeptLog();
        var waiting = new TaskCompletionSource<int>();
        var definition = new SalusServer<Options>
        {
            Name = "Salus.Tests",
            Configure = (builder, _, _) => builder.Services.AddSingleton<ILoggerProvider>(log),
            Map = app => app.MapGet("/waits", async (HttpContext context) =>
            {
                await using var connection = new NpgsqlConnection(database);
                await connection.OpenAsync();
                waiting.SetResult(connection.ProcessID);
                await using var sleep = new NpgsqlCommand("select pg_sleep(60)", connection);
                if (requestIsAborted)
                    context.RequestAborted.Register(() => Terminate(database, connection.ProcessID));
                await sleep.ExecuteNonQueryAsync();
                return "";
            }),
        };
        await using var app = await definition.StartAsync(new Options { Url = new Uri("http://127.0.0.1:0"), Data = folder.Path });
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using var abort = new CancellationTokenSource();
        var request = http.GetAsync("/waits", abort.Token);
        var backend = await waiting.Task.WaitAsync(Patience);
        if (requestIsAborted)
        {
            await abort.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        }
        else
        {
            Terminate(database, backend);
            Assert.Equal(HttpStatusCode.InternalServerError, (await request).StatusCode);
        }
        var line = await log.AccessAsync().WaitAsync(Patience);
        Assert.Contains($"/waits {status} ", line, StringComparison.Ordinal);
        Assert.Equal(requestIsAborted ? 0 : 1, log.Lines.Count(kept => kept.Level >= LogLevel.Error));
    }

    private static void Terminate(string database, int backend)
    {
        using var connection = new NpgsqlConnection(database);
        connection.Open();
        using var terminate = new NpgsqlCommand("select pg_terminate_backend(@backend)", connection) { Parameters = { new("backend", backend) } };
        terminate.ExecuteNonQuery();
    }

    private sealed class Options : ServerOptions;

    private sealed class KeptLog : ILoggerProvider
    {
        private readonly TaskCompletionSource<string> _access = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentQueue<(LogLevel Level, string Text)> Lines { get; } = new();

        public Task<string> AccessAsync() => _access.Task;

        public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class Category(KeptLog log, string name) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                log.Lines.Enqueue((logLevel, formatter(state, exception)));
                if (name == "Salus.Access")
                    log._access.TrySetResult(formatter(state, exception));
            }
        }
    }
}

using System.Diagnostics;
using Npgsql;
using Salus.Hosting;
using Salus.Protocol.Log;

namespace Salus.Cloud.Log;

/// <summary>
/// Gives accepted entries their places in the log, signs its checkpoints and has the trustees cosign them. One replica at a time does so, under a lock of the database; the others pass on what they
/// have accepted and show what it has published. A checkpoint is signed only when its entries are durable, and what they are is settled then: no size has two roots, whatever is killed when.
/// </summary>
internal sealed class Sequencer : BackgroundService
{
    /// <summary>Any number that no other program on this database uses for an advisory lock: "salus lg" in ASCII.</summary>
    private const long Lock = 0x73616c7573206c67;

    // What replicas tell each other.
    private const string Notices = "salus_log";
    private const string Waiting = "waiting";
    private const string Published = "published";

    /// <summary>How long a batch waits for a quorum of those witnesses that are present.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>How often the world is looked at though nobody has called.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>How old the newest checkpoint's cosignatures may become when nothing is logged: whoever asks for a fresh one gets it.</summary>
    private static readonly TimeSpan Refresh = TimeSpan.FromMinutes(1);

    private readonly LogStore _store;
    private readonly LogHead _head;
    private readonly LogSignal _signal;
    private readonly ILogger<Sequencer> _logger;
    private readonly NoteSigner _signer;
    private readonly HttpClient _http;
    private readonly IReadOnlyList<WitnessLine> _witnesses;
    private volatile bool _isLeading;

    public Sequencer(CloudOptions options, ServerIdentity identity, LogStore store, LogHead head, LogSignal signal, ILogger<Sequencer> logger)
    {
        (_store, _head, _signal, _logger, _signer) = (store, head, signal, logger, identity.LogKey());
        _http = new HttpClient(OutgoingHttp.Handler(options.Authority)) { Timeout = Timeout.InfiniteTimeSpan };
        _witnesses = [.. options.Trustees.Where(trustee => trustee.Witness is not null).Select(trustee =>
            NoteKey.TryParse(trustee.Witness, NoteAlgorithm.Cosignature, out var witness)
                ? new WitnessLine(trustee, witness, _signer, store, _http, signal.Wake, logger)
                : throw new InvalidOperationException("The options were not checked."))];
    }

    public override void Dispose()
    {
        _http.Dispose();
        _signer.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        [RepeatAsync(ListenAsync, stoppingToken), RepeatAsync(TakeTurnAsync, stoppingToken), .. _witnesses.Select(witness => RepeatAsync(witness.RunAsync, stoppingToken))]);

    /// <summary>Again from the beginning when the database went away.</summary>
    private async Task RepeatAsync(Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        for (var isWarned = false; ;)
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                await work(stopping);
            }
            catch (Exception error) when (!stopping.IsCancellationRequested)
            {
                if (!isWarned || Stopwatch.GetElapsedTime(started) > Refresh)
                    _logger.LogWarning(error, "The log stands still; trying again.");
                isWarned = true;
            }
            await Task.Delay(Tick, stopping);
        }
    }

    /// <summary>Hears what other replicas say.</summary>
    private async Task ListenAsync(CancellationToken stopping)
    {
        await using var connection = await _store.OpenAsync(stopping);
        connection.Notification += (_, notice) =>
        {
            if (notice.Payload == Waiting && _isLeading)
                _signal.Wake();
        };
        await LogStore.ExecuteAsync(connection, $"LISTEN {Notices}", stopping);
        while (true)
        {
            await ShowPublishedAsync(stopping);
            await connection.WaitAsync(stopping);
        }
    }

    private async Task TakeTurnAsync(CancellationToken stopping)
    {
        await using var connection = await _store.OpenAsync(stopping);
        while (await LogStore.ScalarAsync(connection, $"SELECT pg_try_advisory_lock({Lock})", stopping) is not true)
        {
            await ShowPublishedAsync(stopping);
            if (await _signal.WaitAsync(Tick, stopping))
                await NotifyAsync(connection, Waiting, stopping);
        }
        try
        {
            _isLeading = true;
            await LeadAsync(connection, stopping);
        }
        finally
        {
            _isLeading = false;
        }
    }

    private async Task LeadAsync(NpgsqlConnection connection, CancellationToken stopping)
    {
        using var tree = await LogStore.LoadAsync(connection, stopping);
        Checkpoint? checkpoint = null;
        var asked = 0L;
        while (true)
        {
            // 1. Durable.
            var batch = await LogStore.AppendAsync(connection, tree, stopping);
            var isQuiet = batch.Entries.Count == 0;
            // 2. Signed, and cosigned by as many as answer in time. What comes in meanwhile makes up the next batch.
            if (checkpoint is null || !isQuiet || Stopwatch.GetElapsedTime(asked) > Refresh)
            {
                checkpoint = new Checkpoint(_signer.Key.Name, tree.Size, tree.Root());
                asked = Stopwatch.GetTimestamp();
                foreach (var witness in _witnesses)
                    witness.Ask(new LogTarget(checkpoint, batch));
                await CosignedAsync(checkpoint, stopping);
                isQuiet = false; // a call may have been heard there
            }
            // 3. Published, now and again when a cosignature comes late.
            await PublishAsync(connection, checkpoint, stopping);
            if (isQuiet)
                await _signal.WaitAsync(Tick, stopping);
        }
    }

    /// <summary>Returns once a quorum has cosigned, all have that are present, or the patience is at its end.</summary>
    private async Task CosignedAsync(Checkpoint checkpoint, CancellationToken stopping)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var missing = _witnesses.Count(witness => witness.IsPresent && witness.Last?.Checkpoint != checkpoint);
            var left = Patience - Stopwatch.GetElapsedTime(started);
            var given = _witnesses.Select(witness => witness.Last).OfType<GivenCosignature>().Where(last => last.Checkpoint == checkpoint).Select(last => last.Signature);
            if (missing == 0 || LogHead.OfOneTime(given) >= LogHead.Quorum || left <= TimeSpan.Zero)
                return;
            await _signal.WaitAsync(left, stopping);
        }
    }

    private async Task PublishAsync(NpgsqlConnection connection, Checkpoint checkpoint, CancellationToken stopping)
    {
        var signatures = _witnesses.Select(witness => witness.Last).OfType<GivenCosignature>()
            .Where(last => last.Checkpoint.Text == checkpoint.Text).Select(last => last.Signature);
        var note = SignedNote.Of(checkpoint.Text, [checkpoint.Sign(_signer), .. signatures]).ToBytes();
        if (_head.Newest is { } shown && shown.Note.AsSpan().SequenceEqual(note))
            return;
        await LogStore.PublishAsync(connection, checkpoint.Size, note, stopping);
        _head.Set(checkpoint.Size, note);
        await NotifyAsync(connection, Published, stopping);
    }

    private static Task NotifyAsync(NpgsqlConnection connection, string what, CancellationToken stopping) =>
        LogStore.ExecuteAsync(connection, $"NOTIFY {Notices}, '{what}'", stopping);

    private async Task ShowPublishedAsync(CancellationToken stopping)
    {
        if (await _store.PublishedAsync(stopping) is var (size, note))
            _head.Set(size, note);
    }
}

using System.Net;
using System.Net.Http.Headers;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;

namespace Salus.Cloud.Log;

/// <summary>A checkpoint that witnesses are asked to cosign, and the entries that it adds to the one before.</summary>
internal sealed record LogTarget(Checkpoint Checkpoint, LogBatch Batch);

/// <summary>A cosignature, and what it is for.</summary>
internal sealed record GivenCosignature(Checkpoint Checkpoint, NoteSignature Signature);

/// <summary>
/// Brings one trustee up to the newest checkpoint, again and again. One that is behind gets the entries that it lacks, in pieces, each with a signed checkpoint of its size; one that is away is tried
/// again at growing intervals.
/// </summary>
internal sealed class WitnessLine(TrusteeParty trustee, NoteKey witness, NoteSigner log, LogStore store, HttpClient http, Action cosigned, ILogger logger)
{
    private const int MaxAnswer = 4096;

    /// <summary>Bytes of a push without its entries, at most; and of an entry beside its own.</summary>
    private const int PushOverhead = Limits.MaxNote + 64;
    private const int EntryOverhead = sizeof(uint);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    /// <summary>A trustee that comes back is a witness again after so long, at most: less than clients wait for its cosignature of a head.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly LogSignal _asked = new();
    private LogTarget? _target;
    private long? _size;

    public NoteKey Witness => witness;

    /// <summary>Whether its last push was answered as it should be.</summary>
    public bool IsPresent { get; private set; } = true;

    /// <summary>The last cosignature that it gave, and the checkpoint that it is for.</summary>
    public GivenCosignature? Last { get; private set; }

    public void Ask(LogTarget target)
    {
        _target = target;
        _asked.Wake();
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        var pause = TimeSpan.Zero;
        while (true)
        {
            if (pause == TimeSpan.Zero)
                await _asked.WaitAsync(Timeout.InfiniteTimeSpan, stopping);
            else
                await Task.Delay(pause, stopping);
            if (_target is not { } target)
                continue;
            var fault = await TryFollowAsync(target, stopping);
            if (IsPresent != (fault is null))
                logger.Log(fault is null ? LogLevel.Information : LogLevel.Warning, "{Trustee} as a witness of the log: {State}", trustee.Name, fault ?? "is back");
            IsPresent = fault is null;
            pause = fault is null ? TimeSpan.Zero : pause == TimeSpan.Zero ? FirstPause : TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestPause.Ticks));
            cosigned();
        }
    }

    /// <summary>Null once the trustee has cosigned the target, else what is wrong.</summary>
    private async Task<string?> TryFollowAsync(LogTarget target, CancellationToken stopping)
    {
        try
        {
            var end = target.Checkpoint.Size;
            for (var told = 0; ;)
            {
                var from = _size ?? target.Batch.First;
                if (from > end)
                    return $"has seen {from} entries of the log, and there are {end} here: was the database restored from before?";
                var (checkpoint, entries) = await NextAsync(target, from, stopping);
                var answer = await PushAsync(from, checkpoint, entries, stopping);
                if (answer is { Signature: { } signature } && Cosignature.Verify(witness, checkpoint.Text, signature) is not null)
                {
                    _size = checkpoint.Size;
                    Last = new GivenCosignature(checkpoint, signature);
                    if (checkpoint.Size == end)
                        return null;
                }
                else if (answer is { Size: { } size } && size != from && ++told <= 2)
                    _size = size; // it stands elsewhere, and says so
                else
                    return answer.Size is not null ? "does not go on from where it says that it stands" : $"answered {(int)answer.Status} without a cosignature of its own";
            }
        }
        catch (Exception error) when (error is HttpRequestException or IOException or System.Data.Common.DbException || (error is OperationCanceledException && !stopping.IsCancellationRequested))
        {
            return "is away";
        }
    }

    /// <summary>The next piece: of the target's own batch when it stands there, else as much as fits of what it lacks.</summary>
    private async Task<(Checkpoint Checkpoint, IReadOnlyList<ReadOnlyMemory<byte>> Entries)> NextAsync(LogTarget target, long from, CancellationToken cancel)
    {
        var end = target.Checkpoint.Size;
        if (from == end)
            return (target.Checkpoint, []);
        var batch = target.Batch is { Entries.Count: <= Limits.MaxPushEntries } last && last.First == from ? last : await store.ReadAsync(from, end, cancel);
        var (count, bytes) = (0, PushOverhead);
        while (count < batch.Entries.Count && bytes + EntryOverhead + batch.Entries[count].Length <= Limits.MaxPush)
            bytes += EntryOverhead + batch.Entries[count++].Length;
        return from + count == end
            ? (target.Checkpoint, [.. batch.Entries.Take(count)])
            : (new Checkpoint(log.Key.Name, from + count, await store.RootAsync(from + count, cancel)), [.. batch.Entries.Take(count)]);
    }

    private async Task<Answer> PushAsync(long from, Checkpoint checkpoint, IReadOnlyList<ReadOnlyMemory<byte>> entries, CancellationToken cancel)
    {
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        within.CancelAfter(Patience);
        var note = SignedNote.Of(checkpoint.Text, [checkpoint.Sign(log)]).ToBytes();
        using var content = new ByteArrayContent(WitnessPush.Encode(from, note, entries)) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        using var response = await http.PostAsync(new Uri(trustee.Url, Paths.WitnessEntries), content, within.Token);
        await response.Content.LoadIntoBufferAsync(MaxAnswer, within.Token);
        var body = await response.Content.ReadAsStringAsync(within.Token);
        return response.StatusCode switch
        {
            HttpStatusCode.OK when NoteSignature.TryParse(body, out var signature) => new Answer(response.StatusCode, signature, null),
            HttpStatusCode.Conflict when WitnessPush.TryParseSize(body, out var size) => new Answer(response.StatusCode, null, size),
            _ => new Answer(response.StatusCode, null, null),
        };
    }

    private sealed record Answer(HttpStatusCode Status, NoteSignature? Signature, long? Size);
}

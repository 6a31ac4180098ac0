using System.Security.Cryptography;
using Salus.Client.Accounts;
using Salus.Client.Log;
using Salus.Client.Profiles;
using Salus.Client.Transport;
using Salus.Crypto;
using Salus.Crypto.Statistics;
using Salus.Crypto.Statistics.Sharing;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;
using Salus.Protocol.Readings;

namespace Salus.Client.Readings;

/// <summary>A batch given back: its times, and its values as integers of the series' decimals.</summary>
internal sealed record OpenBatch(ReadingBatch Batch, ReadingTimes Times, long[] Values);

/// <summary>A span as two trustees at least gave it back.</summary>
/// <param name="Unread">Batches of which one trustee alone has shares.</param>
internal sealed record OpenSpan(IReadOnlyList<OpenBatch> Batches, int Unread, IReadOnlyList<string> Complaints, IReadOnlyList<AlarmException> Alarms);

/// <summary>
/// Fetches a span of a series from the trustees and puts the shares together. Each answer is verified by itself, so one trustee that hands out wrong shares or leaves some out
/// is named, and the other two serve.
/// </summary>
internal sealed class SpanReader(Account account)
{
    private const int Needed = 2;
    private const int Attempts = 5;

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    /// <summary>How long the third trustee is waited for once two have answered.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    public async Task<OpenSpan> ReadAsync(SeriesInfo series, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var span = new ReadingSpan(series.Id, from, to);
        var remembered = new Dictionary<string, SeenIndexHead>(account.State.Content.ReadingHeads);
        foreach (var (key, head) in await ReadingQueue.HeadsAsync(account))
            if (remembered.GetValueOrDefault(key) is not { } seen || seen.Sequence < head.Sequence)
                remembered[key] = head;
        var verifier = new SpanVerifier(series, span, [.. account.Trustees.Select(trustee => trustee.Key)], remembered);
        var (spans, complaints, alarms) = (new List<TrusteeSpan>(), new List<string>(), new List<AlarmException>());
        Exception? failure = null;
        var trace = series.Grant is { } grant ? await new Tracing(account).LeaveAsync(grant.Owner,
            new AccessSubject(AccessKind.Readings, series.Owner, grant.Grant.Terms.Id, series.PartitionId, null, [new RecordId(series.Id.Value)]), cancel) : [];
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var waiting = account.Trustees.ToDictionary(trustee => AskAsync(trustee, series, span, trace, verifier, enough.Token));
        while (waiting.Count > 0)
        {
            var done = await Task.WhenAny(waiting.Keys);
            waiting.Remove(done, out var trustee);
            try
            {
                spans.Add(await done);
                if (spans.Count == Needed)
                    enough.CancelAfter(Grace);
            }
            catch (AlarmException alarm)
            {
                alarms.Add(alarm);
            }
            catch (Exception other) when (other is UnreachableException or RefusedException || (other is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                failure ??= other;
                complaints.Add(other is OperationCanceledException ? $"{trustee!.Name} does not answer in time" : $"{trustee!.Name}: {other.Message}");
            }
        }
        if (spans.Count < Needed)
            throw alarms.FirstOrDefault() ?? failure!;
        await account.State.SaveAsync();
        if (spans.Any(one => one.HasEnded))
            return new OpenSpan([], 0, complaints, alarms);
        var (open, unread) = Combine(series, spans, complaints);
        return new OpenSpan(open, unread, complaints, alarms);
    }

    private async Task<TrusteeSpan> AskAsync(TrusteeApi trustee, SeriesInfo series, ReadingSpan span, byte[] trace, SpanVerifier verifier, CancellationToken cancel)
    {
        var access = series.Grant is { } grant ? new ReadingAccess(series.Owner, grant.Grant.Terms.Id, series.PartitionId) : ReadingAccess.Own(series.Owner);
        var pages = new List<ReadingPage>();
        for (var at = span; ;)
        {
            var content = await AskAsync(account, trustee, access, at, trace, cancel);
            if (!ReadingPage.TryDecode(content, series.Owner, series.Id, out var page))
                throw new AlarmException(AlarmKind.Integrity, $"{trustee.Name} sent an answer that is not what the protocol says.");
            pages.Add(page);
            if (!page.HasMore)
                break;
            var next = page.NextOf(at);
            if (next.Feed.Value < at.Feed.Value || (next.Feed == at.Feed && next.Sequence <= at.Sequence))
                throw new AlarmException(AlarmKind.Integrity, $"{trustee.Name} shows the same readings again and again.");
            at = next;
        }
        var verified = verifier.Verify(trustee.Name, trustee.Key, pages);
        foreach (var (key, head) in verifier.Heads(trustee.Key, pages))
            account.State.Content.SawReadings(key, head);
        return verified;
    }

    /// <summary>One request to one trustee, again after the while that it names when it has had too many.</summary>
    internal static async Task<byte[]> AskAsync(Account account, TrusteeApi trustee, ReadingAccess access, ReadingSpan? span, byte[] trace, CancellationToken cancel)
    {
        using var seed = Secret.Random(Crypto.Primitives.SealedBox.SeedSize);
        using var answerKey = new UnboxingKey(seed.Bytes);
        for (var attempt = 1; ; attempt++)
            try
            {
                return await trustee.ReadingsAsync(ReadingRequest.Create(account.Keys.Identity, trustee.Key, access, span, answerKey.PublicKey, account.Now, trace), answerKey, cancel);
            }
            catch (RefusedException refused) when (refused.Code == Problems.TooMany && attempt < Attempts && (refused.RetryAfter ?? MaxWait) <= MaxWait)
            {
                await Task.Delay(refused.RetryAfter ?? TimeSpan.FromSeconds(1), account.Clock, cancel);
            }
    }

    private static (List<OpenBatch> Open, int Unread) Combine(SeriesInfo series, List<TrusteeSpan> spans, List<string> complaints)
    {
        foreach (var feed in spans.SelectMany(span => span.Newest).GroupBy(entry => entry.Key))
            foreach (var span in spans.Where(span => span.Newest.GetValueOrDefault(feed.Key, -1) < feed.Max(entry => entry.Value)
                && spans.Any(other => other != span && HasMoreOf(other, span, feed.Key))))
                Say($"{span.Trustee} does not have the newest readings of {series.Name} yet");
        var (open, unread) = (new List<OpenBatch>(), 0);
        foreach (var held in spans.SelectMany(span => span.Held).GroupBy(entry => entry.Key, entry => entry.Value))
        {
            if (held.Any(one => one.IsDeleted))
                continue;
            var two = held.Take(Needed).ToArray();
            if (two.Length == Needed)
                open.Add(Combine(two[0], two[1]));
            else if (unread++ == 0)
                Say($"some readings of {series.Name} have reached one trustee only; they can be read once another has them");
        }
        return (open, unread);

        void Say(string complaint)
        {
            if (!complaints.Contains(complaint))
                complaints.Add(complaint);
        }
    }

    /// <summary>Whether one trustee shows batches of a feed within the span that the other does not.</summary>
    private static bool HasMoreOf(TrusteeSpan one, TrusteeSpan other, FeedId feed) => one.Held.Any(entry => entry.Value.Batch.Feed == feed && !other.Held.ContainsKey(entry.Key));

    private static OpenBatch Combine(HeldBatch one, HeldBatch other)
    {
        var elements = new ulong[one.Batch.Count];
        var values = new long[elements.Length];
        // Both fit the same commitments, so they agree on what both hold.
        if (!Reconstruction.TryFromTwo(one.Pair!, other.Pair!, elements))
            throw new CryptographicException("Two trustees hold different shares under one commitment.");
        FieldVector.ToSigned(elements, values);
        Array.Clear(elements);
        return new OpenBatch(one.Batch, one.Times!, values);
    }
}

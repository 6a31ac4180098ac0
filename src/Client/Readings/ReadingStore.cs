using Salus.Client.Accounts;
using Salus.Client.Uploads;

namespace Salus.Client.Readings;

/// <summary>
/// Readings of sensors, each value in secret shares at the three trustees: none of them learns a value, any two give it back to the owner or to whom the owner's grant of the
/// partition opens it. What is added is on this device's disk first and is sent until all three have it.
/// </summary>
public sealed class ReadingStore(Account account)
{
    /// <summary>Trustees that are away or say less than others, after a listing: to be shown.</summary>
    public IReadOnlyList<string> Complaints { get; private set; } = [];

    /// <summary>The account's own series by name; or those that another shares with it.</summary>
    /// <param name="owner">A mail address; null for the account's own.</param>
    public async Task<IReadOnlyList<SeriesInfo>> ListSeriesAsync(string? owner, CancellationToken cancel)
    {
        var catalogue = new SeriesCatalogue(account);
        var found = owner is null ? [.. (await catalogue.OwnAsync(cancel)).Select(one => one.Series)] : await catalogue.SharedAsync(owner, cancel);
        Complaints = catalogue.Complaints;
        return found;
    }

    /// <summary>All series that others share with the account.</summary>
    public async Task<IReadOnlyList<SeriesInfo>> ListSharedSeriesAsync(CancellationToken cancel)
    {
        var catalogue = new SeriesCatalogue(account);
        var found = await catalogue.SharedAsync(null, cancel);
        Complaints = catalogue.Complaints;
        return found;
    }

    /// <summary>The readings from one time to another, both included. Throws an alarm when no two trustees answer rightly; one that does not is named in the answer.</summary>
    public Task<ReadingRange> ReadAsync(SeriesInfo series, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) => SecondAnswer.TakeAsync(async () =>
    {
        if (to < from || from < DateTimeOffset.UnixEpoch)
            throw new CannotException("The span ends before it begins, or begins before 1970.", Reasons.BadDates);
        var span = await new SpanReader(account).ReadAsync(series, from, to, cancel);
        var readings = new List<Reading>();
        var (first, last) = (from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds());
        foreach (var batch in span.Batches)
            for (var i = 0; i < batch.Values.Length; i++)
                if (batch.Times.Milliseconds[i] is var time && time >= first && time <= last)
                    readings.Add(new Reading(DateTimeOffset.FromUnixTimeMilliseconds(time), DecimalText.Value(batch.Values[i], series.Decimals)));
        return new ReadingRange(series, [.. readings.OrderBy(reading => reading.Time)], span.Complaints, span.Alarms);
    });

    /// <summary>Adds readings to the series of a name, which is made when there is none.</summary>
    /// <param name="readings">In any order. Nothing is added when a value has more decimals than the series.</param>
    public async Task<AddedReadings> AddAsync(string name, SeriesOptions options, IReadOnlyList<Reading> readings, IProgress<TransferProgress>? progress,
        CancellationToken cancel)
    {
        using var queue = await ReadingQueue.OpenAsync(account);
        var writer = new ReadingWriter(account, queue);
        var series = await writer.EnsureAsync(name, options, cancel);
        (series, var added) = await writer.AddAsync(series, readings, null, cancel);
        var sent = await new ReadingSender(account, queue).RunAsync(progress, cancel);
        return new AddedReadings(writer.Info(series), added, readings.Count - added, sent.IsStored, sent.Missing);
    }

    /// <summary>
    /// Adds what a file holds, see <see cref="ReadingFile"/>: one series for each kind of reading. The same file again, grown or not, adds what is new in it. A line that cannot be
    /// read, or does not fit its series, is an error that names it, and nothing was added then.
    /// </summary>
    /// <param name="knownAs">What the file is known by when it comes again; null for its full path.</param>
    public async Task<IReadOnlyList<AddedReadings>> AddFileAsync(
        string path, string name, SeriesOptions options, IProgress<TransferProgress>? progress, CancellationToken cancel, string? knownAs = null)
    {
        var sensed = await ReadingFile.ReadAsync(path, name, options, cancel);
        using var queue = await ReadingQueue.OpenAsync(account);
        var writer = new ReadingWriter(account, queue);
        var fitting = new List<(KeptSeries Series, SensedSeries Sensed)>();
        foreach (var one in sensed)
        {
            var series = await writer.EnsureAsync(one.Name, one.Options, cancel);
            one.Check(series.Unit, series.Decimals);
            fitting.Add((series, one));
        }
        var counts = new List<(KeptSeries Series, long Added, long Known)>();
        foreach (var (series, one) in fitting)
        {
            var (kept, added) = await writer.AddAsync(series, one.Readings, new ReadingSource(knownAs ?? Path.GetFullPath(path)), cancel);
            counts.Add((kept, added, one.Readings.Count - added));
        }
        var sent = await new ReadingSender(account, queue).RunAsync(progress, cancel);
        return [.. counts.Select(count => new AddedReadings(writer.Info(count.Series), count.Added, count.Known, sent.IsStored, sent.Missing))];
    }

    /// <summary>
    /// Adds the lines of a growing file or a pipe as they come, within a second or so, until it ends or is cancelled; then tells of each series what was added in all.
    /// </summary>
    /// <param name="lines">From the beginning; null stands for "nothing more for the moment".</param>
    /// <param name="source">Names the file, so that a second call goes on where this one has stopped; null for a pipe.</param>
    /// <param name="report">Called after each sending.</param>
    public async Task<IReadOnlyList<AddedReadings>> FollowAsync(IAsyncEnumerable<string?> lines, string? source, string name, SeriesOptions options, Action<AddedReadings>? report,
        CancellationToken cancel)
    {
        using var queue = await ReadingQueue.OpenAsync(account);
        return await new ReadingFollower(account, queue, name, options, source, report).RunAsync(lines, cancel);
    }

    /// <summary>Deletes the readings of a span, or the whole series; for each trustee that has not heard of it yet, why. It hears of it with the next command.</summary>
    /// <param name="from">Null with <paramref name="to"/> for the whole series.</param>
    public async Task<IReadOnlyDictionary<string, string>> DeleteAsync(SeriesInfo series, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancel)
    {
        if (!series.IsOwn)
            throw new CannotException("Only the owner of a series deletes readings.", Reasons.NotYours);
        using var queue = await ReadingQueue.OpenAsync(account);
        var sender = new ReadingSender(account, queue);
        await sender.RunAsync(null, cancel);
        (DateTimeOffset From, DateTimeOffset To)? span = from is null && to is null ? null : (from ?? DateTimeOffset.UnixEpoch, to ?? Protocol.Limits.NoEnd);
        IReadOnlyList<OpenBatch> touched = [];
        if (span is { } between)
        {
            var read = await SecondAnswer.TakeAsync(() => new SpanReader(account).ReadAsync(series, between.From, between.To, cancel));
            touched = read.Unread == 0
                ? read.Batches
                : throw new CannotException("Some readings of that span have reached one trustee only. Nothing was deleted. Try again when another trustee has them.", Reasons.TooFewTrustees);
        }
        await new ReadingWriter(account, queue).DeleteAsync(series, span, touched);
        return (await sender.RunAsync(null, cancel)).Missing;
    }

    /// <summary>Whether readings of this device wait for a trustee.</summary>
    public bool IsWaiting => !ReadingQueue.IsEmpty(account);

    /// <summary>Sends what waits; for each trustee that has not taken everything, why.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ResumeAsync(IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        if (!IsWaiting)
            return new Dictionary<string, string>();
        using var queue = await ReadingQueue.OpenAsync(account);
        return (await new ReadingSender(account, queue).RunAsync(progress, cancel)).Missing;
    }
}

using Salus.Client.Accounts;
using Salus.Client.Partitions;
using Salus.Crypto;
using Salus.Crypto.Reencryption;
using Salus.Crypto.Sealing;
using Salus.Crypto.Statistics.Sharing;
using Salus.Protocol;
using Salus.Protocol.Readings;

namespace Salus.Client.Readings;

/// <summary>
/// Takes readings in: cuts them into batches, splits each into shares, signs it at its place in this device's feed and puts it into the queue. Readings that go back behind the
/// newest of the feed begin a feed of their own.
/// </summary>
internal sealed class ReadingWriter(Account account, ReadingQueue queue)
{
    private const string UsualPartition = "medical";

    /// <summary>With the description of the series an upload holds one item more.</summary>
    private const int BatchesPerUpload = Limits.MaxReadingItems - 1;

    /// <summary>Readings that are compared with those that are there, at most.</summary>
    private const int MaxCompared = 1_000_000;

    /// <summary>For how long the newest epoch of a partition is taken for the newest.</summary>
    private static readonly TimeSpan EpochUse = TimeSpan.FromMinutes(1);

    private readonly VerifyingKey[] _trustees = ReadingBatch.InOrder(account.Trustees.Select(trustee => trustee.Key));
    private readonly Dictionary<string, (EpochHeader Head, DateTimeOffset Since)> _heads = [];

    /// <summary>The account's series of a name; made when there is none. What is given must agree with it.</summary>
    public async Task<KeptSeries> EnsureAsync(string name, SeriesOptions options, CancellationToken cancel)
    {
        if (!SeriesDescription.IsName(name))
            throw new CannotException($"'{name}' is no name of a series: use up to {SeriesDescription.MaxName} visible characters.", Reasons.BadSeries);
        if (!SeriesDescription.IsText(options.Code ?? "") || options.Code is "" || !SeriesDescription.IsText(options.Unit ?? "")
            || options.Decimals is < 0 or > SeriesDescription.MaxDecimals)
            throw new CannotException("A code and a unit are letters, digits and signs without blanks; decimals are 0 to 9.", Reasons.BadSeries);
        var series = queue.State.Series.Values.FirstOrDefault(kept => kept.Name == name) ?? await FindAsync(name, cancel);
        if (series is not null)
        {
            Agree(series, options.Code, series.Code, "code");
            Agree(series, options.Unit, series.Unit, "unit");
            Agree(series, options.Decimals?.ToString(System.Globalization.CultureInfo.InvariantCulture), series.Decimals.ToString(System.Globalization.CultureInfo.InvariantCulture), "decimals");
            Agree(series, options.Partition, series.Partition, "partition");
            return series;
        }
        var (unit, decimals) = UsualSeries.Of(options.Code);
        return new KeptSeries(Identifier.Random<SeriesId>().ToString(), name, options.Code, options.Unit ?? unit, options.Decimals ?? decimals, options.Partition ?? UsualPartition, [], null, []);
    }

    /// <summary>What a series is to people.</summary>
    public SeriesInfo Info(KeptSeries series) => new(IdOf(series), series.Name, series.Code, series.Unit, series.Decimals, series.Partition, account.Id, account.Mail)
    {
        PartitionId = account.Keys.Partition(series.Partition),
    };

    /// <summary>
    /// Takes readings in, in whatever order they come; when this returns, they are on the disk. Those that the source has brought before are passed over.
    /// </summary>
    /// <param name="source">Null when they are new in any case.</param>
    public async Task<(KeptSeries Series, long Added)> AddAsync(KeptSeries series, IReadOnlyList<Reading> readings, ReadingSource? source, CancellationToken cancel)
    {
        var rows = Scale(series, readings);
        var added = 0L;
        if (source is null)
            return await StageAsync(series, rows, 0, (kept, _) => kept, cancel);
        foreach (var part in SourceRows.Split(source, series.Sources.GetValueOrDefault(source.Name), rows))
        {
            // A series of which nothing was ever added holds nothing to compare with.
            if (part.IsUnknown && (series.Place is not null || series.Described.Length > 0))
            {
                // How many of the missing are in would not say how many of the part: a run that is killed here compares again.
                var missing = SourceRows.Missing(rows[part.Range], await ThereAsync(series, rows[part.Range], cancel));
                (series, var fresh) = await StageAsync(series, missing, 0, (kept, done) => done < missing.Length
                    ? kept : kept with { Sources = new(kept.Sources) { [source.Name] = part.After(part.Before.Pending) } }, cancel);
                added += fresh;
                continue;
            }
            (series, var count) = await StageAsync(series, rows[part.Range], part.Done,
                (kept, done) => kept with { Sources = new(kept.Sources) { [source.Name] = part.After(done) } }, cancel);
            added += count;
        }
        return (series, added);
    }

    /// <summary>What the series holds in the span of some rows, after all that waits has been sent.</summary>
    private async Task<IEnumerable<SensedRow>> ThereAsync(KeptSeries series, SensedRow[] rows, CancellationToken cancel)
    {
        if (rows.Length > MaxCompared)
            throw TooMany();
        var sent = await new ReadingSender(account, queue).RunAsync(null, cancel);
        var (first, last) = (rows.Min(row => row.Time), rows.Max(row => row.Time));
        var span = sent.IsStored
            ? await SecondAnswer.TakeAsync(() => new SpanReader(account).ReadAsync(
                Info(series), DateTimeOffset.FromUnixTimeMilliseconds(first), DateTimeOffset.FromUnixTimeMilliseconds(last), cancel))
            : null;
        if (span is not { Unread: 0 })
            throw new CannotException($"Which of the readings are in {series.Name} already only two trustees can tell, and they do not answer now. Try again later.", Reasons.TooFewTrustees);
        return span.Batches.Sum(batch => (long)batch.Values.Length) <= MaxCompared
            ? span.Batches.SelectMany(batch => batch.Times.Milliseconds.ToArray().Zip(batch.Values, (time, value) => new SensedRow(time, value)))
            : throw TooMany();

        CannotException TooMany() => new($"Some of the readings may be in {series.Name} already, and they are too many to compare: add them in parts of less than {MaxCompared} each.",
            Reasons.BadReading);
    }

    /// <summary>Puts rows into the queue by time, but for the first ones that were before.</summary>
    /// <param name="mark">Notes in the series how many of the rows are in, as each upload of them gets on the disk.</param>
    private async Task<(KeptSeries Series, long Added)> StageAsync(KeptSeries series, SensedRow[] rows, long before, Func<KeptSeries, long, KeptSeries> mark, CancellationToken cancel)
    {
        var sorted = rows.OrderBy(row => row.Time).ToArray();
        var (times, values) = (sorted.Select(row => row.Time).ToArray(), sorted.Select(row => row.Value).ToArray());
        var done = (int)before;
        while (done < times.Length)
        {
            var items = new List<QueuedItem>();
            var head = await HeadAsync(series.Partition, cancel);
            if (!series.Described.Contains(head.Epoch.Value))
            {
                items.Add(await DescribeAsync(series, head));
                series = series with { Described = [.. series.Described, head.Epoch.Value] };
            }
            var place = series.Place?.Place;
            for (var i = 0; i < BatchesPerUpload && done < times.Length; i++)
            {
                var count = CountOf(times.AsSpan(done));
                if (place is null || times[done] < place.Last.ToUnixTimeMilliseconds() || place.Epoch.Value > head.Epoch.Value)
                    place = FeedPlace.New();
                var (item, batch) = Batch(IdOf(series), head.Partition, head.Epoch, place, times.AsSpan(done, count), values.AsSpan(done, count));
                items.Add(item);
                place = FeedPlace.After(batch);
                done += count;
            }
            series = mark(series with { Place = KeptPlace.Of(place!) }, done);
            await queue.AddAsync(items, series);
        }
        return (series, times.Length - before);
    }

    /// <summary>
    /// Deletes every reading of a span, or of the series when there is none. What the batches that go hold outside of the span is added anew, in its own epoch, in the same upload.
    /// </summary>
    public async Task DeleteAsync(SeriesInfo series, (DateTimeOffset From, DateTimeOffset To)? span, IReadOnlyList<OpenBatch> touched)
    {
        var items = new List<QueuedItem>();
        if (span is not { } between)
        {
            items.Add(Item(ReadingDeletion.OfSeries(account.Keys.Identity, series.Id, account.Now)));
            await queue.AddAsync(items, null, series.Id.ToString());
            return;
        }
        foreach (var epoch in touched.GroupBy(batch => batch.Batch.Epoch))
        {
            var kept = epoch.SelectMany(batch => batch.Times.Milliseconds.ToArray().Zip(batch.Values))
                .Where(reading => reading.First < between.From.ToUnixTimeMilliseconds() || reading.First > between.To.ToUnixTimeMilliseconds())
                .OrderBy(reading => reading.First).ToArray();
            var place = FeedPlace.New();
            foreach (var side in kept.GroupBy(reading => reading.First > between.To.ToUnixTimeMilliseconds()))
            {
                var (times, values) = (side.Select(reading => reading.First).ToArray(), side.Select(reading => reading.Second).ToArray());
                for (var done = 0; done < times.Length;)
                {
                    var count = CountOf(times.AsSpan(done));
                    var (item, batch) = Batch(series.Id, series.PartitionId, epoch.Key, place, times.AsSpan(done, count), values.AsSpan(done, count));
                    items.Add(item);
                    place = FeedPlace.After(batch);
                    done += count;
                }
            }
        }
        items.Add(Item(ReadingDeletion.OfSpan(account.Keys.Identity, series.Id, between.From, between.To, account.Now)));
        // What was taken in from a source may be deleted now: with the same file again it comes back.
        var forgetful = queue.State.Series.GetValueOrDefault(series.Id.ToString()) is { } known ? known with { Sources = [] } : null;
        foreach (var upload in items.Chunk(Limits.MaxReadingItems))
            await queue.AddAsync(upload, forgetful);
    }

    private async Task<KeptSeries?> FindAsync(string name, CancellationToken cancel)
    {
        var found = (await new SeriesCatalogue(account).OwnAsync(cancel)).FirstOrDefault(one => one.Series.Name == name);
        return found.Series is { } series
            ? new KeptSeries(series.Id.ToString(), series.Name, series.Code, series.Unit, series.Decimals, series.Partition, [found.Epoch.Value], null, []) : null;
    }

    private async Task<EpochHeader> HeadAsync(string partition, CancellationToken cancel)
    {
        if (_heads.TryGetValue(partition, out var known) && account.Now - known.Since < EpochUse)
            return known.Head;
        var head = (await new PartitionKeys(account).EnsureAsync(partition, cancel)).Head;
        _heads[partition] = (head, account.Now);
        return head;
    }

    private async Task<QueuedItem> DescribeAsync(KeptSeries series, EpochHeader head)
    {
        var context = Series.ContextOf(account.Keys.Identity.PublicKey, head.Partition, head.Epoch, IdOf(series));
        using var key = Secret.Random(WrappedKey.ContentKeySize);
        var capsule = Capsule.Encapsulate(head.Key, context.ToBytes(), out var wrapping);
        using (wrapping)
        {
            var description = await new SeriesDescription(series.Name, series.Code, series.Unit, series.Decimals).SealAsync(key, context);
            var signed = Series.Create(account.Keys.Identity, head.Partition, head.Epoch, IdOf(series), account.Now, capsule,
                await WrappedKey.WrapAsync(wrapping, key, context.ToBytes()), description).Signed;
            return new QueuedItem(ReadingItemKind.Series, signed, [], [], []);
        }
    }

    private (QueuedItem Item, ReadingBatch Batch) Batch(SeriesId series, PartitionId partition, EpochNumber epoch, FeedPlace place, ReadOnlySpan<long> times, ReadOnlySpan<long> values)
    {
        using var shares = SplitVector.Split(values);
        var made = ReadingTimes.Of(times);
        var batch = ReadingBatch.Create(account.Keys.Identity, partition, epoch, series, place, made, shares, _trustees);
        return (new QueuedItem(ReadingItemKind.Batch, batch.Signed, made.Bytes, shares.Parcel(0), shares.Parcel(1)), batch);
    }

    private static QueuedItem Item(ReadingDeletion deletion) => new(ReadingItemKind.Deletion, deletion.Signed, [], [], []);

    /// <summary>How many of the times go into one batch.</summary>
    private static int CountOf(ReadOnlySpan<long> times)
    {
        var count = 1;
        while (count < times.Length && count < Limits.MaxReadings && times[count] - times[count - 1] <= ReadingTimes.MaxPause)
            count++;
        return count;
    }

    private static SensedRow[] Scale(KeptSeries series, IReadOnlyList<Reading> readings)
    {
        var rows = new SensedRow[readings.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            if (readings[i].Time < DateTimeOffset.UnixEpoch || readings[i].Time > Limits.NoEnd)
                throw new CannotException($"The reading of {readings[i].Time:u} is before 1970. Nothing was added.", Reasons.BadReading);
            rows[i] = DecimalText.TryScale(readings[i].Value, series.Decimals, out var units) ? new SensedRow(readings[i].Time.ToUnixTimeMilliseconds(), units)
                : throw new CannotException($"The value of {readings[i].Time:u} does not fit {series.Name}, which has {series.Decimals} decimals. Nothing was added.", Reasons.BadReading);
        }
        return rows;
    }

    private static void Agree(KeptSeries series, string? given, string? kept, string what)
    {
        if (given is not null && given != kept)
            throw new CannotException($"The series {series.Name} has the {what} {kept ?? "(none)"}, not {given}. Nothing was added. Leave it out, or name another series.", Reasons.BadSeries);
    }

    private static SeriesId IdOf(KeptSeries series) => Identifier.TryParse<SeriesId>(series.Series, out var id)
        ? id : throw new AlarmException(AlarmKind.Integrity, "What this device remembers of a series is damaged.");
}

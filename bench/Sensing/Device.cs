using Salus.Crypto.Reencryption;
using Salus.Crypto.Sealing;
using Salus.Crypto.Statistics.Sharing;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Readings;
using System.Security.Cryptography;

namespace Salus.Bench.Sensing;

/// <summary>A device that takes readings and brings them to three trustees at once, one upload on its way while the next is made.</summary>
internal sealed class Device : IDisposable
{
    /// <summary>On their way at each trustee, at most.</summary>
    private const int AtOnce = 2;

    private readonly Trustees _three;
    private readonly SigningKey _owner = SigningKey.Generate();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(5) };
    private readonly PartitionId _partition = Identifier.Random<PartitionId>();
    private readonly SeriesId _series = Identifier.Random<SeriesId>();
    private readonly VerifyingKey[] _order;
    private readonly byte[] _ticket;
    private FeedPlace _place = FeedPlace.New();
    private long _time = DateTimeOffset.UnixEpoch.AddYears(56).ToUnixTimeMilliseconds();

    public Device(Trustees three)
    {
        _three = three;
        _order = ReadingBatch.InOrder(three.All.Select(trustee => trustee.Key));
        _ticket = HardeningTicket.Create(three.Cloud, _owner.PublicKey, TimeProvider.System.GetUtcNow()).Signed;
    }

    /// <summary>Describes the series.</summary>
    public async Task BeginAsync()
    {
        using var delegating = DelegatingKey.FromSeed(RandomNumberGenerator.GetBytes(64));
        var context = Series.ContextOf(_owner.PublicKey, _partition, EpochNumber.First, _series).ToBytes();
        var capsule = Capsule.Encapsulate(delegating.PublicKey, context, out var key);
        using (key)
        {
            using var secret = Salus.Crypto.Secret.Random(WrappedKey.ContentKeySize);
            var series = Series.Create(_owner, _partition, EpochNumber.First, _series, TimeProvider.System.GetUtcNow(), capsule, await WrappedKey.WrapAsync(key, secret, context),
                RandomNumberGenerator.GetBytes(328));
            await Task.WhenAll(_three.All.Select(trustee => BringAsync(trustee, [new ReadingItem(ReadingItemKind.Series, series.Signed, [], [])])));
        }
    }

    /// <summary>Splits, signs, seals and sends so many values; returns when all three have acknowledged the last.</summary>
    public async Task SendAsync(int count)
    {
        var sending = _three.All.ToDictionary(trustee => trustee, _ => new Queue<Task>());
        for (var left = count; left > 0;)
        {
            var made = new List<(byte[] Signed, byte[] Times, SplitVector Shares)>();
            for (; made.Count < Limits.MaxReadingItems && left > 0; left -= Math.Min(left, Limits.MaxReadings))
                made.Add(Make(Math.Min(left, Limits.MaxReadings)));
            foreach (var trustee in _three.All)
            {
                var party = Array.FindIndex(_order, key => key.Equals(trustee.Key));
                var items = made.Select(one => new ReadingItem(ReadingItemKind.Batch, one.Signed, one.Times, one.Shares.Parcel(party))).ToArray();
                var queue = sending[trustee];
                // A feed has one order: an upload waits for the receipt of the one before it.
                var before = queue.Count > 0 ? queue.Last() : Task.CompletedTask;
                queue.Enqueue(Task.Run(async () =>
                {
                    await before;
                    await BringAsync(trustee, items);
                }));
                while (queue.Count > AtOnce)
                    await queue.Dequeue();
            }
            foreach (var (_, _, shares) in made)
                shares.Dispose();
        }
        await Task.WhenAll(sending.Values.SelectMany(queue => queue));
    }

    public void Dispose()
    {
        _owner.Dispose();
        _http.Dispose();
    }

    private (byte[] Signed, byte[] Times, SplitVector Shares) Make(int count)
    {
        var (times, values) = (new long[count], new long[count]);
        for (var i = 0; i < count; i++)
            (times[i], values[i]) = (_time += 1000, 600 + i % 500);
        var shares = SplitVector.Split(values);
        var made = ReadingTimes.Of(times);
        var batch = ReadingBatch.Create(_owner, _partition, EpochNumber.First, _series, _place, made, shares, _order);
        _place = FeedPlace.After(batch);
        return (batch.Signed, made.Bytes, shares);
    }

    private async Task BringAsync(BenchTrustee trustee, IReadOnlyList<ReadingItem> items)
    {
        var upload = await ReadingUpload.CreateAsync(_owner, trustee.Key, trustee.Box, TimeProvider.System.GetUtcNow(), _ticket, items);
        using var body = new ByteArrayContent(upload.Signed);
        using var answer = await _http.PostAsync(new Uri(trustee.Url, Paths.Readings), body);
        if (!answer.IsSuccessStatusCode || !ReadingReceipt.TryVerify(await answer.Content.ReadAsByteArrayAsync(), upload, out _))
            throw new InvalidOperationException($"{trustee.Url} did not acknowledge: {(int)answer.StatusCode}");
    }
}

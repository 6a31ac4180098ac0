using System.Buffers.Binary;
using System.Security.Cryptography;
using Salus.Crypto.Statistics.Sharing;
using Salus.Protocol.Readings;

namespace Salus.Protocol.Tests.Readings;

public class ReadingBatchTests
{
    [Fact]
    public void AnyTwoTrusteesGiveTheValuesBackAndOneWithOtherSharesIsKnown()
    {
        var (batch, shares) = ReadingCases.Make();
        using (shares)
        {
            var pairs = Enumerable.Range(0, 3).Select(i =>
            {
                Assert.True(batch.TryOpen(i, shares.Parcel(i), out var pair));
                return pair;
            }).ToArray();
            var elements = new ulong[3];
            foreach (var (one, other) in new[] { (0, 1), (1, 2), (2, 0) })
            {
                Assert.True(Reconstruction.TryFromTwo(pairs[one], pairs[other], elements));
                Assert.Equal([71UL, 70, 69], elements);
            }
            for (var i = 0; i < 3; i++)
            {
                var parcel = shares.Parcel(i);
                for (var bit = 0; bit < 8 * parcel.Length; bit++)
                {
                    parcel[bit / 8] ^= (byte)(1 << (bit % 8));
                    Assert.False(batch.TryOpen(i, parcel, out _));
                    parcel[bit / 8] ^= (byte)(1 << (bit % 8));
                }
                Assert.False(batch.TryOpen(i, parcel.AsSpan(1), out _));
                Assert.False(batch.TryOpen(i, [.. parcel, 0], out _));
                Assert.False(batch.TryOpen((i + 1) % 3, parcel, out _));
            }
        }
    }

    [Fact]
    public void ABatchFollowsTheOneBeforeItAndNoOther()
    {
        var first = ReadingCases.Make().Batch;
        var second = ReadingCases.Make(FeedPlace.After(first), ReadingTimes.Of([2500, 9000])).Batch;
        var third = ReadingCases.Make(FeedPlace.After(second), ReadingTimes.Of([9000])).Batch;
        Assert.True(second.Follows(first));
        Assert.True(third.Follows(second));
        Assert.False(third.Follows(first));
        Assert.False(second.Follows(third));
        Assert.False(second.Follows(ReadingCases.Make().Batch));
        // Back in time, or into an earlier epoch: no place in this feed.
        Assert.Throws<ArgumentException>(() => ReadingCases.Make(FeedPlace.After(second), ReadingTimes.Of([8999])));
        Assert.Throws<ArgumentException>(() => ReadingCases.Make(FeedPlace.After(second), ReadingTimes.Of([9000]), EpochNumber.First));
    }

    [Fact]
    public void OnlyTheTimesThatWereSignedAreCovered()
    {
        var batch = ReadingCases.Make().Batch;
        Assert.True(batch.Covers(ReadingTimes.Of([1000, 1000, 2500])));
        Assert.False(batch.Covers(ReadingTimes.Of([1000, 1001, 2500])));
        Assert.False(batch.Covers(ReadingTimes.Of([1000, 2500])));
        Assert.False(batch.Covers(ReadingTimes.Of([1000, 1000, 2501])));
    }

    [Fact]
    public void TimesComeBackAsTheyWereAndNothingElseIsRead()
    {
        for (var i = 0; i < 200; i++)
        {
            var times = new long[RandomNumberGenerator.GetInt32(1, 50)];
            times[0] = RandomNumberGenerator.GetInt32(int.MaxValue) * 1000L;
            for (var j = 1; j < times.Length; j++)
                times[j] = times[j - 1] + RandomNumberGenerator.GetInt32(100_000);
            var made = ReadingTimes.Of(times);
            Assert.True(ReadingTimes.TryParse(made.Bytes, out var read));
            Assert.Equal(times, read.Milliseconds.ToArray());
            Assert.False(ReadingTimes.TryParse(made.Bytes.AsSpan(1), out _));
            Assert.False(ReadingTimes.TryParse([.. made.Bytes, 0], out _));
        }
        Assert.False(ReadingTimes.TryParse([], out _));
        Assert.False(ReadingTimes.TryParse(new byte[8 + 4 * Limits.MaxReadings], out _));
        Assert.True(ReadingTimes.TryParse(new byte[8 + 4 * (Limits.MaxReadings - 1)], out _));
        var late = new byte[12];
        BinaryPrimitives.WriteInt64BigEndian(late, Limits.NoEnd.ToUnixTimeMilliseconds());
        Assert.True(ReadingTimes.TryParse(late, out _));
        late[11] = 1;
        Assert.False(ReadingTimes.TryParse(late, out _));
        Assert.ThrowsAny<ArgumentException>(() => ReadingTimes.Of([]));
        Assert.ThrowsAny<Exception>(() => ReadingTimes.Of([5, 4]));
        Assert.ThrowsAny<Exception>(() => ReadingTimes.Of([0, ReadingTimes.MaxPause + 1]));
    }

    [Fact]
    public async Task AnUploadOpensForItsTrusteeAloneAndInItsOrder()
    {
        using var owner = Parts.Signing(1);
        using var box = Parts.Box(3);
        using var stranger = Parts.Box(4);
        var (batch, shares) = ReadingCases.Make();
        using var _ = shares;
        var items = new[] { 0, 1 }.Select(i => new ReadingItem(ReadingItemKind.Batch, batch.Signed, ReadingCases.Times.Bytes, shares.Parcel(i))).ToArray();
        var upload = await ReadingUpload.CreateAsync(owner, ReadingCases.Trustees[0], box.PublicKey, Parts.Now, [], items);
        Assert.Null(await upload.OpenAsync(stranger));
        var opened = await upload.OpenAsync(box);
        Assert.Equal(items.Select(item => item.Parcel), opened!.Select(item => item.Parcel));
        foreach (var item in items)
            Assert.Equal(-1, upload.Signed.AsSpan().IndexOf(item.Parcel.AsSpan(0, 16)));
    }

    [Fact]
    public void PagesAreReadWholeOrNotAtAll()
    {
        var first = ReadingCases.Make();
        var second = ReadingCases.Make(FeedPlace.After(first.Batch), ReadingTimes.Of([2500, 3000]));
        using var owner = Parts.Signing(1);
        var deletion = ReadingDeletion.OfSpan(owner, first.Batch.Series, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(2), Parts.Now);
        var page = new ReadingPage(null, true, [new PagedBatch(first.Batch, null, null, deletion), new PagedBatch(second.Batch, ReadingTimes.Of([2500, 3000]), second.Shares.Parcel(1), null),
            new PagedBatch(second.Batch, null, null, null)]);
        var (account, series) = (owner.PublicKey.Account, first.Batch.Series);
        var encoded = page.Encode();
        Assert.True(ReadingPage.TryDecode(encoded, account, series, out var read));
        Assert.Equal(encoded, read.Encode());
        for (var length = 0; length < encoded.Length; length++)
            Assert.False(ReadingPage.TryDecode(encoded.AsSpan(0, length), account, series, out _));
        Assert.False(ReadingPage.TryDecode([.. encoded, 0], account, series, out _));
        Assert.False(ReadingPage.TryDecode(encoded, Parts.Signing(2).PublicKey.Account, series, out _));
        Assert.False(ReadingPage.TryDecode(encoded, account, new SeriesId(6), out _));
        Assert.False(ReadingPage.TryDecode(new ReadingPage(null, true, []).Encode(), account, series, out _));
        // Deleted by an order that does not meet the batch.
        Assert.False(ReadingPage.TryDecode(new ReadingPage(null, false, [new PagedBatch(second.Batch, null, null, deletion)]).Encode(), account, series, out _));
        // The end of another series.
        Assert.False(ReadingPage.TryDecode(new ReadingPage(ReadingDeletion.OfSeries(owner, new SeriesId(6), Parts.Now), false, []).Encode(), account, series, out _));
        Assert.False(ReadingPage.TryDecode(new ReadingPage(deletion, false, []).Encode(), account, series, out _));
        var altered = (byte[])encoded.Clone();
        for (var i = 0; i < 500; i++)
        {
            var (at, with) = (RandomNumberGenerator.GetInt32(altered.Length), (byte)RandomNumberGenerator.GetInt32(1, 256));
            altered[at] ^= with;
            if (ReadingPage.TryDecode(altered, account, series, out var other))
                Assert.Equal(altered, other.Encode());
            altered[at] ^= with;
        }
    }
}

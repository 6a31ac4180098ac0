using System.Security.Cryptography;
using Salus.Crypto.Reencryption;
using Salus.Crypto.Sealing;
using Salus.Crypto.Statistics.Sharing;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;
using Salus.Protocol.Readings;

namespace Salus.Trustee.Tests;

/// <summary>An owner's device that keeps readings at one real trustee and two that are keys alone, in the partition that a <see cref="Tests.Sharing"/> shares.</summary>
internal sealed class SensingOwner : IDisposable
{
    private readonly TrusteeHost _trustee;
    private readonly UnboxingKey _answers = new(RandomNumberGenerator.GetBytes(32));

    public SensingOwner(TrusteeHost trustee, Sharing sharing)
    {
        (_trustee, Sharing) = (trustee, sharing);
        Trustees = ReadingBatch.InOrder([trustee.Key, .. Enumerable.Range(1, 2).Select(_ => SigningKey.Generate().PublicKey)]);
        Index = Array.IndexOf(Trustees, trustee.Key);
        Series = Describe();
    }

    public Sharing Sharing { get; }

    public SigningKey Key => Sharing.Owner;

    public VerifyingKey[] Trustees { get; }

    /// <summary>The real trustee's place.</summary>
    public int Index { get; }

    public Series Series { get; }

    public ReadingAccess Own => ReadingAccess.Own(Sharing.Account);

    public ReadingAccess Granted => new(Sharing.Account, Sharing.Policy.Grant, Sharing.Policy.Partition);

    public byte[] Ticket => HardeningTicket.Create(_trustee.Cloud, Key.PublicKey, _trustee.Time.Now).Signed;

    public Series Describe(EpochNumber? epoch = null, PartitionId? partition = null, SeriesId? id = null)
    {
        var (at, of, number) = (partition ?? Sharing.Policy.Partition, epoch ?? Sharing.Policy.Epoch, id ?? Identifier.Random<SeriesId>());
        var capsule = Capsule.Encapsulate(Sharing.DelegatingKey, Series.ContextOf(Key.PublicKey, at, of, number).ToBytes(), out var key);
        key.Dispose();
        Assert.True(WrappedKey.TryParse(RandomNumberGenerator.GetBytes(WrappedKey.Size), out var wrapped));
        return Series.Create(Key, at, of, number, Sharing.Time.Now, capsule, wrapped, RandomNumberGenerator.GetBytes(100));
    }

    /// <summary>A batch of the series with a value for each time, behind another one or at the start of a feed.</summary>
    public (ReadingBatch Batch, ReadingItem Item) Batch(ReadingBatch? after, long[] times, long[]? values = null, EpochNumber? epoch = null, Series? series = null)
    {
        var of = series ?? Series;
        using var shares = SplitVector.Split(values ?? [.. times.Select(_ => 71L)]);
        var made = ReadingTimes.Of(times);
        var batch = ReadingBatch.Create(Key, of.Partition, epoch ?? of.Epoch, of.Id, after is null ? FeedPlace.New() : FeedPlace.After(after), made, shares, Trustees);
        return (batch, new ReadingItem(ReadingItemKind.Batch, batch.Signed, made.Bytes, shares.Parcel(Index)));
    }

    public static ReadingItem Item(Series series) => new(ReadingItemKind.Series, series.Signed, [], []);

    public static ReadingItem Item(ReadingDeletion deletion) => new(ReadingItemKind.Deletion, deletion.Signed, [], []);

    public async Task<ReadingUpload> UploadAsync(IReadOnlyList<ReadingItem> items, SigningKey? signer = null, VerifyingKey? trustee = null, byte[]? ticket = null, DateTimeOffset? at = null) =>
        await ReadingUpload.CreateAsync(signer ?? Key, trustee ?? _trustee.Key, _trustee.Box, at ?? Sharing.Time.Now, ticket ?? Ticket, items);

    /// <summary>Brings items and expects the receipt.</summary>
    public async Task BringAsync(params ReadingItem[] items)
    {
        var upload = await UploadAsync(items);
        var answer = await _trustee.PostAsync(Paths.Readings, upload.Signed);
        Assert.Equal((200, ""), (answer.Status, answer.Problem));
        Assert.True(ReadingReceipt.TryVerify(answer.Bytes, upload, out _));
    }

    public async Task<Answer> SendAsync(params ReadingItem[] items) => await _trustee.PostAsync(Paths.Readings, (await UploadAsync(items)).Signed);

    public ReadingRequest Ask(ReadingAccess access, ReadingSpan? span, SigningKey? requester = null, VerifyingKey? trustee = null, DateTimeOffset? at = null,
        byte[]? trace = null) =>
        ReadingRequest.Create(requester ?? (access.IsOwn ? Key : Sharing.Delegatee), trustee ?? _trustee.Key, access, span, _answers.PublicKey, at ?? Sharing.Time.Now,
            trace ?? (access.IsOwn ? [] : Trace(access, span?.Series, requester ?? Sharing.Delegatee)));

    /// <summary>The trace of reading a series, or the list of them.</summary>
    public byte[] Trace(ReadingAccess access, SeriesId? series, SigningKey requester) => TestLog.Shared.Trace(requester,
        new AccessSubject(AccessKind.Readings, access.Owner, access.Grant, access.Partition, null, series is { } one ? [new RecordId(one.Value)] : []), Sharing.Time.Now);

    public ReadingSpan Span(long from, long to, SeriesId? series = null) =>
        new(series ?? Series.Id, DateTimeOffset.FromUnixTimeMilliseconds(from), DateTimeOffset.FromUnixTimeMilliseconds(to));

    /// <summary>The whole span, page by page.</summary>
    public async Task<IReadOnlyList<PagedBatch>> ReadAsync(ReadingAccess access, ReadingSpan span)
    {
        var all = new List<PagedBatch>();
        for (var at = span; ;)
        {
            var page = await PageAsync(access, at);
            all.AddRange(page.Batches);
            if (!page.HasMore)
                return all;
            at = page.NextOf(at);
        }
    }

    public async Task<ReadingPage> PageAsync(ReadingAccess access, ReadingSpan span)
    {
        Assert.True(ReadingPage.TryDecode(await ContentAsync(access, span), access.Owner, span.Series, out var page));
        return page;
    }

    public async Task<IReadOnlyList<Series>> ListAsync(ReadingAccess access)
    {
        Assert.True(SeriesList.TryDecode(await ContentAsync(access, null), access.Owner, out var list));
        return list;
    }

    private async Task<byte[]> ContentAsync(ReadingAccess access, ReadingSpan? span)
    {
        var request = Ask(access, span);
        var answer = await _trustee.PostAsync(Paths.ReadingRequests, request.Signed);
        Assert.Equal((200, ""), (answer.Status, answer.Problem));
        Assert.True(ReadingAnswer.TryVerify(answer.Bytes, request, out var read));
        return (await read.OpenAsync(_answers))!;
    }

    public void Dispose() => _answers.Dispose();
}

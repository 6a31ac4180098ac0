using Salus.Crypto;
using Salus.Crypto.Sealing;
using Salus.Crypto.Statistics.Sharing;
using Salus.Protocol.Readings;

namespace Salus.Protocol.Tests;

/// <summary>The signed messages of readings, under the contract as all others.</summary>
internal static class ReadingCases
{
    private static readonly SigningKey Owner = Parts.Signing(1);
    private static readonly SigningKey Asker = Parts.Signing(2);
    private static readonly SigningKey Trustee = Parts.Signing(3);
    private static readonly UnboxingKey Box = Parts.Box(3);
    private static readonly SeriesId Number = new(0x5555);
    private static readonly EpochNumber Epoch2 = new(2);
    private static readonly byte[] TooLate = [0, 0, 0xe6, 0x77, 0xd2, 0x1f, 0xdc, 0x00];

    public static IReadOnlyList<VerifyingKey> Trustees { get; } = [.. Enumerable.Range(3, 3).Select(i => Parts.Signing((byte)i).PublicKey)];

    public static ReadingTimes Times { get; } = ReadingTimes.Of([1000, 1000, 2500]);

    /// <summary>What is sealed on the way, which a table that is filled at once cannot wait for in a browser.</summary>
    public static IReadOnlyList<string> Sealed { get; } = [nameof(ReadingUpload), nameof(ReadingReceipt), nameof(ReadingAnswer)];

    public static IReadOnlyList<SignedCase> All { get; } = [Description(), Batch(), Deletion(), Ask(), .. OperatingSystem.IsBrowser() ? (SignedCase[])[] : [Upload(), Receipt(), Answer()]];

    /// <summary>Three readings of the owner's, at a place.</summary>
    public static (ReadingBatch Batch, SplitVector Shares) Make(FeedPlace? place = null, ReadingTimes? times = null, EpochNumber? epoch = null)
    {
        var shares = SplitVector.Split(Enumerable.Range(0, (times ?? Times).Count).Select(i => 71L - i).ToArray());
        return (ReadingBatch.Create(Owner, Parts.Partition, epoch ?? Epoch2, Number, place ?? FeedPlace.New(), times ?? Times, shares, Trustees), shares);
    }

    private static Series MadeSeries() => Series.Create(Owner, Parts.Partition, Epoch2, Number, Parts.Now, Parts.Capsule,
        WrappedKey.TryParse(Parts.Seed(9, WrappedKey.Size), out var key) ? key : throw new InvalidOperationException(), [1, 2, 3]);

    private static ReadingUpload MadeUpload()
    {
        var (batch, shares) = Make();
        using (shares)
            return ReadingUpload.CreateAsync(Owner, Trustee.PublicKey, Box.PublicKey, Parts.Now, [7, 7],
                [new ReadingItem(ReadingItemKind.Deletion, MadeDeletion().Signed, [], []), new ReadingItem(ReadingItemKind.Batch, batch.Signed, Times.Bytes, shares.Parcel(0))])
                .AsTask().GetAwaiter().GetResult();
    }

    private static ReadingDeletion MadeDeletion() => ReadingDeletion.OfSpan(Owner, Number, Parts.Now, Parts.Now.AddHours(1), Parts.Now.AddDays(1));

    private static ReadingRequest MadeRequest() => ReadingRequest.Create(Asker, Trustee.PublicKey, new ReadingAccess(Owner.PublicKey.Account, Parts.GrantNumber, Parts.Partition),
        new ReadingSpan(Number, Parts.Now, Parts.Now.AddDays(1), new FeedId(3), 4), Box.PublicKey, Parts.Now, [1, 2, 3]);

    private static SignedCase<Series> Description() => new(nameof(Series), Domains.SignSeries, Owner, MadeSeries(), series => series.Signed,
        series => $"{series.Owner} {series.Context} {series.Id} {series.CreatedAt:o} {Hex(series.Capsule.Bytes)} {Hex(series.Key.Bytes)} {Hex(series.SealedDescription)}",
        Series.TryVerify)
    {
        Counts = [15 + 32 + 16 + 4 + 16 + 8 + 96 + 80],
        Malformations =
        [
            new("another magic", 0, "salus series 2\n"u8.ToArray()), new("epoch 0", 15 + 48, [0, 0, 0, 0]), new("after the year 9999", 15 + 68, TooLate),
            new("capsule with the identity point", 15 + 76, new byte[32]),
        ],
    };

    private static SignedCase<ReadingBatch> Batch()
    {
        const int Sequence = 101, PreviousLast = 145, First = 153, Last = 161, Count = 169, Keys = 205;
        var before = Make(new FeedPlace(new FeedId(8), 0, new byte[32], EpochNumber.First, DateTimeOffset.UnixEpoch), epoch: EpochNumber.First).Batch;
        var made = Make(FeedPlace.After(before), ReadingTimes.Of([2500, 3000])).Batch;
        return new(nameof(ReadingBatch), Domains.SignReadings, Owner, made, batch => batch.Signed,
            batch => $"{batch.Owner} {batch.Partition} {batch.Epoch} {batch.Series} {batch.Before.Feed} {batch.Sequence} {Hex(batch.Before.Hash)} {batch.Before.Epoch} {batch.Before.Last:o} "
                + $"{batch.First:o} {batch.Last:o} {batch.Count} {string.Join(' ', batch.Trustees)}", ReadingBatch.TryVerify)
        {
            Counts = [Count],
            Malformations =
            [
                new("another magic", 0, "salus readings 2\n"u8.ToArray()), new("epoch 0", 65, [0, 0, 0, 0]), new("a sequence number beyond 2^63", Sequence, [0xff]),
                new("a first batch with one before it", Sequence, new byte[8]), new("an epoch before that of the batch before", 141, [0, 0, 0, 9]),
                new("before the batch before", PreviousLast + 6, [0xff, 0xff]), new("over before it begins", Last, new byte[8]), new("after the year 9999", First, TooLate),
                new("no reading", Count, [0, 0, 0, 0]), new("4097 readings", Count, [0, 0, 0x10, 1]), new("one trustee twice", Keys + 32, made.Signed[Keys..(Keys + 32)]),
                new("trustees out of order", Keys, [.. made.Signed[(Keys + 32)..(Keys + 64)], .. made.Signed[Keys..(Keys + 32)]]),
            ],
        };
    }

    private static SignedCase<ReadingDeletion> Deletion() => new(nameof(ReadingDeletion), Domains.SignReadingDeletion, Owner, MadeDeletion(), deletion => deletion.Signed,
        deletion => $"{deletion.Owner} {deletion.Series} {deletion.IsWhole} {deletion.From:o} {deletion.To:o} {deletion.At:o}", ReadingDeletion.TryVerify)
    {
        Malformations = [new("neither whole nor not", 25 + 48, [2]), new("whole, and from a time on", 25 + 48, [1]), new("ends before it begins", 25 + 49 + 8, new byte[8])],
    };

    private static SignedCase<ReadingUpload> Upload()
    {
        const int Ticket = 23 + 64 + 8 + 32 + 80, Items = Ticket + 4 + 2;
        return new(nameof(ReadingUpload), Domains.SignReadingUpload, Owner, MadeUpload(), upload => upload.Signed,
            upload => $"{upload.Owner} {upload.Trustee} {upload.At:o} {Hex(upload.Nonce)} {Hex(upload.Ticket)} "
                + string.Join(' ', upload.Items.Select(item => $"{item.Kind} {Hex(item.Signed)} {Hex(item.Times)} {Hex(item.Parcel)}")),
            ReadingUpload.TryVerify)
        {
            Counts = [Ticket, Items],
            Malformations =
            [
                new("another magic", 0, "salus reading upload 2\n"u8.ToArray()), new("no item", Items, [0, 0, 0, 0]), new("65 items", Items, [0, 0, 0, 65]),
                new("more items than there are", Items, [0, 0, 0, 3]), new("no such kind", Items + 4, [4]), new("a batch without shares", Items + 4, [2]),
                new("after the year 9999", 23 + 64, TooLate),
            ],
        };
    }

    private static SignedCase<ReadingReceipt> Receipt()
    {
        var upload = MadeUpload();
        return new(nameof(ReadingReceipt), Domains.SignReadingReceipt, Trustee, ReadingReceipt.Create(Trustee, upload, Parts.Now), receipt => receipt.Signed,
            receipt => $"{receipt.Trustee} {Hex(receipt.UploadHash)} {receipt.At:o}",
            (ReadOnlySpan<byte> signed, out ReadingReceipt? receipt) => ReadingReceipt.TryVerify(signed, upload, out receipt))
        {
            Malformations = [new("of another trustee", 24, Asker.PublicKey.Bytes.ToArray()), new("of another upload", 24 + 32, new byte[32])],
        };
    }

    private static SignedCase<ReadingRequest> Ask()
    {
        const int Grant = 20 + 64 + 16, Series = Grant + 32, From = Series + 16, To = From + 8, Sequence = To + 8 + 16;
        return new(nameof(ReadingRequest), Domains.SignReadingAsk, Asker, MadeRequest(), request => request.Signed,
            request => $"{request.Requester} {request.Trustee} {request.Access} {request.Span} {request.AnswerKey} {request.At:o} {Hex(request.Nonce)} {Hex(request.Trace)}", ReadingRequest.TryVerify)
        {
            Counts = [Sequence + 8 + 32 + 8 + 32],
            Malformations =
            [
                new("a partition without a grant", Grant, new byte[16]), new("a grant without a partition", Grant + 16, new byte[16]), new("a span of no series", Series, new byte[16]),
                new("ends before it begins", To, new byte[8]), new("after the year 9999", To, TooLate), new("a sequence number beyond 2^63", Sequence, [0xff]),
                new("an answer key of small order", Sequence + 8, new byte[32]), new("without a trace", 0, "salus reading ask 1\n"u8.ToArray()),
            ],
        };
    }

    private static SignedCase<ReadingAnswer> Answer()
    {
        var request = MadeRequest();
        var made = ReadingAnswer.CreateAsync(Trustee, request, [1, 2, 3, 4, 5]).AsTask().GetAwaiter().GetResult();
        return new(nameof(ReadingAnswer), Domains.SignReadingAnswer, Trustee, made, answer => answer.Signed, answer => $"{answer.Trustee} {Hex(answer.RequestHash)}",
            (ReadOnlySpan<byte> signed, out ReadingAnswer? answer) => ReadingAnswer.TryVerify(signed, request, out answer))
        {
            Counts = [23 + 64 + 80],
            Malformations =
            [
                new("of another trustee", 23, Asker.PublicKey.Bytes.ToArray()), new("to another request", 23 + 32, new byte[32]), new("shorter than a tag", 23 + 64 + 80, [0, 0, 0, 15]),
            ],
        };
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}

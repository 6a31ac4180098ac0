using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Readings;

namespace Salus.EndToEnd.Tests;

/// <summary>A trustee in the test's hands, for readings alone: with keys of its own, all that it sees kept, and answers that may be lies.</summary>
internal sealed class HandTrustee : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SigningKey _signing = SigningKey.Generate();
    private readonly UnboxingKey _box = new(RandomNumberGenerator.GetBytes(32));
    private readonly List<(ReadingBatch Batch, ReadingItem Item)> _batches = [];

    private HandTrustee(WebApplication app, string name) => (_app, Name) = (app, name);

    public string Name { get; }

    public TrusteeParty Party => new(Name, new Uri(_app.Urls.Single()), _signing.PublicKey.ToString(), _box.PublicKey.ToString());

    public VerifyingKey Key => _signing.PublicKey;

    /// <summary>Bodies as they came over the wire.</summary>
    public List<byte[]> Wire { get; } = [];

    /// <summary>What was in them, opened.</summary>
    public List<ReadingItem> Items { get; } = [];

    /// <summary>The lie.</summary>
    public Func<ReadingPage, ReadingPage> Change { get; set; } = page => page;

    public static async Task<HandTrustee> StartAsync(string name)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var made = new HandTrustee(app, name);
        app.MapPost(Paths.Readings, async (HttpRequest request) => TypedResults.Bytes(await made.TakeAsync(await BytesAsync(request))));
        app.MapPost(Paths.ReadingRequests, async (HttpRequest request) => TypedResults.Bytes(await made.AnswerAsync(await BytesAsync(request))));
        await app.StartAsync();
        return made;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _signing.Dispose();
        _box.Dispose();
    }

    private static async Task<byte[]> BytesAsync(HttpRequest request)
    {
        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private async Task<byte[]> TakeAsync(byte[] body)
    {
        Assert.True(ReadingUpload.TryVerify(body, out var upload));
        var items = await upload.OpenAsync(_box);
        lock (_batches)
        {
            Wire.Add(body);
            foreach (var item in items!)
            {
                Items.Add(item);
                if (item.Kind == ReadingItemKind.Batch && ReadingBatch.TryVerify(item.Signed, out var batch) && _batches.TrueForAll(kept => !kept.Batch.Hash.AsSpan().SequenceEqual(batch.Hash)))
                    _batches.Add((batch, item));
            }
        }
        return ReadingReceipt.Create(_signing, upload, TimeProvider.System.GetUtcNow()).Signed;
    }

    private async Task<byte[]> AnswerAsync(byte[] body)
    {
        Assert.True(ReadingRequest.TryVerify(body, out var request));
        byte[] content;
        lock (_batches)
        {
            var span = request.Span;
            content = span is null
                ? SeriesList.Encode([.. Items.Where(item => item.Kind == ReadingItemKind.Series).Select(item => item.Signed)])
                : Change(new ReadingPage(null, false, [.. _batches.Where(kept => kept.Batch.Series == span.Series).OrderBy(kept => kept.Batch.Feed.Value).ThenBy(kept => kept.Batch.Sequence)
                    .Select(kept => Paged(kept.Batch, kept.Item, kept.Batch.Meets(span.From, span.To)))])).Encode();
        }
        return (await ReadingAnswer.CreateAsync(_signing, request, content)).Signed;
    }

    private static PagedBatch Paged(ReadingBatch batch, ReadingItem item, bool isWithin) =>
        new(batch, isWithin && ReadingTimes.TryParse(item.Times, out var times) ? times : null, isWithin ? item.Parcel : null, null);
}

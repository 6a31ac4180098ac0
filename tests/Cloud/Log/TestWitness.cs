using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Salus.Crypto;
using Salus.Crypto.Merkle;
using Salus.Protocol.Http;
using Salus.Protocol.Log;
using Salus.Testing;

namespace Salus.Cloud.Tests.Log;

/// <summary>A trustee that is a witness and nothing else: it holds every push to all that it has followed before, in memory, over restarts of its server.</summary>
internal sealed class TestWitness : IAsyncDisposable
{
    private readonly NoteSigner _signer = NoteSigner.Witness(Secret.Random(32));
    private readonly int _port = FreePort.Next();
    private readonly Lock _lock = new();
    private readonly TreeHasher _tree = new();
    private WebApplication? _app;

    public Uri Url => new($"http://localhost:{_port}");

    public NoteKey Key => _signer.Key;

    /// <summary>The key of the log that it follows; known once the cloud has started.</summary>
    public NoteKey? Log { get; set; }

    /// <summary>What was pushed that no honest log pushes.</summary>
    public List<string> Lies { get; } = [];

    public int Pushes { get; private set; }

    public long Size
    {
        get
        {
            lock (_lock)
                return _tree.Count;
        }
    }

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel().UseUrls(Url.ToString());
        builder.Services.AddRouting();
        _app = builder.Build();
        _app.MapPost(Paths.WitnessEntries, async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            return Follow(body.ToArray());
        });
        await _app.StartAsync();
    }

    public async Task StopAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _app = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _tree.Dispose();
        _signer.Dispose();
    }

    private IResult Follow(byte[] body)
    {
        if (Log is null)
            return Results.StatusCode(503);
        lock (_lock)
        {
            Pushes++;
            if (!WitnessPush.TryParse(body, out var push) || !SignedCheckpoint.TryRead(push.Note, new LogKeys(Log, []), out var signed))
                return Lie("no push of the log");
            if (push.OldSize != _tree.Count)
                return Results.Text(WitnessPush.EncodeSize(_tree.Count), WitnessPush.SizeType, statusCode: 409);
            foreach (var entry in push.Entries)
                _tree.Append(entry.LeafHash);
            var root = new byte[32];
            _tree.Root(root);
            if (signed.Size != _tree.Count || !signed.Root.SequenceEqual(root))
                return Lie($"another tree of {signed.Size}");
            return Results.Text(Cosignature.Sign(_signer, signed.Checkpoint, DateTimeOffset.UtcNow).ToLine());
        }
    }

    private IResult Lie(string what)
    {
        Lies.Add(what);
        return Results.StatusCode(422);
    }
}

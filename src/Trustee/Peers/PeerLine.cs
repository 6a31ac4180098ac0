using System.Buffers.Binary;
using System.Threading.Channels;
using Salus.Crypto.Primitives;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Statistics;

namespace Salus.Trustee.Peers;

/// <summary>
/// What passes between this trustee and one other in one computation. A message is cut into pieces of at most <see cref="PieceSize"/>; pieces go out several in a request,
/// in order and numbered, and come in as they are opened. Both queues are short: who sends faster than the other takes waits, and who takes too long ends the computation.
/// Body of a request: computation 32 | sender 32 | number of the first piece u64 | pieces (length u32 | sealed). A piece: its kind u8 | bytes.
/// </summary>
internal sealed class PeerLine : IAsyncDisposable
{
    public const int PieceSize = 256 * 1024;
    public const int MaxBody = 2 * 1024 * 1024;

    // Kinds of pieces.
    private const byte More = 0;
    private const byte Last = 1;
    private const byte Leaving = 2;

    private const int QueuedPieces = 32;
    private const int HeaderSize = PeerHello.ComputationSize + VerifyingKey.Size + sizeof(ulong);
    private const int SealedSize = 1 + PieceSize + Aead.TagSize;

    private readonly Peer _peer;
    private readonly HttpClient _http;
    private readonly byte[] _header;
    private readonly PeerCipher _outgoing;
    private readonly TimeSpan _patience;
    private readonly Channel<byte[]> _toSend = Channel.CreateBounded<byte[]>(QueuedPieces);
    private readonly Channel<byte[]> _received = Channel.CreateBounded<byte[]>(QueuedPieces);
    private readonly TaskCompletionSource<PeerCipher> _incoming = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _taking = new(1);
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _sending;
    private ulong _sent;
    private ulong _taken;

    public PeerLine(Peer peer, HttpClient http, VerifyingKey self, PeerHello hello, PeerCipher outgoing, TimeSpan patience)
    {
        (_peer, _http, _outgoing, _patience) = (peer, http, outgoing, patience);
        _header = [.. hello.Computation, .. self.Bytes];
        _sending = SendAllAsync();
    }

    /// <summary>Both sides have said hello.</summary>
    public async Task GreetAsync(PeerHello hello, CancellationToken cancel)
    {
        await PostAsync(Paths.PeerHellos, hello.Signed, "does not take part in the computation", cancel);
        try
        {
            await _incoming.Task.WaitAsync(_patience, cancel);
        }
        catch (TimeoutException late)
        {
            throw new PeerException(_peer, "does not take part in the computation", late);
        }
    }

    /// <summary>Takes the other's hello, once.</summary>
    public bool TryTake(PeerCipher incoming) => _incoming.TrySetResult(incoming);

    /// <summary>Hands a message to the queue. Returns before it has arrived; waits while the queue is full.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancel)
    {
        do
        {
            var size = Math.Min(message.Length, PieceSize);
            var piece = new byte[1 + size];
            piece[0] = size == message.Length ? Last : More;
            message.Span[..size].CopyTo(piece.AsSpan(1));
            message = message[size..];
            await WithinAsync(within => _toSend.Writer.WriteAsync(piece, within), cancel);
            if (piece[0] == Last)
                return;
        }
        while (true);
    }

    /// <summary>The next message, which has this very length.</summary>
    public async ValueTask<byte[]> ReceiveAsync(int length, CancellationToken cancel)
    {
        var message = new byte[length];
        var filled = 0;
        while (true)
        {
            byte[] piece = [];
            await WithinAsync(async within => piece = await _received.Reader.ReadAsync(within), cancel);
            if (piece.Length - 1 > length - filled || (piece[0] == Last) != (filled + piece.Length - 1 == length))
                throw new PeerException(_peer, "sent a message of another length than the protocol says");
            piece.AsSpan(1).CopyTo(message.AsSpan(filled));
            filled += piece.Length - 1;
            if (piece[0] == Last)
                return message;
        }
    }

    /// <summary>Takes a request of the other's: false when it is not what the other sealed, in its place. Pieces that were taken before are passed over.</summary>
    public async Task<bool> TryTakeAsync(ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        if (!_incoming.Task.IsCompletedSuccessfully || !TryReadPieces(body, out var number, out var pieces))
            return false;
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancel, _ending.Token);
        within.CancelAfter(_patience);
        await _taking.WaitAsync(within.Token);
        try
        {
            for (var i = 0; i < pieces.Count; i++, number++)
            {
                if (number < _taken)
                    continue;
                if (number != _taken || await (await _incoming.Task).OpenAsync(number, pieces[i]) is not { Length: > 0 } piece || piece[0] > Leaving
                    || (piece[0] == More && piece.Length == 1))
                    return false;
                _taken++;
                if (piece[0] == Leaving)
                    _received.Writer.TryComplete(new PeerException(_peer, "gave the computation up"));
                else
                    await _received.Writer.WriteAsync(piece, within.Token);
            }
            return true;
        }
        finally
        {
            _taking.Release();
        }
    }

    /// <summary>Whether a body is long enough to say what it belongs to, and what that is.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> body, out byte[] computation, out VerifyingKey sender)
    {
        computation = body.Length < HeaderSize ? [] : body[..PeerHello.ComputationSize].ToArray();
        return VerifyingKey.TryParse(body.Length < HeaderSize ? [] : body.Slice(PeerHello.ComputationSize, VerifyingKey.Size), out sender);
    }

    /// <summary>The pieces of a body behind its header, sealed as they are, and the number of the first.</summary>
    internal static bool TryReadPieces(ReadOnlyMemory<byte> body, out ulong number, out List<ReadOnlyMemory<byte>> pieces)
    {
        (number, pieces) = (0, []);
        if (body.Length < HeaderSize)
            return false;
        number = BinaryPrimitives.ReadUInt64BigEndian(body.Span[(HeaderSize - sizeof(ulong))..]);
        for (body = body[HeaderSize..]; !body.IsEmpty;)
        {
            if (body.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32BigEndian(body.Span) is var length && (length is <= Aead.TagSize or > SealedSize || length > body.Length - sizeof(uint)))
                return false;
            pieces.Add(body.Slice(sizeof(uint), (int)length));
            body = body[(sizeof(uint) + (int)length)..];
        }
        return true;
    }

    /// <summary>What was handed to the queue has arrived.</summary>
    public async Task FlushAsync(CancellationToken cancel)
    {
        _toSend.Writer.TryComplete();
        await _sending.WaitAsync(cancel);
    }

    /// <summary>Lets the other know that nothing more comes, if it can be reached at once: it need not wait then.</summary>
    public async Task LeaveAsync()
    {
        _toSend.Writer.TryWrite([Leaving]);
        _toSend.Writer.TryComplete();
        await Task.WhenAny(_sending, Task.Delay(TimeSpan.FromSeconds(1)));
    }

    public async ValueTask DisposeAsync()
    {
        _toSend.Writer.TryComplete();
        await _ending.CancelAsync();
        _received.Writer.TryComplete();
        await _sending.ContinueWith(_ => { }, TaskScheduler.Default);
        await _taking.WaitAsync();
        _outgoing.Dispose();
        if (_incoming.Task.IsCompletedSuccessfully)
            (await _incoming.Task).Dispose();
        _incoming.TrySetCanceled();
        _taking.Release();
        _ending.Dispose();
    }

    private async Task SendAllAsync()
    {
        try
        {
            while (await _toSend.Reader.WaitToReadAsync(_ending.Token))
            {
                using var body = new MemoryStream();
                body.Write(_header);
                body.Write(BigEndian(_sent));
                while (body.Length <= MaxBody - sizeof(uint) - SealedSize && _toSend.Reader.TryRead(out var piece))
                {
                    var sealedPiece = await _outgoing.SealAsync(_sent++, piece);
                    body.Write(BigEndian((uint)sealedPiece.Length));
                    body.Write(sealedPiece);
                }
                await PostAsync(Paths.PeerPieces, body.ToArray(), "left the computation", _ending.Token);
            }
        }
        catch (Exception failure) when (failure is PeerException or OperationCanceledException)
        {
            // Whoever waits for this peer learns why.
            _toSend.Writer.TryComplete(failure);
            _received.Writer.TryComplete(failure);
            throw;
        }
    }

    private async Task PostAsync(string path, byte[] body, string otherwise, CancellationToken cancel)
    {
        if (_peer.Url is not { } url)
            throw new PeerException(_peer, "has no address in this trustee's configuration");
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        within.CancelAfter(_patience);
        try
        {
            using var content = new ByteArrayContent(body);
            using var response = await _http.PostAsync(new Uri(url, path), content, within.Token);
            if (!response.IsSuccessStatusCode)
                throw new PeerException(_peer, otherwise);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException || (failure is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new PeerException(_peer, "is away", failure);
        }
    }

    private async ValueTask WithinAsync(Func<CancellationToken, ValueTask> step, CancellationToken cancel)
    {
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        within.CancelAfter(_patience);
        try
        {
            await step(within.Token);
        }
        catch (ChannelClosedException closed)
        {
            throw closed.InnerException as PeerException ?? new PeerException(_peer, "left the computation", closed);
        }
        catch (OperationCanceledException late) when (!cancel.IsCancellationRequested)
        {
            throw new PeerException(_peer, "has stalled", late);
        }
    }

    private static byte[] BigEndian(ulong value)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] BigEndian(uint value)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}

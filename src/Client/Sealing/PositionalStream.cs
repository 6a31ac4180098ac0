using Microsoft.Win32.SafeHandles;

namespace Salus.Client.Sealing;

/// <summary>
/// Reads and writes at offsets that several workers may use at once. Files go straight to the system by their handle, complete before the call returns and
/// scatter or gather in one call; any other stream is taken in turns.
/// </summary>
internal sealed class PositionalStream : IDisposable
{
    private readonly Stream _stream;
    private readonly SafeFileHandle? _file;
    private readonly SemaphoreSlim _turn = new(1, 1);

    public PositionalStream(Stream stream)
    {
        if (!stream.CanSeek)
            throw new ArgumentException("The stream cannot seek.", nameof(stream));
        _stream = stream;
        _file = (stream as FileStream)?.SafeFileHandle;
    }

    public bool IsFile => _file is not null;

    public long Length => _file is not null ? RandomAccess.GetLength(_file) : _stream.Length;

    /// <summary>Fills the buffer unless the end comes first; returns how much.</summary>
    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellation)
    {
        var read = 0;
        if (_file is not null)
        {
            while (read < buffer.Length && RandomAccess.Read(_file, buffer.Span[read..], offset + read) is > 0 and var more)
                read += more;
            return read;
        }
        await _turn.WaitAsync(cancellation);
        try
        {
            _stream.Position = offset;
            return await _stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Writes the parts one after another from <paramref name="offset"/> on.</summary>
    public async ValueTask WriteAsync(long offset, IReadOnlyList<ReadOnlyMemory<byte>> parts, CancellationToken cancellation)
    {
        if (_file is not null)
        {
            RandomAccess.Write(_file, parts, offset);
            return;
        }
        await _turn.WaitAsync(cancellation);
        try
        {
            _stream.Position = offset;
            foreach (var part in parts)
                await _stream.WriteAsync(part, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => WriteAsync(offset, [bytes], cancellation);

    /// <summary>The stream stays open: it is the caller's.</summary>
    public void Dispose() => _turn.Dispose();
}

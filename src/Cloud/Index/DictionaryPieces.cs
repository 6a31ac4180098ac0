using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Data;

namespace Salus.Cloud.Index;

/// <summary>A dictionary in pieces of a mebibyte: large enough to be few, small enough to be rewritten while the last one grows.</summary>
internal static class DictionaryPieces
{
    public const int PieceSize = 1024 * 1024;

    /// <summary>Appends to a dictionary that has so many bytes.</summary>
    public static async Task AppendAsync(CloudDatabase database, int segment, long length, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (!bytes.IsEmpty)
        {
            var (piece, filled) = ((int)(length / PieceSize), (int)(length % PieceSize));
            var part = bytes[..Math.Min(bytes.Length, PieceSize - filled)].ToArray();
            if (filled == 0)
                await database.Database.ExecuteSqlAsync($"INSERT INTO cloud.index_dictionaries (segment, piece, bytes) VALUES ({segment}, {piece}, {part})", cancellation);
            else
                await database.Database.ExecuteSqlAsync(
                    $"UPDATE cloud.index_dictionaries SET bytes = bytes || {part} WHERE segment = {segment} AND piece = {piece}", cancellation);
            bytes = bytes[part.Length..];
            length += part.Length;
        }
    }

    /// <summary>SHA-256 of a dictionary of so many bytes; null when a piece is gone.</summary>
    public static async Task<byte[]?> HashAsync(CloudDatabase database, int segment, long length, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var piece = 0; (long)piece * PieceSize < length; piece++)
        {
            if (await PieceAsync(database, segment, piece, cancellation) is not { } bytes)
                return null;
            hash.AppendData(bytes.AsSpan(0, (int)Math.Min(bytes.Length, length - ((long)piece * PieceSize))));
        }
        return hash.GetHashAndReset();
    }

    public static Task<byte[]?> PieceAsync(CloudDatabase database, int segment, int piece, CancellationToken cancellation) =>
        database.DictionaryPieces.Where(row => row.Segment == segment && row.Piece == piece).Select(row => row.Bytes).SingleOrDefaultAsync(cancellation);
}

/// <summary>A published dictionary as a stream that can seek, so that the framework answers ranges of it.</summary>
internal sealed class DictionaryStream(CloudDatabase database, int segment, long length) : Stream
{
    private byte[] _bytes = [];
    private long _piece = -1;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position >= length)
            return 0;
        var (piece, at) = Math.DivRem(Position, DictionaryPieces.PieceSize);
        if (piece != _piece)
        {
            // Gone when a base has replaced the segment meanwhile: the answer breaks off, and the reader fetches the updates again.
            _bytes = await DictionaryPieces.PieceAsync(database, segment, (int)piece, cancellationToken) ?? throw new IOException("The dictionary is no longer here.");
            _piece = piece;
        }
        var count = (int)Math.Min(buffer.Length, Math.Min(_bytes.Length - at, length - Position));
        if (count <= 0)
            throw new IOException("The dictionary is shorter than its row says.");
        _bytes.AsMemory((int)at, count).CopyTo(buffer);
        Position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => length + offset,
    };

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

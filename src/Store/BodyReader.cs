using System.Buffers;
using System.IO.Pipelines;
using Microsoft.Win32.SafeHandles;

namespace Salus.Store;

/// <summary>Moves the body of a request between the network and a file, never more than the range that was announced.</summary>
internal static class BodyReader
{
    internal enum End { Whole, TooShort, TooLong, Different }

    /// <summary>Writes the body into the file from an offset on.</summary>
    public static Task<End> WriteAsync(PipeReader body, SafeFileHandle file, long offset, long length, CancellationToken cancel) =>
        ReadAsync(body, length, async (bytes, at) =>
        {
            await RandomAccess.WriteAsync(file, Segments(bytes), offset + at, cancel);
            return true;
        }, cancel);

    /// <summary>Compares the body with what is in the file from an offset on.</summary>
    public static async Task<End> CompareAsync(PipeReader body, SafeFileHandle file, long offset, long length, CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            return await ReadAsync(body, length, async (bytes, at) =>
            {
                foreach (var segment in bytes)
                    for (var rest = segment; rest.Length > 0;)
                    {
                        var read = await RandomAccess.ReadAsync(file, buffer.AsMemory(0, Math.Min(rest.Length, buffer.Length)), offset + at, cancel);
                        if (read == 0 || !rest.Span[..read].SequenceEqual(buffer.AsSpan(0, read)))
                            return false;
                        (rest, at) = (rest[read..], at + read);
                    }
                return true;
            }, cancel);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<End> ReadAsync(PipeReader body, long length, Func<ReadOnlySequence<byte>, long, ValueTask<bool>> take, CancellationToken cancel)
    {
        for (var done = 0L; ;)
        {
            var read = await body.ReadAsync(cancel);
            var bytes = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, length - done));
            var more = read.Buffer.Length > bytes.Length;
            try
            {
                if (bytes.Length > 0 && !await take(bytes, done))
                    return End.Different;
                done += bytes.Length;
            }
            finally
            {
                body.AdvanceTo(read.Buffer.End); // also when it ends here: Kestrel drains the rest
            }
            if (more)
                return End.TooLong;
            if (read.IsCompleted)
                return done == length ? End.Whole : End.TooShort;
        }
    }

    private static List<ReadOnlyMemory<byte>> Segments(ReadOnlySequence<byte> bytes)
    {
        var segments = new List<ReadOnlyMemory<byte>>();
        foreach (var segment in bytes)
            segments.Add(segment);
        return segments;
    }
}

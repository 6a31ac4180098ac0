using Microsoft.Win32.SafeHandles;

namespace Salus.Client.Sealing;

/// <summary>
/// Bytes of one fragment, wherever they are. Whoever opens trusts nothing of it: lies, errors and silence are all withstood. Several reads may run at once.
/// </summary>
public abstract class FragmentSource
{
    /// <summary>How people know it: a store's or file's name, for reports.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Reads up to <paramref name="buffer"/>'s length from <paramref name="offset"/> on; fewer is allowed, 0 is the end. Throws what it will when it cannot
    /// (<see cref="FileNotFoundException"/> when there is no such fragment). A read given up may still write to its buffer, which is not used again.
    /// </summary>
    public abstract ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellation);

    /// <summary>Turns to another place that may have the fragment, when the bytes of this one are not those signed. False: there is none.</summary>
    internal virtual ValueTask<bool> TryElsewhereAsync(CancellationToken cancellation) => ValueTask.FromResult(false);

    /// <summary>Reads that are over when they return and cannot stall may fill many buffers in place. Null: not such a source.</summary>
    internal virtual long? ReadNow(long offset, IReadOnlyList<Memory<byte>> buffers) => null;
}

/// <summary>A fragment in a local file.</summary>
public sealed class FileFragment : FragmentSource, IDisposable
{
    private readonly SafeFileHandle _file;

    public FileFragment(string path)
    {
        Name = path;
        _file = File.OpenHandle(path);
    }

    public override string Name { get; }

    public override ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellation) =>
        ValueTask.FromResult(RandomAccess.Read(_file, buffer.Span, offset));

    public void Dispose() => _file.Dispose();

    internal override long? ReadNow(long offset, IReadOnlyList<Memory<byte>> buffers)
    {
        // One call as a rule; what a file system leaves over is read buffer by buffer.
        var read = RandomAccess.Read(_file, buffers, offset);
        var before = 0L;
        foreach (var buffer in buffers)
        {
            while (read >= before && read < before + buffer.Length)
            {
                var more = RandomAccess.Read(_file, buffer.Span[(int)(read - before)..], offset + read);
                if (more == 0)
                    return read;
                read += more;
            }
            before += buffer.Length;
        }
        return read;
    }
}

/// <summary>A fragment in memory.</summary>
public sealed class MemoryFragment(string name, ReadOnlyMemory<byte> bytes) : FragmentSource
{
    public override string Name => name;

    public override ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellation)
    {
        var from = (int)Math.Min(offset, bytes.Length);
        var read = Math.Min(buffer.Length, bytes.Length - from);
        bytes.Slice(from, read).CopyTo(buffer);
        return ValueTask.FromResult(read);
    }
}

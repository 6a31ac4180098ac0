using System.Buffers.Text;

namespace Salus.Bench.Harness;

/// <summary>Watches the anonymous memory of its own process from a thread, every millisecond, without allocating.</summary>
internal sealed class PeakMemory : IDisposable
{
    private readonly FileStream _status = new("/proc/self/status", FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
    private readonly byte[] _text = new byte[8192];
    private readonly Thread _thread;
    private volatile bool _stopped;
    private long _peak;

    public PeakMemory()
    {
        _thread = new Thread(Watch) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Largest heap that a collection left, in bytes; 0 when there was none.</summary>
    public long LargestHeap { get; private set; }

    /// <summary>Bytes by which the peak while <paramref name="work"/> ran was above what there was before, after a full collection that gives memory back.</summary>
    public long GrowthDuring(Action work)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        long before;
        lock (_status)
            before = _peak = Anonymous();
        work();
        LargestHeap = Math.Max(LargestHeap, GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes);
        lock (_status)
            return Math.Max(_peak, Anonymous()) - before;
    }

    public void Dispose()
    {
        _stopped = true;
        _thread.Join();
        _status.Dispose();
    }

    private void Watch()
    {
        while (!_stopped)
        {
            lock (_status)
                _peak = Math.Max(_peak, Anonymous());
            Thread.Sleep(1);
        }
    }

    /// <summary>RssAnon of proc(5), in bytes.</summary>
    private long Anonymous()
    {
        var length = RandomAccess.Read(_status.SafeFileHandle, _text, 0);
        var line = _text.AsSpan(0, length);
        var at = line.IndexOf("RssAnon:"u8);
        line = line[(at + 8)..].TrimStart("\t "u8);
        return Utf8Parser.TryParse(line, out long kibibytes, out _) && at >= 0
            ? kibibytes * 1024
            : throw new InvalidOperationException("/proc/self/status has no RssAnon.");
    }
}

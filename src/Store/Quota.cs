namespace Salus.Store;

/// <summary>Bytes promised and kept, never more than the limit. An upload counts with its whole size from its first byte on, so that it can be finished.</summary>
internal sealed class Quota(long limit)
{
    private readonly Lock _lock = new();
    private long _used;

    public long Limit => limit;

    public long Used
    {
        get
        {
            lock (_lock)
                return _used;
        }
    }

    public bool TryReserve(long bytes)
    {
        lock (_lock)
        {
            if (bytes > limit - _used)
                return false;
            _used += bytes;
            return true;
        }
    }

    /// <summary>Counts what is there already, even beyond the limit: a limit that was lowered deletes nothing.</summary>
    public void Count(long bytes)
    {
        lock (_lock)
            _used += bytes;
    }

    public void Release(long bytes)
    {
        lock (_lock)
            _used -= bytes;
    }
}

namespace Salus.Store;

/// <summary>One writer at a time for each address; addresses do not wait for one another.</summary>
internal sealed class AddressLocks
{
    private readonly Dictionary<FragmentAddress, Entry> _entries = [];

    /// <summary>Null when another holds the address for longer than <paramref name="patience"/>. Dispose of it to let the next in.</summary>
    public async Task<IDisposable?> TryEnterAsync(FragmentAddress address, TimeSpan patience, CancellationToken cancel)
    {
        Entry? entry;
        lock (_entries)
        {
            if (!_entries.TryGetValue(address, out entry))
                _entries.Add(address, entry = new Entry());
            entry.Users++;
        }
        var entered = false;
        try
        {
            entered = await entry.Gate.WaitAsync(patience, cancel);
        }
        finally
        {
            if (!entered)
                Leave(address, entry);
        }
        return entered ? new Hold(this, address, entry) : null;
    }

    private void Leave(FragmentAddress address, Entry entry)
    {
        lock (_entries)
            if (--entry.Users == 0)
            {
                _entries.Remove(address);
                entry.Gate.Dispose();
            }
    }

    private sealed class Entry
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public int Users { get; set; }
    }

    private sealed class Hold(AddressLocks locks, FragmentAddress address, Entry entry) : IDisposable
    {
        public void Dispose()
        {
            entry.Gate.Release();
            locks.Leave(address, entry);
        }
    }
}

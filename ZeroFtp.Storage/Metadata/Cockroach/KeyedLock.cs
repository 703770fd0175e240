using System.Collections.Concurrent;

namespace ZeroFtp.Storage.Metadata.Cockroach;

/// <summary>One lock a key. Writers into one directory wait for each other here, where waiting is cheap, instead of aborting each other in the database.</summary>
internal sealed class KeyedLock
{
    private readonly ConcurrentDictionary<long, Entry> _entries = new();

    /// <summary>How many keys are in use.</summary>
    public int Count => _entries.Count;

    /// <summary>Waits for the key; dispose the answer to let the next one go.</summary>
    public async ValueTask<Holder> EnterAsync(long key, CancellationToken cancellationToken)
    {
        Entry entry;
        while (true)
        {
            entry = _entries.GetOrAdd(key, static _ => new Entry());
            lock (entry)
            {
                if (entry.IsGone)
                    continue;
                entry.Users++;
                break;
            }
        }
        try
        {
            await entry.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Leave(key, entry);
            throw;
        }
        return new Holder(this, key, entry);
    }

    private void Leave(long key, Entry entry)
    {
        lock (entry)
        {
            if (--entry.Users > 0)
                return;
            entry.IsGone = true;
        }
        _entries.TryRemove(key, out _);
        entry.Gate.Dispose();
    }

    /// <summary>The holder of a key.</summary>
    internal readonly struct Holder(KeyedLock owner, long key, Entry entry) : IDisposable
    {
        public void Dispose()
        {
            entry.Gate.Release();
            owner.Leave(key, entry);
        }
    }

    internal sealed class Entry
    {
        public SemaphoreSlim Gate { get; } = new(1);

        public int Users { get; set; }

        public bool IsGone { get; set; }
    }
}

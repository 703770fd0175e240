using System.Collections.Concurrent;

namespace ZeroFtp.Storage.Metadata.Postgres;

/// <summary>
/// One lock per key. Writers into the same directory wait for each other here, where waiting is cheap, instead of aborting each other in the database.
/// </summary>
internal sealed class KeyedLock
{
    private readonly ConcurrentDictionary<long, Entry> _entries = new();

    /// <summary>The number of keys in use.</summary>
    public int Count => _entries.Count;

    /// <summary>Waits for the key. Dispose the result to release it.</summary>
    /// <exception cref="TimeoutException">The key was not free within <paramref name="longest"/>.</exception>
    public async ValueTask<Holder> EnterAsync(long key, TimeSpan longest, TimeProvider clock, CancellationToken cancellationToken)
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
            if (!entry.Gate.Wait(0, CancellationToken.None))
                await WaitAsync(entry.Gate, longest, clock, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Leave(key, entry);
            throw;
        }
        return new Holder(this, key, entry);
    }

    private static async Task WaitAsync(SemaphoreSlim gate, TimeSpan longest, TimeProvider clock, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(longest, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await gate.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("Other operations in the same directory took too long.");
        }
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

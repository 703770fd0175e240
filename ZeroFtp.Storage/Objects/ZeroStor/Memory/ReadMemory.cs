namespace ZeroFtp.Storage.Objects.ZeroStor.Memory;

/// <summary>
/// The memory budget of all downloads. When it is used up, downloads whose clients do not read release what was fetched for them, and fetch it again when they
/// need it. Slow clients thus cost the store some reads, and other clients nothing.
/// </summary>
internal sealed class ReadMemory(long bytes, TimeProvider timeProvider)
{
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly LinkedList<IHolder> _holders = new();

    internal interface IHolder
    {
        /// <summary>When it last started to wait for its client, or was created if it was not read yet; null if it is not waiting.</summary>
        long? IdleSince { get; }

        /// <summary>Releases the memory that it can spare.</summary>
        void GiveBack();
    }

    public MemoryBudget Budget { get; } = new(bytes);

    public LinkedListNode<IHolder> Register(IHolder holder)
    {
        lock (_lock)
            return _holders.AddLast(holder);
    }

    public void Unregister(LinkedListNode<IHolder> holder)
    {
        lock (_lock)
            _holders.Remove(holder);
    }

    public async ValueTask TakeAsync(long count, CancellationToken cancellationToken)
    {
        Task taking = Budget.TakeAsync(count, cancellationToken).AsTask();
        while (!taking.IsCompleted)
        {
            ReclaimFromIdle();
            await Task.WhenAny(taking, Task.Delay(IdleTimeout, timeProvider, CancellationToken.None)).ConfigureAwait(false);
        }

        await taking.ConfigureAwait(false);
    }

    private void ReclaimFromIdle()
    {
        IHolder[] holders;
        lock (_lock)
            holders = [.. _holders];
        // The youngest ones need their memory last.
        for (int i = holders.Length - 1; i >= 0 && Budget.Waiting > 0; i--)
        {
            if (holders[i].IdleSince is { } since && timeProvider.GetElapsedTime(since) >= IdleTimeout)
                holders[i].GiveBack();
        }
    }
}

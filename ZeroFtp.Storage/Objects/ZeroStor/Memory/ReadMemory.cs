namespace ZeroFtp.Storage.Objects.ZeroStor.Memory;

/// <summary>
/// The memory of all downloads. When it is used up, those whose clients do not take what was fetched for them give it back, and fetch it again when they need it: slow clients cost a store some reads, and
/// other clients nothing.
/// </summary>
internal sealed class ReadMemory(long octets, TimeProvider timeProvider)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly LinkedList<IHolder> _holders = new();

    internal interface IHolder
    {
        /// <summary>When it last began to wait for its client (or has not been asked for anything yet); null if it does not wait.</summary>
        long? IdleSince { get; }

        /// <summary>Gives back what it can spare.</summary>
        void GiveBack();
    }

    public MemoryBudget Budget { get; } = new(octets);

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
            await Task.WhenAny(taking, Task.Delay(Patience, timeProvider, CancellationToken.None)).ConfigureAwait(false);
        }

        await taking.ConfigureAwait(false);
    }

    private void ReclaimFromIdle()
    {
        IHolder[] holders;
        lock (_lock)
            holders = [.. _holders];
        // The youngest will be needed last.
        for (int i = holders.Length - 1; i >= 0 && Budget.Waiting > 0; i--)
        {
            if (holders[i].IdleSince is { } since && timeProvider.GetElapsedTime(since) >= Patience)
                holders[i].GiveBack();
        }
    }
}

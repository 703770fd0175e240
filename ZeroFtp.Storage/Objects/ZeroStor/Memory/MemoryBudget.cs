namespace ZeroFtp.Storage.Objects.ZeroStor.Memory;

/// <summary>A byte budget with FIFO waiters, so that small requests cannot starve a large one.</summary>
internal sealed class MemoryBudget(long bytes)
{
    private readonly long _all = bytes;
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiters = new();
    private long _free = bytes;

    public long InUse
    {
        get
        {
            lock (_lock)
                return _all - _free;
        }
    }

    public int Waiting
    {
        get
        {
            lock (_lock)
                return _waiters.Count;
        }
    }

    /// <summary>Takes the bytes at once or not at all. Never overtakes a waiter.</summary>
    public bool TryTake(long count)
    {
        lock (_lock)
        {
            if (_waiters.Count > 0 || _free < count)
                return false;
            _free -= count;
            return true;
        }
    }

    public async ValueTask TakeAsync(long count, CancellationToken cancellationToken)
    {
        if (count > _all)
            throw new ArgumentOutOfRangeException(nameof(count), count, "More than the whole budget.");
        if (TryTake(count))
            return;
        cancellationToken.ThrowIfCancellationRequested();
        LinkedListNode<Waiter> node = new(new Waiter(count));
        lock (_lock)
        {
            _waiters.AddLast(node);
            Serve();
        }

        using CancellationTokenRegistration registration =
            cancellationToken.UnsafeRegister(static (state, token) => ((Waiter)state!).Granted.TrySetCanceled(token), node.Value);
        try
        {
            await node.Value.Granted.Task.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                if (node.List is not null)
                    _waiters.Remove(node);
                Serve();
            }

            throw;
        }
    }

    public void Return(long count)
    {
        lock (_lock)
        {
            _free += count;
            Serve();
        }
    }

    private void Serve()
    {
        while (_waiters.First is { } first && (first.Value.Granted.Task.IsCompleted || _free >= first.Value.Count))
        {
            _waiters.RemoveFirst();
            if (first.Value.Granted.TrySetResult())
                _free -= first.Value.Count;
        }
    }

    private sealed record Waiter(long Count)
    {
        public TaskCompletionSource Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

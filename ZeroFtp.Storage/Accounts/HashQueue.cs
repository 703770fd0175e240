using System.Net;

namespace ZeroFtp.Storage.Accounts;

/// <summary>
/// The queue for password hashing. Clients take turns, and each client's requests are served in order, so that an address with a thousand guesses delays
/// another client's login by one hashing, not by a thousand.
/// </summary>
/// <remarks>
/// With one slot and the waiting lists A: 1 2 3, B: 4, C: 5 6 the order is 1 4 5 2 6 3. When <see cref="PasswordOptions.MaxWaiting"/> requests wait, a newcomer
/// displaces the last one of the longest list, unless its own list is the longest. A request that is displaced, or waits longer than
/// <see cref="PasswordOptions.MaxWait"/>, fails with a <see cref="HashQueueException"/>.
/// </remarks>
internal sealed class HashQueue(int slots, int maxWaiting, TimeSpan maxWait, TimeProvider clock)
{
    private readonly Dictionary<IPNetwork, LinkedList<Waiter>> _waiting = [];
    private readonly LinkedList<IPNetwork> _turns = new();
    private readonly Lock _lock = new();
    private int _free = slots;
    private int _count;

    /// <summary>The number of requests that are waiting.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
                return _count;
        }
    }

    /// <summary>Waits for a slot. Release it with <see cref="Leave"/>.</summary>
    /// <param name="client">The client's network. Clients without an address share one list.</param>
    /// <param name="cancellationToken">Leaves the queue.</param>
    /// <exception cref="HashQueueException">The queue is full, or the wait was too long.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask EnterAsync(IPNetwork? client, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Waiter waiter;
        Waiter? displaced = null;
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return;
            }
            IPNetwork key = client ?? default;
            if (_count >= maxWaiting && !TryDisplace(key, out displaced))
                throw new HashQueueException($"{_count} passwords are waiting to be hashed (passwords:maxWaiting).");
            waiter = Add(key);
        }
        displaced?.Fail(new HashQueueException("A client with fewer passwords to hash took the place (passwords:maxWaiting)."));
        using CancellationTokenRegistration left = cancellationToken.UnsafeRegister(static (state, token) => ((Waiter)state!).Leave(token), waiter);
        ITimer timer = clock.CreateTimer(static state => ((Waiter)state!).TimeOut(), waiter, maxWait, Timeout.InfiniteTimeSpan);
        await using (timer.ConfigureAwait(false))
            await waiter.Turn.ConfigureAwait(false);
    }

    /// <summary>Releases a slot and passes it to the next client in turn.</summary>
    public void Leave()
    {
        Waiter next;
        lock (_lock)
        {
            if (_turns.First is not { } turn)
            {
                _free++;
                return;
            }
            LinkedList<Waiter> own = _waiting[turn.Value];
            next = own.First!.Value;
            Remove(next);
            // A client with more requests goes to the end of the line.
            if (own.Count > 0)
            {
                _turns.Remove(turn);
                _turns.AddLast(turn);
            }
        }
        next.Start();
    }

    private Waiter Add(IPNetwork key)
    {
        if (!_waiting.TryGetValue(key, out LinkedList<Waiter>? own))
        {
            _waiting[key] = own = new LinkedList<Waiter>();
            _turns.AddLast(key);
        }
        Waiter waiter = new(this, key);
        own.AddLast(waiter.Node);
        _count++;
        return waiter;
    }

    private bool TryDisplace(IPNetwork key, out Waiter? displaced)
    {
        displaced = null;
        LinkedList<Waiter> longest = _waiting.Values.MaxBy(static own => own.Count)!;
        if (longest.Count <= (_waiting.GetValueOrDefault(key)?.Count ?? 0) + 1)
            return false;
        displaced = longest.Last!.Value;
        Remove(displaced);
        return true;
    }

    /// <summary>Removes a waiter. Returns false if it was already removed.</summary>
    private bool Remove(Waiter waiter)
    {
        if (waiter.Node.List is not { } own)
            return false;
        own.Remove(waiter.Node);
        _count--;
        if (own.Count == 0)
        {
            _waiting.Remove(waiter.Key);
            _turns.Remove(waiter.Key);
        }
        return true;
    }

    private sealed class Waiter
    {
        private readonly HashQueue _queue;
        private readonly TaskCompletionSource _turn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Waiter(HashQueue queue, IPNetwork key)
        {
            _queue = queue;
            Key = key;
            Node = new LinkedListNode<Waiter>(this);
        }

        public IPNetwork Key { get; }

        public LinkedListNode<Waiter> Node { get; }

        public Task Turn => _turn.Task;

        public void Start() => _turn.TrySetResult();

        public void Fail(Exception exception) => _turn.TrySetException(exception);

        public void Leave(CancellationToken cancellationToken)
        {
            if (TryRemove())
                _turn.TrySetCanceled(cancellationToken);
        }

        public void TimeOut()
        {
            if (TryRemove())
                _turn.TrySetException(new HashQueueException("The password waited too long to be hashed (passwords:maxWait)."));
        }

        // Only the thread that removed the waiter may end its wait; otherwise a slot could go to a request that has left.
        private bool TryRemove()
        {
            lock (_queue._lock)
                return _queue.Remove(this);
        }
    }
}

/// <summary>Thrown when a password was not hashed because too many others are waiting.</summary>
internal sealed class HashQueueException(string message) : Exception(message);

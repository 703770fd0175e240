namespace ZeroFtp.Storage.Content;

/// <summary>Knows when the oldest running download opened its file, so that no content that it may still need is collected.</summary>
internal sealed class ActiveReads(Func<long> now, TimeProvider timeProvider)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Start> _starts = [];

    /// <summary>When the oldest running download began, or null if none runs.</summary>
    public long? Oldest
    {
        get
        {
            lock (_lock)
            {
                long? oldest = null;
                for (LinkedListNode<Start>? node = _starts.First; node is not null; node = node.Next)
                {
                    Lower(ref node.ValueRef);
                    oldest = Math.Min(oldest ?? long.MaxValue, node.ValueRef.Time);
                }
                return oldest;
            }
        }
    }

    /// <summary>Registers a download that begins now; to be called before it looks up its content, and to be disposed when it ends.</summary>
    public IDisposable Begin()
    {
        lock (_lock)
            return new Registration(this, _starts.AddLast(new Start(now(), timeProvider.GetTimestamp())));
    }

    /// <summary>
    /// A clock that was set back gives content that goes from now on a time before the start that it told. Counted back from now the start is before all of that; it never rises again, since the clock may be
    /// set forward too.
    /// </summary>
    private void Lower(ref Start start)
    {
        long counted = now() - (timeProvider.GetElapsedTime(start.Timestamp).Ticks / TimeSpan.TicksPerMicrosecond);
        start = start with { Time = Math.Min(start.Time, counted) };
    }

    private readonly record struct Start(long Time, long Timestamp);

    private sealed class Registration(ActiveReads reads, LinkedListNode<Start> node) : IDisposable
    {
        public void Dispose()
        {
            lock (reads._lock)
            {
                if (node.List is not null)
                    reads._starts.Remove(node);
            }
        }
    }
}

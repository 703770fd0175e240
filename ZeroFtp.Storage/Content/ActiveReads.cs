namespace ZeroFtp.Storage.Content;

/// <summary>Tracks when the oldest running download opened its file, so that no content that it may still need is collected.</summary>
internal sealed class ActiveReads(Func<long> now, TimeProvider timeProvider)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Start> _starts = [];

    /// <summary>When the oldest running download started, or null if none is running.</summary>
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

    /// <summary>Registers a download that starts now. Call it before looking up the content, and dispose the result when the download ends.</summary>
    public IDisposable Begin()
    {
        lock (_lock)
            return new Registration(this, _starts.AddLast(new Start(now(), timeProvider.GetTimestamp())));
    }

    /// <summary>
    /// Bounds the start by the time that has passed since. If the clock was set back, content that becomes garbage now gets a time before the recorded start;
    /// counted back from now, the start is before all of that. It never rises again, because the clock may be set forward too.
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

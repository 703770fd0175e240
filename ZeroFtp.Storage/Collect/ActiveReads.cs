using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Collect;

/// <summary>Knows when the oldest running download opened its file, so that no content that it may still need is collected.</summary>
internal sealed class ActiveReads(TimeProvider timeProvider)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<long> _starts = [];

    /// <summary>When the oldest running download began, or null if none runs.</summary>
    public long? Oldest
    {
        get
        {
            lock (_lock)
                return _starts.First?.Value;
        }
    }

    /// <summary>Registers a download that begins now; to be called before it looks up its content, and to be disposed when it ends.</summary>
    public IDisposable Begin()
    {
        lock (_lock)
            return new Registration(this, _starts.AddLast(MetadataTime.Now(timeProvider)));
    }

    private sealed class Registration(ActiveReads reads, LinkedListNode<long> node) : IDisposable
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

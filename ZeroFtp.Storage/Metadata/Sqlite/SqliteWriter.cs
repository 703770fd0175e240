namespace ZeroFtp.Storage.Metadata.Sqlite;

/// <summary>
/// The one thread that writes. Units that wait together are run in one transaction, each under a savepoint of its own, so that one sync of the log serves them all; a caller goes on after the commit.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    private const int MaxWaiting = 4_096;

    private const int MaxBatch = 256;

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    private readonly SqliteSession _session;
    private readonly Action _onForeignWrite;
    private readonly Objects.Local.SpaceReserve? _reserve;
    private readonly Thread _thread;
    private readonly object _gate = new();
    private readonly Queue<SqliteJob> _queue = new();
    private readonly SemaphoreSlim _room = new(MaxWaiting);

    private long _dataVersion;
    private bool _stopping;

    /// <summary>Starts the thread. The session belongs to it.</summary>
    /// <param name="session">A connection that may write.</param>
    /// <param name="onForeignWrite">Called when another process was found to have written.</param>
    /// <param name="reserve">Room that is given to the disk when it is full; may be null.</param>
    public SqliteWriter(SqliteSession session, Action onForeignWrite, Objects.Local.SpaceReserve? reserve)
    {
        _reserve = reserve;
        _session = session;
        _onForeignWrite = onForeignWrite;
        _dataVersion = session.DataVersion;
        _thread = new Thread(Loop) { Name = "metadata writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>How many transactions were committed.</summary>
    public long Commits { get; private set; }

    /// <summary>Queues a job; waits while too many are queued.</summary>
    public async ValueTask EnqueueAsync(SqliteJob job, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            _queue.Enqueue(job);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Runs what is queued, then ends the thread and closes the connection.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopping)
                return;
            _stopping = true;
            Monitor.Pulse(_gate);
        }
        _thread.Join();
        _session.Dispose();
        _room.Dispose();
    }

    private void Loop()
    {
        List<SqliteJob> batch = new(MaxBatch);
        while (Take(batch))
        {
            if (batch.Count > 0)
            {
                RunBatchWithReserve(batch);
                _room.Release(batch.Count);
                foreach (SqliteJob job in batch)
                    job.Complete();
            }
            LookForForeignWrites();
            _reserve?.Restore();
        }
    }

    private bool Take(List<SqliteJob> batch)
    {
        batch.Clear();
        lock (_gate)
        {
            if (_queue.Count == 0 && !_stopping)
                Monitor.Wait(_gate, LookInterval);
            while (batch.Count < MaxBatch && _queue.TryPeek(out SqliteJob? job) && (job.IsTransactional || batch.Count == 0))
            {
                batch.Add(_queue.Dequeue());
                if (!job.IsTransactional)
                    break;
            }
            return batch.Count > 0 || !_stopping;
        }
    }

    /// <summary>
    /// On a full disk a batch is run again: first after a checkpoint, which lets the log begin again at its start where it has room already, then with what the reserve gives. Nothing of a batch that failed stands.
    /// </summary>
    private void RunBatchWithReserve(List<SqliteJob> batch)
    {
        bool isFull = RunBatch(batch);
        if (_reserve is null || (!isFull && !_reserve.IsOut))
            return;
        Checkpoint();
        for (bool more = true; isFull && more; more = isFull && _reserve.Release(forDatabase: true))
        {
            foreach (SqliteJob job in batch)
                job.Reset();
            isFull = RunBatch(batch);
        }
    }

    // It waits for nobody: what readers still need stays in the log.
    private void Checkpoint()
    {
        try
        {
            _session.Execute("PRAGMA wal_checkpoint(PASSIVE)");
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // There is no room for it either.
        }
    }

    /// <returns>Whether it failed for want of room.</returns>
    private bool RunBatch(List<SqliteJob> batch)
    {
        try
        {
            _session.DemandInPlace();
            if (!batch[0].IsTransactional)
            {
                batch[0].Run(_session);
                return false;
            }
            _session.Execute("BEGIN IMMEDIATE");
            foreach (SqliteJob job in batch)
            {
                if (!job.IsCancelled)
                    RunOne(job, batch.Count > 1);
            }
            _session.Execute("COMMIT");
            Commits++;
            return false;
        }
        catch (Exception fault)
        {
            // Nothing of this transaction stands.
            RollBack();
            MetadataException told = SqliteFaults.Translate(fault);
            foreach (SqliteJob job in batch)
                job.Fail(told);
            return told.Error == MetadataError.Full;
        }
    }

    private void RunOne(SqliteJob job, bool shared)
    {
        if (shared)
            _session.Execute("SAVEPOINT one");
        try
        {
            job.Run(_session);
            if (shared)
                _session.Execute("RELEASE one");
        }
        catch (Exception fault) when (shared && _session.IsInTransaction && !SqliteFaults.IsFull(fault))
        {
            _session.Execute("ROLLBACK TO one");
            _session.Execute("RELEASE one");
            job.Fail(SqliteFaults.Translate(fault));
        }
    }

    private void RollBack()
    {
        try
        {
            if (_session.IsInTransaction)
                _session.Execute("ROLLBACK");
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // The next BEGIN says what is wrong.
        }
    }

    // The number changes only for commits of others: this is the only connection of the process that writes.
    private void LookForForeignWrites()
    {
        try
        {
            long version = _session.DataVersion;
            if (version == _dataVersion)
                return;
            _dataVersion = version;
            _onForeignWrite();
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // A unit will meet the same fault and report it.
        }
    }
}

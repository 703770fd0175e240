namespace ZeroFtp.Storage.Metadata.Sqlite;

/// <summary>
/// The only thread that writes. Units that wait at the same time run in one transaction, each under its own savepoint, so that one sync of the log serves them
/// all (group commit). Callers continue after the commit.
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

    /// <summary>Starts the thread, which owns the session.</summary>
    /// <param name="session">A connection that may write.</param>
    /// <param name="onForeignWrite">Called when another process has written to the database.</param>
    /// <param name="reserve">Disk space to release when the disk is full; may be null.</param>
    public SqliteWriter(SqliteSession session, Action onForeignWrite, Objects.Local.SpaceReserve? reserve)
    {
        _reserve = reserve;
        _session = session;
        _onForeignWrite = onForeignWrite;
        _dataVersion = session.DataVersion;
        _thread = new Thread(Loop) { Name = "metadata writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>The number of committed transactions.</summary>
    public long Commits { get; private set; }

    /// <summary>Queues a job. Waits while the queue is full.</summary>
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

    /// <summary>Runs the queued jobs, then ends the thread and closes the connection.</summary>
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
    /// Runs a batch, and runs it again if the disk is full: first after a checkpoint, which lets the log restart at its beginning, where it already has space,
    /// then with the reserve's space. A failed batch leaves nothing behind.
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

    // A passive checkpoint waits for nobody: what readers still need stays in the log.
    private void Checkpoint()
    {
        try
        {
            _session.Execute("PRAGMA wal_checkpoint(PASSIVE)");
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // The disk has no room for a checkpoint either.
        }
    }

    /// <returns>True if the batch failed because the disk is full.</returns>
    private bool RunBatch(List<SqliteJob> batch)
    {
        try
        {
            _session.RequireInPlace();
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
            // Nothing of this transaction was committed.
            RollBack();
            MetadataException failure = SqliteFaults.Translate(fault);
            foreach (SqliteJob job in batch)
                job.Fail(failure);
            return failure.Error == MetadataError.Full;
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
            // The next BEGIN reports the error.
        }
    }

    // The number changes only with other processes' commits: this is the only connection of this process that writes.
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
            // A unit will run into the same error and report it.
        }
    }
}

using System.Collections.Concurrent;
using ZeroFtp.Storage.Objects.Local;

namespace ZeroFtp.Storage.Metadata.Sqlite;

/// <summary>A small pool of read connections. A caller waits for one without blocking a thread.</summary>
internal sealed class SqliteReaders(SqliteMetadataOptions options) : IDisposable
{
    private readonly SemaphoreSlim _free = new(options.Readers);
    private readonly ConcurrentStack<SqliteSession> _sessions = new();

    public DiskPace Pace { get; init; } = new();

    public async ValueTask<T> RunAsync<T>(Func<SqliteSession, T> read, CancellationToken cancellationToken)
    {
        await Pace.EnterAsync();
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        SqliteSession? session = null;
        try
        {
            using DiskPace.Watch watch = Pace.Begin();
            if (!_sessions.TryPop(out session))
                session = new SqliteSession(options, writes: false);
            T value = read(session);
            _sessions.Push(session);
            session = null;
            return value;
        }
        finally
        {
            // A connection that failed is not reused.
            session?.Dispose();
            _free.Release();
        }
    }

    public void Dispose()
    {
        while (_sessions.TryPop(out SqliteSession? session))
            session.Dispose();
        _free.Dispose();
    }
}

using System.Data.Common;
using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Storage.Metadata.Sqlite;

/// <summary>
/// Runs units on a SQLite file. One connection writes, on its own thread, and a few read. There are no retries: answers cannot be lost, and there is only one
/// writer.
/// </summary>
internal sealed class SqliteRunner : ISqlRunner
{
    private static readonly SqlUnit IntegrityUnit = new("Integrity", "PRAGMA integrity_check(20)");

    private readonly SqliteReaders _readers;
    private readonly SqliteWriter _writer;
    private readonly TimeProvider _clock;

    private GrowingIds _ids;
    private long _roundTrips;

    public SqliteRunner(SqliteMetadataOptions options)
    {
        _clock = options.Clock;
        _ids = new GrowingIds(_clock, 0);
        CreateFile(options.Path);
        try
        {
            _writer = new SqliteWriter(new SqliteSession(options, writes: true), () => ForeignWrite?.Invoke(), options.Reserve);
        }
        catch (Microsoft.Data.Sqlite.SqliteException fault)
        {
            throw SqliteFaults.Translate(fault);
        }
        _readers = new SqliteReaders(options);
    }

    /// <summary>Raised when another process has changed the database.</summary>
    public event Action? ForeignWrite;

    public long RoundTrips => Interlocked.Read(ref _roundTrips);

    /// <summary>The number of committed transactions; less than the number of units when several shared one.</summary>
    public long Commits => _writer.Commits;

    public int UsageSlots => 1;

    public long NewIds(int count) => _ids.Take(count);

    /// <summary>Ensures that no id up to the floor is generated.</summary>
    public void RaiseIds(long floor) => _ids = new GrowingIds(_clock, floor);

    public async ValueTask<T> ReadAsync<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read,
        CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _roundTrips);
        try
        {
            return await _readers.RunAsync(session =>
            {
                if (!unit.IsCompound)
                    return session.Run(unit, args, read, out _);
                session.Execute("BEGIN");
                T value = session.Run(unit, args, read, out _);
                session.Execute("COMMIT");
                return value;
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (SqliteFaults.IsExpected(fault))
        {
            throw SqliteFaults.Translate(fault);
        }
    }

    public async ValueTask ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _readers.RunAsync(static session =>
            {
                session.RequireInPlace();
                return 0;
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (Microsoft.Data.Sqlite.SqliteException fault)
        {
            throw SqliteFaults.Translate(fault);
        }
    }

    public async ValueTask<IReadOnlyList<string>> ExamineAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(IntegrityUnit, new SqlArgs(), static async (reader, token) =>
            {
                List<string> faults = [];
                while (await reader.ReadAsync(token).ConfigureAwait(false))
                {
                    if (reader.GetString(0) is not "ok" and string fault)
                        faults.Add(fault);
                }
                return (IReadOnlyList<string>)faults;
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (MetadataException fault) when (fault.Error == MetadataError.Unusable)
        {
            // Some damage prevents even this check from running.
            return [fault.InnerException?.Message ?? fault.Message];
        }
    }

    public async ValueTask<SqlAnswer<T>> WriteAsync<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read, long hot,
        CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _roundTrips);
        SqliteJob<T> job = new(unit, args, read, cancellationToken);
        await _writer.EnqueueAsync(job, cancellationToken).ConfigureAwait(false);
        return await job.Task.ConfigureAwait(false);
    }

    public async ValueTask ExecuteAsync(string statement, CancellationToken cancellationToken)
    {
        SqliteStatement job = new(statement, cancellationToken);
        await _writer.EnqueueAsync(job, cancellationToken).ConfigureAwait(false);
        try
        {
            await job.Task.ConfigureAwait(false);
        }
        catch (MetadataException fault) when (fault.InnerException is Microsoft.Data.Sqlite.SqliteException column
            && column.Message.Contains("duplicate column name", StringComparison.Ordinal))
        {
            // SQLite has no ADD COLUMN IF NOT EXISTS: the step was applied, but the process ended before that was recorded.
        }
    }

    public ValueTask DisposeAsync()
    {
        // Close the readers first: the last connection to close checkpoints the log into the database.
        _readers.Dispose();
        _writer.Dispose();
        return ValueTask.CompletedTask;
    }

    // The log and the shared-memory file inherit the permissions of the database.
    private static void CreateFile(string path)
    {
        FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using FileStream file = new(path, options);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new MetadataException(MetadataError.Unavailable, $"The metadata file {path} cannot be opened: {fault.Message}", fault);
        }
    }
}

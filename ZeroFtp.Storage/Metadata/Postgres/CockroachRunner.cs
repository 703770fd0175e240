using System.Data.Common;
using Dapper;
using Npgsql;
using Polly;
using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Storage.Metadata.Postgres;

/// <summary>
/// Runs units on CockroachDB or PostgreSQL. A unit is one command text: Npgsql sends its statements with a single Sync, so both databases run them as one
/// implicit transaction, in one round trip.
/// </summary>
internal sealed class CockroachRunner : ISqlRunner
{
    /// <summary>Timeout of a statement that changes the schema: an index on a large table takes minutes.</summary>
    private const int StatementSeconds = 600;

    /// <summary>Timeout of the gate's probe.</summary>
    private const int ProbeSeconds = 3;

    /// <summary>Until the end of the transaction, for a unit that <see cref="SqlUnit.ReadsAll"/>.</summary>
    private const string AllowScans = "SELECT set_config('enable_seqscan', 'on', TRUE); ";

    private readonly CockroachMetadataOptions _options;
    private readonly NpgsqlDataSource _source;
    private readonly ResiliencePipeline _pipeline;
    private readonly KeyedLock _hot = new();
    private readonly DatabaseGate _gate;
    private readonly int _commandSeconds;
    private readonly DatabaseTime? _time;

    private long _roundTrips;

    public CockroachRunner(CockroachMetadataOptions options)
        : this(options, CockroachConnections.Build(options.ConnectionString))
    {
    }

    /// <summary>Uses an existing source of connections, and takes ownership of it.</summary>
    public CockroachRunner(CockroachMetadataOptions options, NpgsqlDataSource source)
    {
        _options = options;
        _source = source;
        _pipeline = SqlResilience.Build(options);
        _gate = new DatabaseGate(ProbeConnectionAsync, options.LongestWait, options.Clock, options.Logger);
        _time = options.UsesDatabaseClock ? new DatabaseTime(options.Grace) : null;
        _commandSeconds = new NpgsqlConnectionStringBuilder(source.ConnectionString).CommandTimeout;
    }

    public long RoundTrips => Interlocked.Read(ref _roundTrips);

    public int UsageSlots => 16;

    public bool HasClock => _time is not null;

    public long NewIds(int count) => Random.Shared.NextInt64(1L << 32, long.MaxValue - count) & ~(long)(count - 1);

    public async ValueTask<T> ReadAsync<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read,
        CancellationToken cancellationToken) =>
        await SqlResilience.RunAsync(_pipeline, new UnitAttempt(_options.Clock, _options.UnitTimeout), (attempt, token) =>
            RunOnceAsync(unit, args, read, attempt, token), cancellationToken).ConfigureAwait(false);

    public async ValueTask<SqlAnswer<T>> WriteAsync<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read, long hot,
        CancellationToken cancellationToken)
    {
        UnitAttempt attempt = new(_options.Clock, _options.UnitTimeout);
        if (hot == 0)
            return await WriteAsync(unit, args, read, attempt, cancellationToken).ConfigureAwait(false);
        using KeyedLock.Holder holder = await EnterAsync(hot, attempt, cancellationToken).ConfigureAwait(false);
        return await WriteAsync(unit, args, read, attempt, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<KeyedLock.Holder> EnterAsync(long hot, UnitAttempt attempt, CancellationToken cancellationToken)
    {
        try
        {
            return await _hot.EnterAsync(hot, attempt.Remaining, _options.Clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException fault)
        {
            throw SqlStates.Translate(fault);
        }
    }

    private async ValueTask<SqlAnswer<T>> WriteAsync<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read,
        UnitAttempt attempt, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        bool won = false;
        // Once a writing unit has been sent, only its own timeout ends it: a caller that gave up would not know whether the unit was applied.
        T value = await SqlResilience.RunAsync(_pipeline, attempt, (a, token) =>
            RunOnceAsync(unit, args, unit.IsMarked ? ReadMarkedAsync : read, a, token), CancellationToken.None).ConfigureAwait(false);
        return new SqlAnswer<T>(value, attempt.IsLost, won);

        async ValueTask<T> ReadMarkedAsync(DbDataReader reader, CancellationToken token)
        {
            won = await reader.ReadAsync(token).ConfigureAwait(false);
            await reader.NextResultAsync(token).ConfigureAwait(false);
            return await read(reader, token).ConfigureAwait(false);
        }
    }

    private async ValueTask<T> RunOnceAsync<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read, UnitAttempt attempt,
        CancellationToken cancellationToken)
    {
        attempt.IsSent = false;
        await _gate.PassAsync(attempt, cancellationToken).ConfigureAwait(false);
        try
        {
            return await SendAsync(unit, args, read, attempt, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (SqlStates.IsRefusal(fault))
        {
            _gate.Close(fault);
            throw;
        }
    }

    private async ValueTask<T> SendAsync<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read, UnitAttempt attempt,
        CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            if (attempt.Sent++ > 0)
                args.NextRun();
            attempt.IsSent = true;
            _options.Faults?.Before(unit.Name);
            Interlocked.Increment(ref _roundTrips);
            int seconds = unit.Seconds ?? SecondsFor(attempt);
            bool allowsScans = unit.ReadsAll && !CockroachConnections.IsCockroach(connection);
            CommandDefinition command = new((allowsScans ? AllowScans : "") + (_time?.TextOf(unit) ?? unit.Text), Parameters(args), commandTimeout: seconds,
                flags: CommandFlags.None, cancellationToken: cancellationToken);
            DbDataReader reader = await connection.ExecuteReaderAsync(command).ConfigureAwait(false);
            T value;
            await using (reader.ConfigureAwait(false))
            {
                if (allowsScans)
                    await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
                value = await read(reader, cancellationToken).ConfigureAwait(false);
                while (await reader.NextResultAsync(cancellationToken).ConfigureAwait(false))
                {
                    // The error of a later statement surfaces when its result is requested.
                }
            }
            _options.Faults?.After(unit.Name);
            return value;
        }
    }

    public async ValueTask ExecuteAsync(string statement, CancellationToken cancellationToken) =>
        await SqlResilience.RunAsync(_pipeline, new UnitAttempt(_options.Clock, _options.UnitTimeout), async (attempt, token) =>
        {
            attempt.IsSent = false;
            await _gate.PassAsync(attempt, token).ConfigureAwait(false);
            NpgsqlConnection connection = await _source.OpenConnectionAsync(token).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                Interlocked.Increment(ref _roundTrips);
                attempt.IsSent = true;
                return await connection.ExecuteAsync(new CommandDefinition(statement, commandTimeout: StatementSeconds,
                    cancellationToken: token)).ConfigureAwait(false);
            }
        }, cancellationToken).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        await _gate.DisposeAsync().ConfigureAwait(false);
        await _source.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Returns the timeout of a statement: the connection's, or what is left of the unit's time if that is less. 0 means no limit.</summary>
    private int SecondsFor(UnitAttempt attempt)
    {
        int left = (int)Math.Clamp(Math.Ceiling(attempt.Remaining.TotalSeconds), 1, int.MaxValue / 1_000);
        return _commandSeconds == 0 ? left : Math.Min(_commandSeconds, left);
    }

    private async ValueTask ProbeConnectionAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
            await connection.ExecuteAsync(new CommandDefinition("SELECT 1;", commandTimeout: ProbeSeconds,
                cancellationToken: cancellationToken)).ConfigureAwait(false);
    }

    private DynamicParameters Parameters(SqlArgs args)
    {
        DynamicParameters parameters = new();
        foreach (SqlArg arg in args.Items)
        {
            if (_time is null || !DatabaseTime.Stands(arg.Name))
                parameters.Add(arg.Name, arg.Value, arg.Type);
        }
        return parameters;
    }
}

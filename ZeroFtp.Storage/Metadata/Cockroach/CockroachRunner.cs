using System.Data.Common;
using Dapper;
using Npgsql;
using Polly;
using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Storage.Metadata.Cockroach;

/// <summary>
/// Runs units on CockroachDB or PostgreSQL. One unit is one command text: Npgsql sends its statements with one Sync, so both databases run them as one implicit transaction, in one round trip.
/// </summary>
internal sealed class CockroachRunner : ISqlRunner
{
    /// <summary>How long a statement that changes the schema may take: an index over a large table needs minutes.</summary>
    private const int StatementSeconds = 600;

    private readonly CockroachMetadataOptions _options;
    private readonly NpgsqlDataSource _source;
    private readonly ResiliencePipeline _pipeline;
    private readonly KeyedLock _hot = new();

    private long _roundTrips;

    public CockroachRunner(CockroachMetadataOptions options)
        : this(options, CockroachConnections.Build(options.ConnectionString))
    {
    }

    /// <summary>Takes connections from a source that is made already, and owns it.</summary>
    public CockroachRunner(CockroachMetadataOptions options, NpgsqlDataSource source)
    {
        _options = options;
        _source = source;
        _pipeline = SqlResilience.Build(options);
    }

    public long RoundTrips => Interlocked.Read(ref _roundTrips);

    public int UsageSlots => 16;

    public long NewIds(int count) => Random.Shared.NextInt64(1L << 32, long.MaxValue - count) & ~(long)(count - 1);

    public async ValueTask<T> ReadAsync<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read, CancellationToken cancellationToken) =>
        await SqlResilience.RunAsync(_pipeline, new UnitAttempt(_options.Clock, _options.UnitTimeout), (attempt, token) => RunOnceAsync(unit, args, read, attempt, token), cancellationToken).ConfigureAwait(false);

    public async ValueTask<SqlAnswer<T>> WriteAsync<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read, long hot, CancellationToken cancellationToken)
    {
        UnitAttempt attempt = new(_options.Clock, _options.UnitTimeout);
        if (hot == 0)
            return await WriteAsync(unit, args, read, attempt, cancellationToken).ConfigureAwait(false);
        using KeyedLock.Holder holder = await _hot.EnterAsync(hot, cancellationToken).ConfigureAwait(false);
        return await WriteAsync(unit, args, read, attempt, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<SqlAnswer<T>> WriteAsync<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read, UnitAttempt attempt, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        bool won = false;
        // Once a writing unit is on its way only its own time limit ends it: a caller that gave up would not know what stands.
        T value = await SqlResilience.RunAsync(_pipeline, attempt, (a, token) => RunOnceAsync(unit, args, unit.IsMarked ? ReadMarkedAsync : read, a, token), CancellationToken.None).ConfigureAwait(false);
        return new SqlAnswer<T>(value, attempt.IsLost, won);

        async ValueTask<T> ReadMarkedAsync(DbDataReader reader, CancellationToken token)
        {
            won = await reader.ReadAsync(token).ConfigureAwait(false);
            await reader.NextResultAsync(token).ConfigureAwait(false);
            return await read(reader, token).ConfigureAwait(false);
        }
    }

    private async ValueTask<T> RunOnceAsync<T>(SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read, UnitAttempt attempt, CancellationToken cancellationToken)
    {
        attempt.IsSent = false;
        NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            if (attempt.Sent++ > 0)
                args.NextRun();
            attempt.IsSent = true;
            _options.Faults?.Before(unit.Name);
            Interlocked.Increment(ref _roundTrips);
            CommandDefinition command = new(unit.Text, Parameters(args), commandTimeout: unit.Seconds, flags: CommandFlags.None, cancellationToken: cancellationToken);
            DbDataReader reader = await connection.ExecuteReaderAsync(command).ConfigureAwait(false);
            T value;
            await using (reader.ConfigureAwait(false))
            {
                value = await read(reader, cancellationToken).ConfigureAwait(false);
                while (await reader.NextResultAsync(cancellationToken).ConfigureAwait(false))
                {
                    // A fault of a later statement shows when its result is asked for.
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
            NpgsqlConnection connection = await _source.OpenConnectionAsync(token).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                Interlocked.Increment(ref _roundTrips);
                attempt.IsSent = true;
                return await connection.ExecuteAsync(new CommandDefinition(statement, commandTimeout: StatementSeconds, cancellationToken: token)).ConfigureAwait(false);
            }
        }, cancellationToken).ConfigureAwait(false);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static DynamicParameters Parameters(SqlArgs args)
    {
        DynamicParameters parameters = new();
        foreach (SqlArg arg in args.Items)
            parameters.Add(arg.Name, arg.Value, arg.Type);
        return parameters;
    }
}

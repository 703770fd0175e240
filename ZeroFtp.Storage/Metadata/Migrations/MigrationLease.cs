using System.Data.Common;
using Microsoft.Extensions.Logging;
using ZeroFtp.Storage.Diagnostics;
using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Storage.Metadata.Migrations;

/// <summary>
/// The lease, a row of <c>meta</c> on a server, that lets one front-end at a time change the schema. It expires by the database's clock, so that a dead holder
/// is detected whatever the clocks of the machines say.
/// </summary>
/// <remarks>
/// Its value is "expiry/holder". Expiry times have the same number of digits, so they can be compared as text. A lease that expires later than any lease taken
/// now could was written before a clock was set back, and is ignored. The holder renews the lease while a step runs, because an index on a large table takes
/// longer than a lease.
/// </remarks>
internal sealed class MigrationLease(ISqlRunner runner, TimeProvider clock, ILogger logger)
{
    private const string Key = "migration lease";

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LogAfter = TimeSpan.FromSeconds(2);

    private static readonly SqlUnit TakeUnit = new("SchemaLease", """
        INSERT INTO meta (key, value) VALUES (@key, '000' || CAST(@now + @lease AS TEXT) || '/' || @mine)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value
        WHERE meta.value < ('000' || CAST(@now AS TEXT)) OR meta.value > ('000' || CAST(@now + 2 * @lease AS TEXT)) OR meta.value LIKE ('%/' || @mine);
        SELECT value FROM meta WHERE key = @key;
        """);

    private static readonly SqlUnit ReleaseUnit = new("SchemaRelease", "DELETE FROM meta WHERE key = @key AND value LIKE ('%/' || @mine);");

    private readonly string _mine = runner.NewIds(1).ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Waits until this process holds the lease. Logs a wait of more than two seconds.</summary>
    public async ValueTask TakeAsync(CancellationToken cancellationToken)
    {
        long began = clock.GetTimestamp();
        for (bool isLogged = false; !await TryTakeAsync(cancellationToken).ConfigureAwait(false);)
        {
            if (!isLogged && clock.GetElapsedTime(began) > LogAfter)
            {
                logger.WaitsForMigration();
                isLogged = true;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Renews the lease while a step runs, and waits for the step.</summary>
    /// <exception cref="MetadataException">Unavailable: another front-end took the lease over.</exception>
    public async ValueTask KeepAsync(Task running, CancellationToken cancellationToken)
    {
        while (await Task.WhenAny(running, Task.Delay(Time / 3, clock, cancellationToken)).ConfigureAwait(false) != running
            && !cancellationToken.IsCancellationRequested)
            await RenewAsync(cancellationToken).ConfigureAwait(false);
        await running.ConfigureAwait(false);
        await RenewAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask ReleaseAsync(CancellationToken cancellationToken) =>
        await runner.WriteAsync(
            ReleaseUnit, new SqlArgs().Add("key", Key).Add("mine", _mine), static (_, _) => ValueTask.FromResult(0), 0, cancellationToken).ConfigureAwait(false);

    private async ValueTask RenewAsync(CancellationToken cancellationToken)
    {
        if (!await TryTakeAsync(cancellationToken).ConfigureAwait(false))
            throw new MetadataException(MetadataError.Unavailable,
                "Another front-end took over the migration because this one was too slow. Start again when it has finished.");
    }

    private async ValueTask<bool> TryTakeAsync(CancellationToken cancellationToken)
    {
        SqlArgs args = new SqlArgs().Add("key", Key).Add("mine", _mine)
            .Add("lease", Time.Ticks / TimeSpan.TicksPerMicrosecond).Add("now", MetadataTime.Now(clock));
        string? holder = (await runner.WriteAsync(TakeUnit, args, TextAsync, 0, cancellationToken).ConfigureAwait(false)).Value;
        return holder?.EndsWith("/" + _mine, StringComparison.Ordinal) == true;
    }

    private static async ValueTask<string?> TextAsync(DbDataReader reader, CancellationToken cancellationToken) =>
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? reader.GetString(0) : null;
}

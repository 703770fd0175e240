using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Storage.Metadata;

/// <summary>
/// The store on top of any <see cref="ISqlRunner"/>: the units are the same, only the way they are run differs. One file per part: tree, content, uploads,
/// upkeep, accounts.
/// </summary>
internal sealed partial class SqlMetadataStore(ISqlRunner runner, MetadataOptions options) : IMetadataStore
{
    private const long TrashDirectory = 2;

    private readonly ReservedIds _reserved = new();

    private readonly DatabaseClock _clock = new(options.Clock);

    private long _server;

    /// <summary>The id of this front-end's row in <c>server</c>; 0 while it has none.</summary>
    public long ServerId => Volatile.Read(ref _server);

    /// <summary>The number of round trips so far.</summary>
    public long RoundTrips => runner.RoundTrips;

    /// <summary>
    /// The time that front-ends compare, or a moment less: the last time read from the database plus what has passed since. The embedded store uses its own
    /// clock.
    /// </summary>
    public long Now => runner.HasClock ? _clock.Now : MetadataTime.Now(options.Clock);

    private long Due => Now + Microseconds(options.Grace);

    private long Slot => runner.UsageSlots == 1 ? 0 : Random.Shared.Next(runner.UsageSlots);

    public long NewId() => runner.NewIds(1);

    public string NewKey() => runner.NewIds(1).ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (ServerId != 0)
                await WriteAsync(UpkeepSql.Leave, new SqlArgs().Add("id", ServerId), CancellationToken.None).ConfigureAwait(false);
        }
        catch (MetadataException)
        {
            // Its lease will expire, and another front-end will reap it.
        }
        finally
        {
            await runner.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    private async ValueTask WriteAsync(SqlUnit unit, SqlArgs args, CancellationToken cancellationToken) =>
        await runner.WriteAsync(unit, args, static (_, _) => ValueTask.FromResult(0), 0, cancellationToken).ConfigureAwait(false);
}

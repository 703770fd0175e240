using System.Collections.Concurrent;
using System.Globalization;
using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Storage.Metadata.Postgres;

/// <summary>
/// Puts the database's clock into the texts of units, in place of the parameters <c>@now</c> and <c>@due</c> (now plus the grace of garbage), which the
/// embedded store fills from its own clock. Front-ends have different clocks, and each of these times is compared with one that another front-end wrote.
/// </summary>
/// <remarks>
/// <c>now()</c> is the start of the transaction, in PostgreSQL and CockroachDB alike, and so the same in all its statements. It can therefore be older than the
/// commit by up to the unit's timeout.
/// </remarks>
internal sealed class DatabaseTime(TimeSpan grace)
{
    private const string Now = "CAST(EXTRACT(EPOCH FROM now()) * 1000000 AS INT8)";

    private readonly ConcurrentDictionary<SqlUnit, string> _texts = new();
    private readonly string _due = string.Create(CultureInfo.InvariantCulture, $"({Now} + {grace.Ticks / TimeSpan.TicksPerMicrosecond})");

    /// <summary>Returns the unit's text with the database's clock in it.</summary>
    public string TextOf(SqlUnit unit) =>
        _texts.GetOrAdd(unit, static (u, due) => u.Text.Replace("@now", Now, StringComparison.Ordinal).Replace("@due", due, StringComparison.Ordinal), _due);

    /// <summary>True if the database's clock replaces the parameter of that name.</summary>
    public static bool Stands(string name) => name is "now" or "due";
}

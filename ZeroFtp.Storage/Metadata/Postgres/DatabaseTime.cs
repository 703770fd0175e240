using System.Collections.Concurrent;
using System.Globalization;
using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Storage.Metadata.Postgres;

/// <summary>
/// Puts the database's own clock into the texts of units, in place of the parameters <c>@now</c> and <c>@due</c> (now and the grace of garbage) that the embedded store fills from its clock.
/// Of several front-ends each has a clock of its own, and each of these times is compared with one that another front-end wrote.
/// </summary>
/// <remarks><c>now()</c> is the same in all statements of one transaction, in PostgreSQL and CockroachDB alike: the beginning of the transaction. It is therefore up to a unit's time older than the commit.</remarks>
internal sealed class DatabaseTime(TimeSpan grace)
{
    private const string Now = "CAST(EXTRACT(EPOCH FROM now()) * 1000000 AS INT8)";

    private readonly ConcurrentDictionary<SqlUnit, string> _texts = new();
    private readonly string _due = string.Create(CultureInfo.InvariantCulture, $"({Now} + {grace.Ticks / TimeSpan.TicksPerMicrosecond})");

    /// <summary>The unit's text with the database's clock in it.</summary>
    public string TextOf(SqlUnit unit) => _texts.GetOrAdd(unit, static (u, due) => u.Text.Replace("@now", Now, StringComparison.Ordinal).Replace("@due", due, StringComparison.Ordinal), _due);

    /// <summary>Whether it stands for the parameter of that name.</summary>
    public static bool Stands(string name) => name is "now" or "due";
}

using System.Data.Common;
using ZeroFtp.Storage.Metadata.Sql;
using ZeroFtp.Storage.Metadata.Sqlite;

namespace ZeroFtp.Tests.Faults.Model;

internal static class SessionExtensions
{
    /// <summary>Runs a unit that leaves no mark.</summary>
    public static T Run<T>(this SqliteSession session, SqlUnit unit, SqlArgs args, Func<DbDataReader, CancellationToken, ValueTask<T>> read) => session.Run(unit, args, read, out _);
}

using Npgsql;
using ZeroFtp.Host.Configuration;

namespace ZeroFtp.Host.Checks;

/// <summary>Checks that the connection string of a distributed store can be read. Whether the database answers is not asked: a start waits for it.</summary>
internal static class DatabaseCheck
{
    public static IEnumerable<ConfigurationFault> Find(LoadedConfiguration loaded)
    {
        if (loaded.Configuration.Distributed is not { } distributed)
            return [];
        try
        {
            _ = new NpgsqlConnectionStringBuilder(distributed.Metadata.ConnectionString);
            return [];
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // The parser's own text may quote a part of a password.
            return [loaded.Fault("storage:metadata:connectionString", "is not a connection string; expected KEY=VALUE pairs with semicolons, such as Host=db1;Database=zeroftp;Username=zeroftp;Password=...")];
        }
    }
}

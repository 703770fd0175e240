using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Cockroach;

namespace ZeroFtp.Tests.Storage.Metadata;

/// <summary>What only the store on a server does: connecting, retrying, counting round trips.</summary>
public sealed class PostgresTests
{
    internal static CockroachMetadataOptions Options(string connectionString, MetadataOptions options) => new()
    {
        ConnectionString = connectionString, ServerName = options.ServerName, Clock = options.Clock, Grace = options.Grace, ServerLifetime = options.ServerLifetime, Role = options.Role, Migrate = options.Migrate,
    };
}

using Npgsql;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Postgres;
using ZeroFtp.Storage.Metadata.Sql;
using ZeroFtp.Tests.Contracts;
using ZeroFtp.Tests.Support.Backends;

namespace ZeroFtp.Tests.Storage.Metadata;

/// <summary>The contract on a real CockroachDB, where <c>ZEROFTP_TEST_COCKROACH</c> names one by a connection string; each test makes and drops a database there.</summary>
[NeedsBackend(Variable, "CockroachDB")]
public sealed class CockroachStoreTests : MetadataStoreContract
{
    private const string Variable = "ZEROFTP_TEST_COCKROACH";

    private string? _database;

    private protected override async ValueTask<IMetadataStore> OpenAsync(MetadataOptions options)
    {
        string text = Environment.GetEnvironmentVariable(Variable)!;
        if (_database is null)
        {
            string name = "zeroftp_" + Guid.NewGuid().ToString("n");
            await ExecuteAsync(text, "CREATE DATABASE " + name);
            _database = new NpgsqlConnectionStringBuilder(text) { Database = name }.ConnectionString;
        }
        return await CockroachMetadata.OpenAsync(PostgresTests.Options(_database, options), TestContext.Current.CancellationToken);
    }

    private protected override ISqlRunner OpenRunner(MetadataOptions options) => new CockroachRunner(PostgresTests.Options(_database!, options));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_database is not null)
            await ExecuteAsync(Environment.GetEnvironmentVariable(Variable)!, $"DROP DATABASE {new NpgsqlConnectionStringBuilder(_database).Database} CASCADE");
    }

    private static async Task ExecuteAsync(string connectionString, string statement)
    {
        await using NpgsqlConnection connection = new(connectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(statement, connection);
        await command.ExecuteNonQueryAsync();
    }
}

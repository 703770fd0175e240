using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Postgres;
using ZeroFtp.Storage.Metadata.Sql;
using ZeroFtp.Tests.Contracts;

namespace ZeroFtp.Tests.Storage.Metadata;

public sealed class PostgresStoreTests(PostgresServer server) : MetadataStoreContract
{
    private string? _database;

    private protected override async ValueTask<IMetadataStore> OpenAsync(MetadataOptions options) =>
        await CockroachMetadata.OpenAsync(PostgresTests.Options(_database ??= await server.TakeDatabaseAsync(), options), TestContext.Current.CancellationToken);

    private protected override ISqlRunner OpenRunner(MetadataOptions options) => new CockroachRunner(PostgresTests.Options(_database!, options));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_database is not null)
            await server.GiveBackAsync(_database);
    }
}

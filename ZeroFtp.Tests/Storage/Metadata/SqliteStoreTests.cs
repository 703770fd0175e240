using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Sql;
using ZeroFtp.Storage.Metadata.Sqlite;
using ZeroFtp.Storage.Objects;
using ZeroFtp.Tests.Contracts;

namespace ZeroFtp.Tests.Storage.Metadata;

public class SqliteStoreTests : MetadataStoreContract
{
    private readonly string _directory = Directory.CreateTempSubdirectory("zeroftp-meta").FullName;

    private protected override async ValueTask<IMetadataStore> OpenAsync(MetadataOptions options) =>
        await SqliteMetadata.OpenAsync(SqliteTests.Options(_directory, options) with { Durability = Durability.Relaxed }, TestContext.Current.CancellationToken);

    private protected override ISqlRunner OpenRunner(MetadataOptions options) => new SqliteRunner(SqliteTests.Options(_directory, options) with { Durability = Durability.Relaxed });

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }
}

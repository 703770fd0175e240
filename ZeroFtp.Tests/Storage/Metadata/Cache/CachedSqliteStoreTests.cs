using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Cache;

namespace ZeroFtp.Tests.Storage.Metadata.Cache;

/// <summary>The contract with directories in memory, exactly.</summary>
public sealed class CachedSqliteStoreTests : SqliteStoreTests
{
    private protected override async ValueTask<IMetadataStore> OpenAsync(MetadataOptions options) =>
        new CachedMetadataStore((SqlMetadataStore)await base.OpenAsync(options), new DirectoryCacheOptions { LookupsBeforeLoad = 1 }, options.Clock);
}

/// <summary>The contract with directories in memory, checked at each use.</summary>
public sealed class StrictlyCachedSqliteStoreTests : SqliteStoreTests
{
    private protected override async ValueTask<IMetadataStore> OpenAsync(MetadataOptions options) =>
        new CachedMetadataStore((SqlMetadataStore)await base.OpenAsync(options), new DirectoryCacheOptions { Mode = CoherenceMode.Strict }, options.Clock);
}

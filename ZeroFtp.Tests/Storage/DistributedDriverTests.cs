using ZeroFtp.Storage.Options;
using ZeroFtp.Tests.Storage.Metadata;
using ZeroFtp.Tests.Storage.Support;

namespace ZeroFtp.Tests.Storage;

/// <summary>The driver's tests of names over PostgreSQL and the stand-in.</summary>
public sealed class DistributedTreeTests(PostgresServer server) : StorageDriverTreeTests
{
    private protected override Task<StorageHarness> OpenAsync(Func<StorageOptions, StorageOptions>? change = null) => StorageHarness.OpenDistributedAsync(server, change);
}

/// <summary>The driver's tests of content over PostgreSQL and the stand-in.</summary>
public sealed class DistributedContentTests(PostgresServer server) : StorageDriverContentTests
{
    private protected override Task<StorageHarness> OpenAsync(Func<StorageOptions, StorageOptions>? change = null) => StorageHarness.OpenDistributedAsync(server, change);
}

/// <summary>The driver's tests of interrupted uploads over PostgreSQL and the stand-in.</summary>
public sealed class DistributedPartialUploadTests(PostgresServer server) : PartialUploadTests
{
    private protected override Task<StorageHarness> OpenAsync(Func<StorageOptions, StorageOptions>? change = null) => StorageHarness.OpenDistributedAsync(server, change);
}

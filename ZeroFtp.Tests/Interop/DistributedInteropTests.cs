namespace ZeroFtp.Tests.Interop;

/// <summary>curl against the distributed store.</summary>
public sealed class DistributedCurlTests(DistributedInteropServer server) : CurlTests(server), IClassFixture<DistributedInteropServer>;

/// <summary>lftp against the distributed store.</summary>
public sealed class DistributedLftpTests(DistributedInteropServer server) : LftpTests(server), IClassFixture<DistributedInteropServer>;

/// <summary>Python's ftplib against the distributed store.</summary>
public sealed class DistributedFtplibTests(DistributedInteropServer server) : FtplibTests(server), IClassFixture<DistributedInteropServer>;

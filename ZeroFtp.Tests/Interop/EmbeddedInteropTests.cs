namespace ZeroFtp.Tests.Interop;

/// <summary>curl against the embedded store.</summary>
public sealed class EmbeddedCurlTests(InteropServer server) : CurlTests(server), IClassFixture<InteropServer>;

/// <summary>lftp against the embedded store.</summary>
public sealed class EmbeddedLftpTests(InteropServer server) : LftpTests(server), IClassFixture<InteropServer>;

/// <summary>Python's ftplib against the embedded store.</summary>
public sealed class EmbeddedFtplibTests(InteropServer server) : FtplibTests(server), IClassFixture<InteropServer>;

using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Memory;

namespace ZeroFtp.Tests.Protocol.Driver;

public sealed class MemoryServerDriverTests
{
    private readonly MemoryServerDriver _server = MemoryFixture.CreateServerDriver();

    [Fact]
    public async Task Unknown_names_and_known_ones_are_asked_alike()
    {
        Assert.IsType<LoginResult.NeedPassword>(await LoginAsync("alice"));
        Assert.IsType<LoginResult.NeedPassword>(await LoginAsync("nobody"));
        Assert.IsType<LoginResult.Rejected>(await LoginAsync("nobody", ""));
        Assert.IsType<LoginResult.Rejected>(await LoginAsync("alice", "wrong"));
        Assert.IsType<LoginResult.Rejected>(await LoginAsync("alice", ""));
    }

    [Fact]
    public async Task Accounts_have_their_rights()
    {
        Assert.Equal(FtpPermissions.All, Assert.IsType<LoginResult.Accepted>(await LoginAsync("alice", "secret")).Permissions);
        Assert.Equal(FtpPermissions.ReadOnly, Assert.IsType<LoginResult.Accepted>(await LoginAsync("bob", "secret")).Permissions);
        LoginResult.Accepted anonymous = Assert.IsType<LoginResult.Accepted>(await LoginAsync("anonymous", "me@example.org"));
        Assert.True(anonymous is { IsAnonymous: true, Permissions: FtpPermissions.ReadOnly });
    }

    [Fact]
    public async Task An_account_is_asked_for_behind_the_password()
    {
        Assert.IsType<LoginResult.Rejected>(await LoginAsync("acme", "wrong", "proj1"));
        Assert.IsType<LoginResult.NeedAccount>(await LoginAsync("acme", "secret"));
        Assert.IsType<LoginResult.Rejected>(await LoginAsync("acme", "secret", "proj2"));
        Assert.IsType<LoginResult.Accepted>(await LoginAsync("acme", "secret", "proj1"));
    }

    [Fact]
    public async Task A_certificate_opens_its_own_account_only()
    {
        using RSA key = RSA.Create(2048);
        using X509Certificate2 certificate = new CertificateRequest("CN=certuser", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        _server.AddAccount(new MemoryAccount("certuser", null) { CertificateThumbprint = certificate.GetCertHashString(HashAlgorithmName.SHA256) });
        Assert.True(Assert.IsType<LoginResult.Accepted>(await LoginAsync("certuser", certificate: certificate)).ByCertificate);
        Assert.IsType<LoginResult.NeedPassword>(await LoginAsync("alice", certificate: certificate));
        Assert.IsType<LoginResult.NeedPassword>(await LoginAsync("certuser"));
        Assert.IsType<LoginResult.Rejected>(await LoginAsync("certuser", ""));
    }

    [Fact]
    public async Task A_user_sees_the_root_of_the_account_only()
    {
        _server.AddAccount(new MemoryAccount("jailed", "secret") { Root = FtpPath.Parse("/docs") });
        IClientHandlingDriver driver = Assert.IsType<LoginResult.Accepted>(await LoginAsync("jailed", "secret")).Driver;
        Assert.NotNull(await driver.GetFileInfoAsync(FtpPath.Parse("/a.txt"), TestContext.Current.CancellationToken));
        Assert.Null(await driver.GetFileInfoAsync(FtpPath.Parse("/bin.dat"), TestContext.Current.CancellationToken));
    }

    private async Task<LoginResult> LoginAsync(string user, string? password = null, string? account = null, X509Certificate2? certificate = null) =>
        await _server.AuthenticateAsync(new LoginRequest { Session = new Session(), User = user, Password = password, Account = account, ClientCertificate = certificate }, TestContext.Current.CancellationToken);

    private sealed class Session : FtpSessionInfo
    {
        public override long Id => 1;

        public override EndPoint? RemoteEndPoint => null;

        public override EndPoint? LocalEndPoint => null;

        public override DateTimeOffset OpenedAt => default;

        public override string? User => null;

        public override string? HostName => null;

        public override string? ClientName => null;

        public override bool IsProtected => false;

        public override string? Activity => null;

        public override long BytesReceived => 0;

        public override long BytesSent => 0;
    }
}

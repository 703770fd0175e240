using System.Net;
using System.Net.Security;
using ZeroFtp.Host.Serving;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Tests.Host.Serving;

public sealed class TlsServerDriverTests
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Data_connections_keep_the_certificate_of_their_control_connection()
    {
        SslServerAuthenticationOptions first = new();
        SslServerAuthenticationOptions second = new();
        SslServerAuthenticationOptions current = first;
        TlsServerDriver driver = new(new NobodyDriver(), (_, _) => ValueTask.FromResult<SslServerAuthenticationOptions?>(current));
        Session old = new();

        Assert.Same(first, await driver.GetTlsOptionsAsync(new TlsRequest { Session = old, ServerName = "a" }, TestEnd));
        current = second;

        Assert.Same(first, await driver.GetTlsOptionsAsync(new TlsRequest { Session = old, ServerName = "b", IsDataConnection = true }, TestEnd));
        Assert.Same(second, await driver.GetTlsOptionsAsync(new TlsRequest { Session = new Session() }, TestEnd));
        Assert.Same(second, await driver.GetTlsOptionsAsync(new TlsRequest { Session = old }, TestEnd));
    }

    [Fact]
    public void No_member_of_the_drivers_interface_falls_back_to_its_default() =>
        Assert.All(typeof(TlsServerDriver).GetInterfaceMap(typeof(IServerDriver)).TargetMethods, method => Assert.Equal(typeof(TlsServerDriver), method.DeclaringType));

    private sealed class NobodyDriver : IServerDriver
    {
        public ValueTask<LoginResult> AuthenticateAsync(LoginRequest request, CancellationToken cancellationToken) =>
            ValueTask.FromResult<LoginResult>(new LoginResult.Rejected("nobody"));
    }

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

using System.Net;
using System.Net.Sockets;
using System.Text;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Host.Serving;

/// <summary>What the program tells systemd, which waits for it before it takes the unit for started (sd_notify(3), Type=notify).</summary>
public sealed class SystemdTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task It_is_told_when_clients_are_served_and_when_the_program_stops()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no systemd here.");
        string path = Path.Combine(_directory.Path, "notify");
        using Socket told = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        told.Bind(new UnixDomainSocketEndPoint(path));

        await using ZeroFtpProgram program = ZeroFtpProgram.Start(_directory.Path, null, ["serve", "--listen", "127.0.0.1:0"], new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path });
        Assert.Equal("READY=1", await NextAsync(told));
        IPEndPoint address = await program.WaitForListenerAsync();
        using (TcpClient client = new())
            await client.ConnectAsync(address, TestContext.Current.CancellationToken).AsTask().WithinAsync("a connection after the program said that it is ready");

        program.Terminate();
        Assert.Equal("STOPPING=1", await NextAsync(told));
        Assert.Equal(0, await program.WaitForExitAsync());
    }

    private static async Task<string> NextAsync(Socket told)
    {
        byte[] message = new byte[256];
        return Encoding.ASCII.GetString(message, 0, await told.ReceiveAsync(message).WithinAsync("a message to systemd"));
    }
}

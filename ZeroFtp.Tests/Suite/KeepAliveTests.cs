using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Suite;

public sealed class KeepAliveTests
{
    /// <summary>CTL-10. An idle connection has no timer but that of keep-alive, and the kernel's table of connections shows it.</summary>
    [Fact]
    public async Task Control_connections_have_keep_alive()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Only Linux has /proc/net/tcp.");
        using TemporaryDirectory directory = new();
        await using ZeroFtpProgram program = ZeroFtpProgram.Start(directory.Path, "serve", "--listen", "127.0.0.1:0");
        IPEndPoint server = await program.WaitForListenerAsync();
        using TcpClient client = new(AddressFamily.InterNetwork);
        await client.ConnectAsync(server, TestContext.Current.CancellationToken);
        await client.GetStream().ReadExactlyAsync(new byte["220 ".Length], TestContext.Current.CancellationToken);
        int port = ((IPEndPoint)client.Client.LocalEndPoint!).Port;

        await DistributedCluster.UntilAsync("the acknowledgements are in", () => Task.FromResult(Timer(port, server.Port) == "00"));
        Assert.Equal("02", Timer(server.Port, port));
        // In hundredths of a second: the first probe goes after a minute, not after the system's two hours.
        Assert.InRange(int.Parse(Field(server.Port, port)!.Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture), 1, 6000);
    }

    /// <summary>The kind of timer that is pending for the end of a connection: 00 none, 02 keep-alive (or an acknowledgement that is about to go).</summary>
    private static string? Timer(int local, int remote) => Field(local, remote)?.Split(':')[0];

    private static string? Field(int local, int remote) =>
        (from line in File.ReadLines("/proc/net/tcp").Skip(1)
         let fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
         where Port(fields[1]) == local && Port(fields[2]) == remote
         select fields[5]).SingleOrDefault();

    private static int Port(string field) => int.Parse(field.Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}

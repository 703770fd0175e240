using System.Net;
using System.Net.Sockets;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Host.Metrics;

public sealed class ConnectionTurnoverTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Connections_that_are_held_open_do_not_keep_a_scrape_out()
    {
        CancellationToken cancelled = TestContext.Current.CancellationToken;
        await using ZeroFtpProgram program = ZeroFtpProgram.Start(_directory.Path, "serve", "--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0");
        Uri metrics = new(await program.WaitForLineAsync("metrics on "));
        List<Socket> held = [];
        try
        {
            for (int i = 0; i < 80; i++)
            {
                Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
                held.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, metrics.Port, cancelled);
                await socket.SendAsync("GET /metrics HTTP/1.1\r\n"u8.ToArray(), cancelled);
            }
            using HttpClient http = new() { Timeout = Bounded.Limit };
            Assert.Contains("# HELP ", await http.GetStringAsync(metrics, cancelled), StringComparison.Ordinal);
            // The oldest of them made room.
            Assert.Equal(0, await ReadAsync(held[0]).WithinAsync("the end of the oldest connection"));
        }
        finally
        {
            held.ForEach(socket => socket.Dispose());
        }
    }

    private static async Task<int> ReadAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1]);
        }
        catch (SocketException)
        {
            return 0;
        }
    }
}

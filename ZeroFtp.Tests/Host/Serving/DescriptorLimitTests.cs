using System.Net;
using System.Net.Sockets;
using System.Text;
using ZeroFtp.Host.Serving;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Host.Serving;

public sealed class DescriptorLimitTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(1024, 10_000, 277)]
    [InlineData(1_048_576, 10_000, 10_000)]
    [InlineData(long.MaxValue, 10_000, 10_000)]
    [InlineData(100, 10_000, 1)]
    public void Sessions_are_held_against_the_descriptors(long descriptors, int wanted, int expected) =>
        Assert.Equal(expected, DescriptorLimit.SessionsWithin(descriptors, wanted));

    [Fact]
    public async Task More_connections_than_descriptors_are_refused_and_the_server_goes_on()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The limit is read on Linux only.");
        (int code, _, string errors) = await ZeroFtpProgram.RunAsync(_directory.Path, "s3cret\n", "user", "add", "alice", "--password-stdin");
        Assert.True(code == 0, errors);
        await using ZeroFtpProgram program = ZeroFtpProgram.StartWithin(240, _directory.Path, "serve", "--listen", "127.0.0.1:0");
        IPEndPoint address = await program.WaitForListenerAsync();
        Assert.Contains("240 file descriptors suffice for 16 sessions", program.Errors, StringComparison.Ordinal);
        List<Socket> silent = [];
        int greeted = 0;
        try
        {
            for (int i = 0; i < 300; i++)
            {
                Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
                silent.Add(socket);
                await socket.ConnectAsync(address, TestContext.Current.CancellationToken);
            }
            foreach (Socket socket in silent)
                greeted += await FirstLineAsync(socket) is ['2', '2', '0', ..] ? 1 : 0;
            Assert.Equal(16, greeted);
            Assert.True(program.IsRunning);
        }
        finally
        {
            silent.ForEach(socket => socket.Dispose());
        }
        await using PlainFtpClient client = await ConnectWhenThereIsRoomAsync(address);
        await client.StoreAsync("/a.txt", "hello");
        Assert.Equal("hello", await client.RetrieveAsync("/a.txt"));
    }

    private static async Task<string> FirstLineAsync(Socket socket)
    {
        byte[] buffer = new byte[256];
        int length = await socket.ReceiveAsync(buffer).WithinAsync("an answer to a connection");
        return Encoding.ASCII.GetString(buffer, 0, length);
    }

    /// <summary>The sessions of the sockets that were closed end within moments.</summary>
    private static async Task<PlainFtpClient> ConnectWhenThereIsRoomAsync(IPEndPoint address)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return await PlainFtpClient.ConnectAsync(address, "alice", "s3cret");
            }
            catch (Exception exception) when (attempt < 100 && exception is not OperationCanceledException)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Protocol;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Events;
using ZeroFtp.Protocol.Memory;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Protocol.Transfer;

/// <summary>A server over sockets, and a client that ends its two connections in whatever order a test wants. What became of the upload is the event that the server raises.</summary>
internal sealed class UploadEndClient : IAsyncDisposable
{
    private readonly FtpServer _server;
    private readonly MemoryServerDriver _driver;
    private readonly Ends _ends;

    private UploadEndClient(FtpServer server, MemoryServerDriver driver, Ends ends) => (_server, _driver, _ends) = (server, driver, ends);

    public Socket Control { get; private set; } = null!;

    public Socket Data { get; private set; } = null!;

    public static async Task<UploadEndClient> StartAsync(FtpDataOptions? data = null, UserLimits? limits = null)
    {
        MemoryServerDriver driver = MemoryServer.CreateDriver(new FakeTimeProvider(MemoryServer.Start));
        driver.AddAccount(new MemoryAccount("alice", "secret") { Limits = limits ?? UserLimits.None });
        Ends ends = new();
        FtpServer server = new(new FtpServerOptions { EndPoints = [new FtpEndPoint(new IPEndPoint(IPAddress.Loopback, 0))], Data = data ?? new FtpDataOptions() }, driver, [ends]);
        await server.StartAsync();
        return new UploadEndClient(server, driver, ends);
    }

    public string? Content(string path) => _driver.Tree.ReadFile(path) is { } bytes ? Encoding.Latin1.GetString(bytes) : null;

    /// <summary>Logs in and begins an upload; 150 has been read then.</summary>
    public async Task BeginAsync(string path)
    {
        Control = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await Control.ConnectAsync(_server.EndPoints[0]);
        await ReadReplyAsync();
        await SendAsync("USER alice");
        await SendAsync("PASS secret");
        string reply = await SendAsync("EPSV");
        Data = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await Data.ConnectAsync(IPAddress.Loopback, int.Parse(reply.Split('|')[3], CultureInfo.InvariantCulture));
        await SendAsync("TYPE I");
        Assert.StartsWith("150", await SendAsync("STOR " + path), StringComparison.Ordinal);
    }

    /// <summary>Stores a file in good order.</summary>
    public async Task StoreAsync(string path, string content)
    {
        await BeginAsync(path);
        await Data.SendAsync(Encoding.Latin1.GetBytes(content));
        Data.Close();
        Assert.StartsWith("226", await ReadReplyAsync(), StringComparison.Ordinal);
        Control.Close();
        await EndedAsync();
    }

    public Task<FtpTransferInfo> EndedAsync() => _ends.Finished.Reader.ReadAsync().AsTask().WithinAsync("the end of the upload");

    public async ValueTask DisposeAsync()
    {
        Data?.Dispose();
        Control?.Dispose();
        await _server.DisposeAsync();
    }

    private async Task<string> SendAsync(string command)
    {
        await Control.SendAsync(Encoding.ASCII.GetBytes(command + "\r\n"));
        return await ReadReplyAsync();
    }

    private async Task<string> ReadReplyAsync()
    {
        StringBuilder reply = new();
        byte[] buffer = new byte[1];
        while (reply.Length < 2 || reply[^1] != '\n')
        {
            Assert.Equal(1, await Control.ReceiveAsync(buffer).WithinAsync("a reply"));
            reply.Append((char)buffer[0]);
        }
        return reply.ToString();
    }

    private sealed class Ends : IFtpEvents
    {
        public Channel<FtpTransferInfo> Finished { get; } = Channel.CreateUnbounded<FtpTransferInfo>();

        public void TransferFinished(FtpTransferInfo transfer) => Finished.Writer.TryWrite(transfer);
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;
using ZeroFtp.Protocol.Data;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Protocol.Data;

/// <summary>The end of a data connection: it loses nothing that was sent, and keeps nobody.</summary>
public sealed class DataClosingTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>A client may keep its data connection open until it has read 226, under TLS too. The clock stands still here.</summary>
    [Fact]
    public async Task The_client_need_not_close_for_226()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        await client.AuthTlsAsync(protectData: true);
        await client.LoginAsync();
        // The connection that lingers is closed by the next, and with its session.
        for (int transfer = 0; transfer < 3; transfer++)
        {
            DataEnd data = await DataEnd.OpenAsync(client);
            await client.SendAsync("RETR docs/a.txt", 150);
            MemoryStream content = new();
            Stream stream = await data.Stream;
            await Task.Run(() => stream.CopyToAsync(content, Cancelled), Cancelled).WaitAsync(MemoryServer.Patience, Cancelled);
            Assert.Equal("hello\nworld\n", Encoding.Latin1.GetString(content.ToArray()));
            await client.ExpectAsync(226);
        }
        await client.SendAsync("QUIT", 221);
        await server.WaitAsync(client.Serving);
    }

    /// <summary>A socket that is closed with unread bytes resets the connection, and what the peer has not taken yet is lost.</summary>
    [Fact]
    public async Task A_download_keeps_its_tail_although_the_client_has_sent_something()
    {
        (Socket server, Socket client) = await ConnectAsync();
        using (client)
        {
            await using DataLink link = new(new DataConnection(new DataStream(server), server, null), new TransferMeter(TimeProvider.System, []), 64 * 1024, sends: true);
            await client.SendAsync(new byte[] { 1 }, Cancelled);
            Assert.True(server.Poll(MemoryServer.Patience, SelectMode.SelectRead));
            // More than the client's socket takes and less than the server's: the rest waits there when the connection is closed.
            byte[] bytes = new byte[128 * 1024];
            using (DataSender sender = link.OpenSender())
                await sender.WriteAsync(bytes, Cancelled).AsTask().WithinAsync("the socket takes all");
            Task<bool> delivering = link.DeliverAsync(MemoryServer.Patience, TimeProvider.System, Cancelled).AsTask();
            byte[] buffer = new byte[4096];
            int received = 0;
            while (await client.ReceiveAsync(buffer.AsMemory(), Cancelled) is > 0 and var count)
                received += count;
            Assert.Equal(bytes.Length, received);
            Assert.True(await delivering.WithinAsync("everything is delivered"));
            Task lingering = link.LingerAsync(MemoryServer.Patience, TimeProvider.System, Cancelled);
            client.Shutdown(SocketShutdown.Send);
            await lingering.WithinAsync("the connection is closed");
        }
    }

    [Fact]
    public async Task A_client_that_sends_and_does_not_close_is_waited_for_no_longer_than_the_limit()
    {
        (Socket server, Socket client) = await ConnectAsync();
        using (client)
        {
            await using DataLink link = new(new DataConnection(new DataStream(server), server, null), new TransferMeter(TimeProvider.System, []), 64 * 1024, sends: true);
            await client.SendAsync(new byte[] { 1 }, Cancelled);
            Assert.True(server.Poll(MemoryServer.Patience, SelectMode.SelectRead));
            await link.LingerAsync(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancelled).WithinAsync("the connection is closed");
        }
    }

    /// <summary>The end of a download is when its client has got it: not before, whatever the kernel has taken, and not later, though the client keeps its socket open.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_download_is_delivered_when_all_is_acknowledged(bool isReset)
    {
        Assert.SkipUnless(SendQueue.IsKnown, "The system does not tell what was acknowledged.");
        (Socket server, Socket client) = await ConnectAsync();
        using (client)
        {
            await using DataLink link = new(new DataConnection(new DataStream(server), server, null), new TransferMeter(TimeProvider.System, []), 64 * 1024, sends: true);
            byte[] content = new byte[128 * 1024];
            using (DataSender sender = link.OpenSender())
                await sender.WriteAsync(content, Cancelled).AsTask().WithinAsync("the socket takes all");
            Task<bool> delivering = link.DeliverAsync(MemoryServer.Patience, TimeProvider.System, Cancelled).AsTask();
            Assert.False(link.IsDelivered);
            Assert.False(delivering.IsCompleted);
            if (isReset)
            {
                client.LingerState = new LingerOption(true, 0);
                client.Close();
                Assert.False(await delivering.WithinAsync("the reset is seen"));
                return;
            }
            for (int received = 0; received < content.Length;)
                received += await client.ReceiveAsync(content.AsMemory(), Cancelled);
            Assert.True(await delivering.WithinAsync("everything is delivered"));
            Assert.True(link.IsDelivered);
        }
    }

    [Fact]
    public async Task A_wait_for_a_client_that_does_not_read_can_be_ended()
    {
        Assert.SkipUnless(SendQueue.IsKnown, "The system does not tell what was acknowledged.");
        (Socket server, Socket client) = await ConnectAsync();
        using (client)
        using (CancellationTokenSource stop = new())
        {
            await using DataLink link = new(new DataConnection(new DataStream(server), server, null), new TransferMeter(TimeProvider.System, []), 64 * 1024, sends: true);
            using (DataSender sender = link.OpenSender())
                await sender.WriteAsync(new byte[128 * 1024], Cancelled).AsTask().WithinAsync("the socket takes all");
            Task<bool> delivering = link.DeliverAsync(MemoryServer.Patience, TimeProvider.System, stop.Token).AsTask();
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => delivering.WithinAsync("the wait ends"));
        }
    }

    private static async Task<(Socket Server, Socket Client)> ConnectAsync()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8 * 1024 };
        await client.ConnectAsync(listener.LocalEndPoint!, Cancelled);
        Socket server = await listener.AcceptAsync(Cancelled);
        server.SendBufferSize = 512 * 1024;
        return (server, client);
    }
}

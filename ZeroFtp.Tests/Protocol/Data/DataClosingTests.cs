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

    /// <summary>After a download under TLS the server waits for the client's close_notify; ABOR, an operator, and the client's leaving end the wait. The clock stands still here.</summary>
    [Theory]
    [InlineData("ABOR")]
    [InlineData("kick")]
    [InlineData("hangup")]
    public async Task The_wait_for_the_end_of_TLS_can_be_ended(string by)
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        await client.AuthTlsAsync(protectData: true);
        await client.LoginAsync();
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync("RETR docs/a.txt", 150);
        MemoryStream content = new();
        Stream stream = await data.Stream;
        await Task.Run(() => stream.CopyToAsync(content, Cancelled), Cancelled).WaitAsync(MemoryServer.Patience, Cancelled);
        Assert.Equal("hello\nworld\n", Encoding.Latin1.GetString(content.ToArray()));
        switch (by)
        {
            case "ABOR":
                await client.WriteAsync("ABOR\r\n");
                await client.ExpectAsync(226);
                await client.ExpectAsync(226);
                break;
            case "kick":
                await Task.Run(() => server.Ftp.Kick(server.Ftp.Sessions.Single().Id), Cancelled);
                await client.ExpectAsync(226);
                await client.ExpectAsync(421);
                break;
            case "hangup":
                await Task.Run(client.DisposeAsync, Cancelled);
                await server.WaitAsync(client.Serving);
                break;
        }
    }

    /// <summary>A socket that is closed with unread octets resets the connection, and what the peer has not taken yet is lost.</summary>
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
            byte[] octets = new byte[128 * 1024];
            using (DataSender sender = link.OpenSender())
                await sender.WriteAsync(octets, Cancelled).AsTask().WithinAsync("the socket takes all");
            Task closing = link.CloseAsync(MemoryServer.Patience, TimeProvider.System, Cancelled).AsTask();
            byte[] buffer = new byte[4096];
            int received = 0;
            while (await client.ReceiveAsync(buffer.AsMemory(), Cancelled) is > 0 and var count)
                received += count;
            Assert.Equal(octets.Length, received);
            client.Shutdown(SocketShutdown.Send);
            await closing.WithinAsync("the connection is closed");
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
            await link.CloseAsync(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancelled).AsTask().WithinAsync("the connection is closed");
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

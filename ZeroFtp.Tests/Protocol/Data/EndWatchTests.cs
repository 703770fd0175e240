using System.Net;
using System.Net.Sockets;
using ZeroFtp.Protocol.Data;

namespace ZeroFtp.Tests.Protocol.Data;

public sealed class EndWatchTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task The_order_is_known_after_both_have_ended_with_bytes_unread(bool dataFirst, bool byReset)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only.");
        (Socket Server, Socket Client) data = await ConnectAsync(), control = await ConnectAsync();
        using EndWatch watch = EndWatch.TryCreate(data.Server, control.Server)!;
        await data.Client.SendAsync(new byte[50_000]);
        await control.Client.SendAsync("NOOP\r\n"u8.ToArray());
        Assert.False(watch.DataEndedFirst || watch.ControlEndedFirst || watch.DataEnded || watch.ControlEnded);
        foreach (Socket socket in dataFirst ? new[] { data.Client, control.Client } : [control.Client, data.Client])
        {
            if (byReset)
                socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        }
        Assert.Equal((dataFirst, !dataFirst), (watch.DataEndedFirst, watch.ControlEndedFirst));
        Assert.True(watch.DataEnded && watch.ControlEnded);
        Assert.True(NativePoll.HasEnded(control.Server));
        data.Server.Dispose();
        control.Server.Dispose();
    }

    [Fact]
    public async Task Of_two_that_had_ended_before_the_data_count_as_the_first()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only.");
        (Socket Server, Socket Client) data = await ConnectAsync(), control = await ConnectAsync();
        control.Client.Close();
        data.Client.Close();
        using EndWatch watch = EndWatch.TryCreate(data.Server, control.Server)!;
        Assert.True(watch.DataEndedFirst);
        data.Server.Dispose();
        control.Server.Dispose();
    }

    private static async Task<(Socket Server, Socket Client)> ConnectAsync()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.LocalEndPoint!);
        return (await listener.AcceptAsync(), client);
    }
}

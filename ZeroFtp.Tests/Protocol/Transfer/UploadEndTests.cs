using System.Text;
using ZeroFtp.Protocol.Events;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Tests.Protocol.Sessions;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Protocol.Transfer;

/// <summary>What the end of an upload means where no socket is known, in clear and under TLS.</summary>
public sealed class UploadEndTests
{
    private readonly RecordingEvents _events = new();

    [Theory]
    [InlineData("/up/new", 5)]
    [InlineData("/docs/a.txt", 12)]
    public async Task In_clear_the_end_of_control_interrupts(string path, int length)
    {
        await using MemoryServer server = MemoryServer.Create(events: _events);
        MemoryClient client = await server.LoginAsync();
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync("STOR " + path, 150);
        await data.WriteAsync("hello");
        await server.DropAsync(client);
        Assert.Equal(length, server.Tree.ReadFile(path)!.Length);
        Assert.Equal((FtpUploadEnd.ControlFirst, 0), Ended());
    }

    [Fact]
    public async Task Data_that_ended_before_are_stored_whatever_becomes_of_control()
    {
        await using MemoryServer server = MemoryServer.Create(events: _events);
        MemoryClient client = await server.LoginAsync();
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync("STOR up/x", 150);
        await data.SendAsync("hello");
        await server.DropAsync(client);
        Assert.Equal("hello", Encoding.Latin1.GetString(server.Tree.ReadFile("/up/x")!));
        Assert.Equal((FtpUploadEnd.Closed, 226), Ended());
    }

    [Fact]
    public async Task Close_notify_makes_an_upload_whole_although_control_ended_before()
    {
        await using MemoryServer server = MemoryServer.Create(events: _events);
        (MemoryClient client, DataEnd data) = await BeginUnderTlsAsync(server, "docs/a.txt");
        await data.WriteAsync("hello ");
        await client.DisposeAsync();
        await data.SendAsync("again");
        await server.WaitAsync(client.Serving);
        Assert.Equal("hello again", Encoding.Latin1.GetString(server.Tree.ReadFile("/docs/a.txt")!));
        Assert.Equal((FtpUploadEnd.CloseNotify, 226), Ended());
    }

    [Fact]
    public async Task Without_close_notify_it_is_interrupted_if_control_has_ended()
    {
        await using MemoryServer server = MemoryServer.Create(events: _events);
        (MemoryClient client, DataEnd data) = await BeginUnderTlsAsync(server, "docs/a.txt");
        await data.WriteAsync("hello");
        await client.DisposeAsync();
        await data.Transport.DisposeAsync();
        await server.WaitAsync(client.Serving);
        Assert.Equal("hello\nworld\n", Encoding.Latin1.GetString(server.Tree.ReadFile("/docs/a.txt")!));
        Assert.Equal((FtpUploadEnd.WithoutCloseNotify, 0), Ended());
    }

    [Theory]
    [InlineData(false, 226)]
    [InlineData(true, 426)]
    public async Task Without_close_notify_the_option_decides_while_control_is_open(bool isRequired, int code)
    {
        await using MemoryServer server = MemoryServer.Create(new FtpServerOptions { Tls = new FtpTlsOptions { RequireCloseNotify = isRequired } }, _events);
        (MemoryClient client, DataEnd data) = await BeginUnderTlsAsync(server, "up/x");
        await data.WriteAsync("hello");
        await data.Transport.DisposeAsync();
        await client.ExpectAsync(code);
        Assert.Equal((FtpUploadEnd.WithoutCloseNotify, code), Ended());
    }

    [Fact]
    public async Task After_QUIT_it_is_whole_without_close_notify()
    {
        await using MemoryServer server = MemoryServer.Create(events: _events);
        (MemoryClient client, DataEnd data) = await BeginUnderTlsAsync(server, "up/x");
        await data.WriteAsync("hello");
        await client.WriteAsync("QUIT\r\n");
        await client.DisposeAsync();
        await data.Transport.DisposeAsync();
        await server.WaitAsync(client.Serving);
        Assert.Equal((FtpUploadEnd.WithoutCloseNotify, 226), Ended());
    }

    [Fact]
    public async Task Trust_holds_under_TLS_too()
    {
        await using MemoryServer server = MemoryServer.Create(new FtpServerOptions { Data = new FtpDataOptions { TrustEndOfData = true } }, _events);
        (MemoryClient client, DataEnd data) = await BeginUnderTlsAsync(server, "up/x");
        await data.WriteAsync("hello");
        await client.DisposeAsync();
        await data.Transport.DisposeAsync();
        await server.WaitAsync(client.Serving);
        Assert.Equal((FtpUploadEnd.WithoutCloseNotify, 226), Ended());
    }

    [Fact]
    public async Task What_the_server_ends_is_no_end_of_the_client()
    {
        await using MemoryServer server = MemoryServer.Create(events: _events);
        MemoryClient client = await server.LoginAsync();
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync("STOR up/x", 150);
        await data.WriteAsync("hello");
        await client.WriteAsync("ABOR\r\n");
        await client.ExpectAsync(426);
        await client.ExpectAsync(226);
        Assert.Equal((FtpUploadEnd.None, 426), Ended());
    }

    private static async Task<(MemoryClient Client, DataEnd Data)> BeginUnderTlsAsync(MemoryServer server, string path)
    {
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        await client.AuthTlsAsync(protectData: true);
        await client.LoginAsync();
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync("STOR " + path, 150);
        await data.Stream;
        return (client, data);
    }

    private (FtpUploadEnd End, int Code) Ended()
    {
        FtpTransferInfo end = Assert.Single(_events.Finished);
        return (end.UploadEnd, end.ReplyCode);
    }
}

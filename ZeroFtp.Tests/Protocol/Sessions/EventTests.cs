using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Events;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Protocol.Sessions;

public sealed class EventTests
{
    [Fact]
    public async Task Tell_the_whole_life_of_a_session()
    {
        RecordingEvents events = new();
        await using (MemoryServer server = MemoryServer.Create(SessionOptions.NoDelay, events))
        {
            MemoryClient client = server.Connect();
            await client.ExpectAsync(220);
            await client.SendAsync("USER alice", 331);
            await client.SendAsync("PASS wrong", 530);
            await client.LoginAsync();
            DataEnd data = await DataEnd.OpenAsync(client);
            await client.SendAsync("STOR up/x", 150);
            await data.SendAsync("hello");
            await client.ExpectAsync(226);
            data = await DataEnd.OpenAsync(client);
            await client.SendAsync("STOR up/y", 150);
            await data.WriteAsync("hel");
            await data.ResetAsync();
            await client.ExpectAsync(426);
            data = await DataEnd.OpenAsync(client);
            await client.SendAsync("RETR up/x", 150);
            Assert.Equal("hello", await data.ReadToEndAsync());
            await client.ExpectAsync(226);
            await client.SendAsync("RNFR up/x", 350);
            await client.SendAsync("RNTO up/z", 250);
            await client.SendAsync("DELE up/z", 250);
            await client.SendAsync("MKD up/d", 257);
            await client.SendAsync("RMD up/d", 250);
            await client.SendAsync("QUIT", 221);
            await client.ExpectEndAsync();
        }
        Assert.Equal(
            [
                "opened 1", "login alice no", "login alice yes",
                "started STOR /up/x", "Stored /up/x", "finished STOR /up/x 5 226",
                "started STOR /up/y", "StoredPartially /up/y", "finished STOR /up/y 3 426 partial",
                "started RETR /up/x", "finished RETR /up/x 5 226",
                "Renamed /up/x /up/z", "Deleted /up/z", "DirectoryMade /up/d", "DirectoryRemoved /up/d", "closed 1: QUIT",
            ],
            events.Lines);
    }

    [Fact]
    public async Task A_listener_that_throws_hurts_nobody()
    {
        await using MemoryServer server = MemoryServer.Create(events: new ThrowingEvents());
        MemoryClient client = await server.LoginAsync();
        await client.SendAsync("MKD up/d", 257);
        Assert.Equal("alice", Assert.Single(server.Ftp.Sessions).User);
    }

    /// <summary>Who counts sessions by their events would come below zero.</summary>
    [Fact]
    public async Task A_handshake_that_fails_opens_no_session_and_closes_none()
    {
        RecordingEvents events = new();
        FakeTimeProvider clock = new(MemoryServer.Start);
        AskedDriver driver = new(MemoryServer.CreateDriver(clock));
        await using (MemoryServer server = new(driver, SessionOptions.NoDelay, clock, events))
        {
            MemoryClient clear = server.Connect(implicitTls: true);
            await clear.WriteAsync("USER alice\r\n");
            await server.WaitAsync(clear.Serving);
            Assert.Empty(events.Lines);
            Assert.Equal(1, driver.Left);

            MemoryClient secure = server.Connect(implicitTls: true);
            await secure.SecureAsync();
            await secure.ExpectAsync(220);
            await secure.SendAsync("QUIT", 221);
            await server.WaitAsync(secure.Serving);
        }
        Assert.Equal(["opened 2", "closed 2: QUIT"], events.Lines);
        Assert.Equal(2, driver.Left);
    }

    [Fact]
    public async Task A_running_transfer_shows_how_far_it_is()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync();
        FtpSessionInfo session = server.Ftp.Sessions.Single();
        Assert.Null(session.Transfer);
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync("ALLO 20", 202);
        await client.SendAsync("STOR up/x", 150);
        await data.WriteAsync("first half");
        FtpTransferProgress transfer = session.Transfer!;
        Assert.Equal(("STOR", "/up/x", 10L, false), (transfer.Verb, transfer.Path.Text, transfer.Bytes, transfer.IsDownload));
        Assert.Equal((10L, 0L), (session.BytesReceived, session.BytesSent));
        MemoryClient root = await server.LoginAsync("root");
        Assert.Contains(" STOR /up/x [10 bytes]", await root.SendAsync("SITE WHO", 211), StringComparison.Ordinal);
        await data.SendAsync("second");
        await client.ExpectAsync(226);
        Assert.Null(session.Transfer);
        Assert.Equal(16, session.BytesReceived);
    }

    private sealed class ThrowingEvents : IFtpEvents
    {
        public void SessionOpened(FtpSessionInfo session) => throw new InvalidOperationException();

        public void LoginFinished(FtpSessionInfo session, string user, bool accepted) => throw new InvalidOperationException();

        public void FileChanged(FtpFileChange change) => throw new InvalidOperationException();
    }
}

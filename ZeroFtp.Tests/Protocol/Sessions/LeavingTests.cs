using System.Text;
using ZeroFtp.Protocol.Events;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Protocol.Sessions;

/// <summary>Clients that say QUIT and leave without waiting for the replies: what they asked for before is done (RFC 959, QUIT).</summary>
public sealed class LeavingTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public enum Way
    {
        Close,
        Reset,
        HalfClose,
    }

    [Theory]
    [InlineData(Way.Close)]
    [InlineData(Way.Reset)]
    [InlineData(Way.HalfClose)]
    public async Task An_upload_before_QUIT_is_whole_although_the_client_leaves(Way way)
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync();
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync("STOR up/x", 150);
        await data.WriteAsync("first ");
        await client.WriteAsync("MKD up/then\r\nQUIT\r\n");
        await LeaveAsync(client, way);
        Assert.False(client.Serving.IsCompleted);
        await data.SendAsync("second");
        await server.WaitAsync(client.Serving);
        Assert.Equal("first second", Encoding.Latin1.GetString(server.Tree.ReadFile("/up/x")!));
        if (way == Way.HalfClose)
        {
            await client.ExpectAsync(226);
            await client.ExpectAsync(257);
            await client.ExpectAsync(221);
            await client.ExpectEndAsync();
        }
        MemoryClient other = await server.LoginAsync();
        await other.SendAsync("CWD up/then", 250);
    }

    /// <summary>The reply to the first command meets a closed connection, and the rest of what the client sent has not been read by then.</summary>
    [Theory]
    [InlineData(Way.Close)]
    [InlineData(Way.HalfClose)]
    public async Task Commands_before_QUIT_run_although_an_earlier_reply_cannot_be_sent(Way way)
    {
        using HeldChange held = new();
        await using MemoryServer server = MemoryServer.Create(events: held);
        MemoryClient client = await server.LoginAsync();
        Task first = Task.Run(() => client.WriteAsync("MKD up/one\r\n"), Cancelled);
        await held.Reached.WaitAsync(Cancelled);
        await client.WriteAsync("MKD up/two\r\nQUIT\r\n");
        await LeaveAsync(client, way);
        held.Release();
        await first;
        await server.WaitAsync(client.Serving);
        MemoryClient other = await server.LoginAsync();
        await other.SendAsync("CWD up/two", 250);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task So_is_one_under_TLS(bool withCloseNotify)
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = server.Connect();
        await client.ExpectAsync(220);
        await client.AuthTlsAsync(protectData: true);
        await client.LoginAsync();
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync("STOR up/x", 150);
        await data.WriteAsync("first ");
        await client.WriteAsync("QUIT\r\n");
        if (withCloseNotify)
            await Task.Run(client.Tls!.ShutdownAsync, Cancelled);
        await LeaveAsync(client, Way.Close);
        await data.SendAsync("second");
        await server.WaitAsync(client.Serving);
        Assert.Equal("first second", Encoding.Latin1.GetString(server.Tree.ReadFile("/up/x")!));
    }

    [Theory]
    [InlineData(Way.Close)]
    [InlineData(Way.Reset)]
    [InlineData(Way.HalfClose)]
    public async Task A_download_before_QUIT_is_whole_although_the_client_leaves(Way way)
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync();
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync("RETR big.bin", 150);
        await client.WriteAsync("QUIT\r\n");
        await LeaveAsync(client, way);
        Assert.Equal(Encoding.Latin1.GetString(server.Tree.ReadFile("/big.bin")!), await data.ReadToEndAsync());
        Assert.False(data.WasReset);
        await server.WaitAsync(client.Serving);
    }

    [Fact]
    public async Task A_digest_before_QUIT_is_computed_although_the_client_sends_no_more()
    {
        await using MemoryServer server = MemoryServer.Create(new FtpServerOptions { Limits = new FtpLimitOptions { MaxHashJobs = 1, HashJobWait = TimeSpan.FromMinutes(1) } });
        MemoryClient client = await server.LoginAsync();
        SemaphoreSlim slots = ((FtpSession)server.Ftp.Sessions.Single()).Context.HashJobs;
        await slots.WaitAsync(Cancelled);
        await client.WriteAsync("HASH docs/a.txt\r\nPWD\r\nQUIT\r\n");
        client.Transport.EndWriting();
        Assert.False(client.Serving.IsCompleted);
        slots.Release();
        await client.ExpectAsync(213);
        await client.ExpectAsync(257);
        await client.ExpectAsync(221);
        await client.ExpectEndAsync();
    }

    [Fact]
    public async Task Commands_up_to_QUIT_are_answered_although_the_client_sends_no_more()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = server.Connect();
        await client.WriteAsync("USER alice\r\nPASS secret\r\nPWD\r\nQUIT\r\n");
        client.Transport.EndWriting();
        foreach (int code in (int[])[220, 331, 230, 257, 221])
            await client.ExpectAsync(code);
        await client.ExpectEndAsync();
    }

    /// <summary>The 150 meets a closed connection already, and QUIT has not been looked at then.</summary>
    [Fact]
    public async Task An_upload_runs_although_its_150_cannot_be_sent()
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync();
        DataEnd data = await DataEnd.OpenAsync(client);
        client.Transport.EndReading();
        await client.WriteAsync("STOR up/x\r\nQUIT\r\n");
        await LeaveAsync(client, Way.Close);
        await data.SendAsync("all of it");
        await server.WaitAsync(client.Serving);
        Assert.Equal("all of it", Encoding.Latin1.GetString(server.Tree.ReadFile("/up/x")!));
    }

    [Theory]
    [InlineData(Way.Close)]
    [InlineData(Way.Reset)]
    [InlineData(Way.HalfClose)]
    public async Task Without_QUIT_the_transfer_goes_with_the_client(Way way)
    {
        await using MemoryServer server = MemoryServer.Create();
        MemoryClient client = await server.LoginAsync();
        DataEnd data = await DataEnd.OpenAsync(client);
        await client.SendAsync("RETR big.bin", 150);
        await client.WriteAsync("PWD\r\n");
        await LeaveAsync(client, way);
        await server.WaitAsync(client.Serving);
        Assert.True(data.WasReset);
    }

    private static async Task LeaveAsync(MemoryClient client, Way way)
    {
        switch (way)
        {
            case Way.Close:
                await client.DisposeAsync();
                break;
            case Way.Reset:
                await Task.Run(client.Transport.Reset, Cancelled);
                break;
            case Way.HalfClose:
                await Task.Run(client.Transport.EndWriting, Cancelled);
                break;
        }
    }

    /// <summary>Holds the session at its first change, as a slow driver would.</summary>
    private sealed class HeldChange : IFtpEvents, IDisposable
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _released = new();

        public Task Reached => _reached.Task;

        public void Release() => _released.Set();

        public void FileChanged(FtpFileChange change)
        {
            if (_reached.TrySetResult())
                _released.Wait(Cancelled);
        }

        public void Dispose() => _released.Dispose();
    }
}

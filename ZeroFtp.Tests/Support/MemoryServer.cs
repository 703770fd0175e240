using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Protocol;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Events;
using ZeroFtp.Protocol.Memory;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Tests.Protocol.Driver;

namespace ZeroFtp.Tests.Support;

/// <summary>A server without sockets and with a clock that only the test moves. Disposing it checks that every session has come to its end and that no port is left open.</summary>
internal sealed class MemoryServer : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    public static readonly DateTimeOffset Start = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
    public static readonly IPAddress DefaultClientAddress = IPAddress.Parse("192.0.2.7");
    private static readonly IPEndPoint Local = new(IPAddress.Parse("192.0.2.1"), 21);

    private readonly List<Task> _serving = [];
    private readonly List<MemoryClient> _clients = [];
    private int _lastPort = 60_000;
    private long _owedSeconds;

    public MemoryServer(IServerDriver driver, FtpServerOptions? options = null, FakeTimeProvider? clock = null, IFtpEvents? events = null, ILogger<FtpServer>? logger = null)
    {
        Clock = clock ?? new FakeTimeProvider(Start);
        Driver = driver;
        Ftp = new FtpServer(options ?? new FtpServerOptions(), driver, events is null ? null : [events], logger, Clock);
    }

    public FtpServer Ftp { get; }

    public FakeTimeProvider Clock { get; }

    public IServerDriver Driver { get; }

    public MemoryDataTransport Data { get; } = new();

    /// <summary>The tree of the memory driver.</summary>
    public MemoryTree Tree => ((MemoryServerDriver)Driver).Tree;

    /// <summary>A server over the fixture tree with its accounts, and TLS.</summary>
    public static MemoryServer Create(FtpServerOptions? options = null, IFtpEvents? events = null, ILogger<FtpServer>? logger = null)
    {
        FakeTimeProvider clock = new(Start);
        return new MemoryServer(CreateDriver(clock), options, clock, events, logger);
    }

    public static MemoryServerDriver CreateDriver(TimeProvider clock)
    {
        MemoryServerDriver driver = MemoryFixture.CreateServerDriver(MemoryFixture.CreateTree(clock))
            .AddAccount(new MemoryAccount("root", "secret") { IsAdministrator = true })
            .AddAccount(new MemoryAccount("carol", "secret") { QuotaBytes = 1000 })
            .AddAccount(new MemoryAccount("dora", "secret") { Permissions = FtpPermissions.Write | FtpPermissions.MakeDirectory })
            .AddAccount(new MemoryAccount("reader", "secret") { Permissions = FtpPermissions.Read })
            .AddAccount(new MemoryAccount("stamper", "secret") { Permissions = FtpPermissions.ChangeFacts })
            .AddAccount(new MemoryAccount("walled", "secret") { Permissions = FtpPermissions.None })
            .AddAccount(new MemoryAccount("certuser", null) { CertificateThumbprint = TestCertificates.Client.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256) });
        driver.Tls = _ => TestCertificates.ServerOptionsWithClientCertificate();
        return driver;
    }

    /// <summary>Opens a control connection. The greeting is left for the caller to read.</summary>
    public MemoryClient Connect(IPAddress? from = null, bool implicitTls = false, IPEndPoint? local = null, int pauseAt = 64 * 1024)
    {
        DuplexPipePair pair = new(pauseAt);
        MemoryClient client = new(this, new DuplexStream(pair.Client), from ?? DefaultClientAddress);
        IPEndPoint remote = new(client.Address, Interlocked.Increment(ref _lastPort));
        client.Serving = Task.Run(async () =>
        {
            await Ftp.ServeOverAsync(pair.Server, local ?? Local, remote, implicitTls, Data);
            await pair.Server.Output.CompleteAsync();
            await pair.Server.Input.CompleteAsync();
        });
        _serving.Add(client.Serving);
        _clients.Add(client);
        return client;
    }

    /// <summary>Connects and logs in, with TYPE I.</summary>
    public async Task<MemoryClient> LoginAsync(string user = "alice", IPAddress? from = null)
    {
        MemoryClient client = Connect(from);
        await client.ExpectAsync(220);
        await client.LoginAsync(user);
        return client;
    }

    /// <summary>Ends a connection, waits until the server has done with it, and forgets it.</summary>
    public async Task DropAsync(MemoryClient client)
    {
        await client.DisposeAsync();
        await WaitAsync(client.Serving);
        _clients.Remove(client);
        _serving.Remove(client.Serving);
    }

    /// <summary>Moves the clock, second by second, as the sweep of the server needs it.</summary>
    public async Task AdvanceAsync(TimeSpan time)
    {
        Interlocked.Add(ref _owedSeconds, (long)Math.Ceiling(time.TotalSeconds));
        for (TimeSpan step; time > TimeSpan.Zero; time -= step)
        {
            step = time < TimeSpan.FromSeconds(1) ? time : TimeSpan.FromSeconds(1);
            await Task.Run(() => Clock.Advance(step));
        }
    }

    /// <summary>
    /// Waits for something that the server does. On a busy machine the server may begin to measure a time only after the clock was moved, and would wait for ever then; so if nothing comes, the clock goes on by
    /// itself, at most as far again as it was moved.
    /// </summary>
    /// <exception cref="TimeoutException">It does not come within <see cref="Patience"/>.</exception>
    public async Task WaitAsync(Task awaited)
    {
        long began = Stopwatch.GetTimestamp();
        for (TimeSpan pause = TimeSpan.FromSeconds(2); ; pause = TimeSpan.FromMilliseconds(50))
        {
            try
            {
                await awaited.WaitAsync(pause);
                return;
            }
            catch (TimeoutException) when (!awaited.IsCompleted && Stopwatch.GetElapsedTime(began) < Patience)
            {
                if (Interlocked.Decrement(ref _owedSeconds) >= 0)
                    await Task.Run(() => Clock.Advance(TimeSpan.FromSeconds(1)));
                else
                    Interlocked.Increment(ref _owedSeconds);
            }
        }
    }

    /// <inheritdoc cref="WaitAsync(Task)"/>
    public async Task<T> WaitAsync<T>(Task<T> awaited)
    {
        await WaitAsync((Task)awaited);
        return await awaited;
    }

    public async ValueTask DisposeAsync()
    {
        // What is closed here runs the server's code.
        await Task.Run(async () =>
        {
            foreach (MemoryClient client in _clients)
                await client.DisposeAsync();
        }).WithinAsync("the server lets its clients go", Patience);
        await WaitAsync(Task.WhenAll(_serving));
        Assert.Empty(Ftp.Sessions);
        Assert.Equal(0, Data.OpenPorts);
        await Ftp.DisposeAsync().AsTask().WithinAsync("the server stops", Patience);
    }
}

using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ZeroFtp.ZeroStor.Services;
using ZeroFtp.ZeroStor.Shards;

namespace ZeroFtp.ZeroStor;

/// <summary>A daemon that keeps the wire contract of 0-stor, bad habits included. For tests and for trying things out; it is no store for real data.</summary>
public sealed class StandIn : IAsyncDisposable
{
    private readonly StandInOptions _options;
    private readonly ShardSet _shards;
    private WebApplication? _application;
    private Task _stopping = Task.CompletedTask;

    private StandIn(StandInOptions options)
    {
        _options = options;
        _shards = options.Shared ?? new ShardSet(options.Shards, options.Data);
    }

    /// <summary>Where it listens, as in http://127.0.0.1:12345 or unix:/path; the same after a restart.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Where its switches are, or null.</summary>
    public string? AdminAddress { get; private set; }

    /// <summary>Its switches.</summary>
    public Faults Faults { get; } = new();

    /// <summary>What it has seen.</summary>
    public Counters Counters { get; } = new();

    /// <summary>Its shards.</summary>
    public ShardSet Shards => _shards;

    /// <summary>Whether it died of a request; <see cref="RestartAsync"/> brings it back.</summary>
    public bool IsKilled { get; private set; }

    /// <summary>Starts a daemon; it listens when this returns.</summary>
    /// <exception cref="InvalidOperationException">A shard is down: the daemon exits then.</exception>
    public static async Task<StandIn> StartAsync(StandInOptions? options = null)
    {
        options ??= new StandInOptions();
        int shards = options.Shared?.Count ?? options.Shards;
        Layout layout = Layout.Of(options, shards);
        if (options.Parity < 0 || layout.Needed < 1 || layout.Total < 1 || layout.Total > shards)
            throw new ArgumentException("There have to be at least as many shards as data and parity shards, and one data shard.", nameof(options));
        StandIn standIn = new(options);
        try
        {
            await standIn.RunAsync();
            return standIn;
        }
        catch
        {
            await standIn.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it at once, as SIGKILL would; the shards stay.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _application, null) is not { } application)
            return;
        using CancellationTokenSource now = new();
        await now.CancelAsync();
        await application.StopAsync(now.Token);
        await application.DisposeAsync();
    }

    /// <summary>Ends it and starts it again at the same address.</summary>
    public async Task RestartAsync()
    {
        await _stopping;
        await StopAsync();
        await RunAsync();
        IsKilled = false;
    }

    /// <summary>Ends it and closes its shards unless they are shared.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping;
        await StopAsync();
        if (_options.Shared is null)
            _shards.Dispose();
    }

    private static void Listen(KestrelServerOptions kestrel, string address, HttpProtocols protocols)
    {
        if (address.StartsWith("unix:", StringComparison.Ordinal))
            kestrel.ListenUnixSocket(address[5..], l => l.Protocols = protocols);
        else
            kestrel.Listen(IPEndPoint.Parse(address), l => l.Protocols = protocols);
    }

    private async Task RunAsync()
    {
        if (Array.Find(_shards.Shards, s => s.Down) is { } missing)
            throw new InvalidOperationException($"shard {missing.Id} is down: dial tcp {missing.Id}: connect: connection refused");
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1000;
            kestrel.Limits.Http2.InitialStreamWindowSize = 4 << 20;
            kestrel.Limits.Http2.InitialConnectionWindowSize = 16 << 20;
            Listen(kestrel, Address.Length == 0 ? _options.Listen : Address.Replace("http://", "", StringComparison.Ordinal), HttpProtocols.Http2);
            if (_options.Admin is not null)
                Listen(kestrel, AdminAddress?.Replace("http://", "", StringComparison.Ordinal) ?? _options.Admin, HttpProtocols.Http1);
        });

        Daemon daemon = new(_options, _shards, Faults, Counters, Kill);
        builder.Services.AddSingleton(daemon);
        builder.Services.AddSingleton<DataService>().AddSingleton<NamedFiles>().AddSingleton<Names>();
        builder.Services.AddGrpc(grpc =>
        {
            // The limit of the contract is kept with the daemon's own words, so the framework's is out of the way.
            grpc.MaxReceiveMessageSize = Errors.MessageLimit * 2;
            grpc.MaxSendMessageSize = null;
        });
        builder.Services.AddSingleton<Grpc.AspNetCore.Server.Model.IServiceMethodProvider<DataService>, DataServiceMethods>();

        WebApplication application = builder.Build();
        application.MapGrpcService<DataService>();
        application.MapGrpcService<NamedFiles>();
        application.MapGrpcService<Names>();
        if (_options.Admin is not null)
            Admin.Map(application, this, _shards);
        await application.StartAsync();
        _application = application;

        string[] addresses = [.. application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];
        Address = addresses[0].StartsWith("http://unix:", StringComparison.Ordinal) ? addresses[0][7..] : addresses[0];
        AdminAddress = _options.Admin is null ? null : addresses[1];
    }

    private void Kill()
    {
        IsKilled = true;
        _options.Killed?.Invoke();
        _stopping = Task.Run(StopAsync);
    }
}

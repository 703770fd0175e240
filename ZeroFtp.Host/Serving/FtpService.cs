using System.Net.Sockets;
using ZeroFtp.Host.Certificates;
using ZeroFtp.Host.Checks;
using ZeroFtp.Host.Commands;
using ZeroFtp.Host.Configuration;
using ZeroFtp.Host.Metrics;
using ZeroFtp.Protocol;
using ZeroFtp.Protocol.Events;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Storage;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Storage.Options;

namespace ZeroFtp.Host.Serving;

/// <summary>The server itself: opens the store, binds the addresses, announces them, and stops in the opposite order.</summary>
internal sealed class FtpService(
    LoadedConfiguration loaded,
    ConfigurationSources sources,
    CertificateHolder certificates,
    IEnumerable<IFtpEvents> events,
    Readiness readiness,
    StopSignals signals,
    ProgramOutput output,
    TimeProvider time,
    ILoggerFactory loggers) : IHostedService, IAsyncDisposable
{
    private readonly HostConfiguration _configuration = loaded.Configuration;
    private readonly ILogger _logger = loggers.CreateLogger<FtpService>();
    private FtpStorage? _storage;
    private PublicAddress? _publicAddress;
    private FtpServer? _server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _logger.Starting(ProgramVersion.Text, ConfiguredStorage.Describe(_configuration));
        _storage = await OpenStorageAsync(cancellationToken);
        OpenCertificates();
        _server = new FtpServer(
            ServerOptions(), new TlsServerDriver(_storage.Driver, certificates.FindAsync, certificates.IsOn), events, loggers.CreateLogger<FtpServer>(), time);
        await ListenAsync(_server, cancellationToken);
        // After the addresses are bound: the password is shown once, and not by a start that fails.
        FirstAccounts accounts = await FirstStart.EnsureAsync(_storage.Accounts, _configuration.InitialAccount, cancellationToken);
        if (accounts.Created is { } created)
            Announcement.CreatedAccount(output.Writer, created, Bound(), _configuration.Server.Tls.Policy, certificates.SelfSignedFile);
        Announcement.ExistingAccounts(output.Writer, accounts.Existing, sources.StoreOptions);
        readiness.Open(_storage.ProbeAsync, _storage.AvailableBytes is null ? null : () => _storage.AvailableBytes ?? 0);
        Announcement.Listening(output.Writer, Bound());
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        readiness.Close();
        if (_server is null)
            return;
        if (RunningTransfers() is > 0 and int count)
            _logger.Stopping(Duration.Format(_configuration.Server.Limits.StopGrace), Plural(count));
        await using CancellationTokenRegistration _ = signals.Hurry.Register(() => _logger.StoppingNow(Plural(RunningTransfers())));
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, signals.Hurry);
        await _server.StopAsync(stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        if (_storage is not null)
            await _storage.DisposeAsync();
        _publicAddress?.Dispose();
    }

    private async ValueTask<FtpStorage> OpenStorageAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ConfiguredStorage.OpenAsync(_configuration, StorageOptions(), StorageAccess.Serve, time, loggers, cancellationToken);
        }
        catch (CertificateException)
        {
            // The authorities of client certificates are among the store's options.
            StartCheck.Demand([.. CertificateFileCheck.Find(loaded)]);
            throw;
        }
    }

    private void OpenCertificates()
    {
        try
        {
            certificates.Open(_configuration.Tls);
        }
        catch (CertificateException e) when (e.InnerException is not null)
        {
            // Looks again, to name the key of each faulty file.
            StartCheck.Demand([.. CertificateFileCheck.Find(loaded)]);
            throw;
        }
    }

    private async Task ListenAsync(FtpServer server, CancellationToken cancellationToken)
    {
        try
        {
            await server.StartAsync(cancellationToken);
        }
        catch (SocketException e)
        {
            StartCheck.Demand([.. ListenCheck.Find(loaded, allowsInUse: false)]);
            string addresses = string.Join(", ", _configuration.Server.EndPoints.Select(endPoint => EndPoints.Format(endPoint.Address)));
            throw new CommandException($"cannot listen on {addresses}: {e.Message}");
        }
    }

    private int RunningTransfers() => _server?.Sessions.Count(session => session.Activity is not null) ?? 0;

    private static string Plural(int transfers) => transfers == 1 ? "1 transfer" : $"{transfers} transfers";

    private StorageOptions StorageOptions() => _configuration.Storage with
    {
        ClientCertificateAuthorities = _configuration.Tls.ClientAuthorities is { } path ? [.. ClientCertificateCheck.LoadAuthorities(path)] : [],
    };

    private FtpServerOptions ServerOptions()
    {
        FtpServerOptions options = _configuration.Server with { Limits = LimitsWithinDescriptors() };
        if (_configuration.PublicHost is not { } host)
            return options;
        _publicAddress = new PublicAddress(host, time, _logger);
        return options with { Data = options.Data with { ExternalAddress = _publicAddress.GetAsync } };
    }

    private FtpLimitOptions LimitsWithinDescriptors()
    {
        FtpLimitOptions limits = _configuration.Server.Limits;
        if (DescriptorLimit.Raise() is not { } descriptors || DescriptorLimit.SessionsWithin(descriptors, limits.MaxSessions) is var sessions && sessions == limits.MaxSessions)
            return limits;
        _logger.SessionsLimitedByDescriptors(limits.MaxSessions, descriptors, sessions, DescriptorLimit.Reserved + ((long)DescriptorLimit.PerSession * limits.MaxSessions));
        return limits with { MaxSessions = sessions };
    }

    private IReadOnlyList<FtpEndPoint> Bound() => [.. _server!.EndPoints.Zip(_configuration.Server.EndPoints, (bound, asked) => asked with { Address = bound })];
}

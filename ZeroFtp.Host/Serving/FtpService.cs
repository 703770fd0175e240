using System.Net.Sockets;
using ZeroFtp.Host.Certificates;
using ZeroFtp.Host.Commands;
using ZeroFtp.Host.Configuration;
using ZeroFtp.Host.Metrics;
using ZeroFtp.Protocol;
using ZeroFtp.Storage;

namespace ZeroFtp.Host.Serving;

/// <summary>The server itself, from opening the store to telling where it listens, and back in the opposite order.</summary>
internal sealed class FtpService(
    HostConfiguration configuration,
    CertificateHolder certificates,
    IEnumerable<IFtpEvents> events,
    Readiness readiness,
    ProgramOutput output,
    TimeProvider time,
    ILoggerFactory loggers) : IHostedService, IAsyncDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger<FtpService>();
    private FtpStorage? _storage;
    private PublicAddress? _publicAddress;
    private FtpServer? _server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _logger.Starting(ProgramVersion.Text, ConfiguredStorage.Describe(configuration));
        _storage = await ConfiguredStorage.OpenAsync(configuration, StorageOptions(), StorageAccess.Serve, time, loggers, cancellationToken);
        certificates.Open(configuration.Tls);
        _server = new FtpServer(ServerOptions(), new TlsServerDriver(_storage.Driver, certificates.FindAsync, certificates.IsOn), events, loggers.CreateLogger<FtpServer>(), time);
        NewAccount? made = await FirstStart.EnsureAccountAsync(_storage.Accounts, configuration.InitialAccount, cancellationToken);
        try
        {
            await _server.StartAsync(cancellationToken);
        }
        catch (SocketException e)
        {
            string addresses = string.Join(", ", configuration.Server.EndPoints.Select(endPoint => EndPoints.Format(endPoint.Address)));
            throw new CommandException($"cannot listen on {addresses}: {e.Message}");
        }
        finally
        {
            // also when the start fails: the account is there, and its password is nowhere else
            if (made is not null)
                Announcement.FirstAccount(output.Writer, made, Bound(), configuration.Server.Tls.Policy, certificates.SelfSignedFile);
        }
        readiness.Open(_storage.ProbeAsync, _storage.AvailableBytes is null ? null : () => _storage.AvailableBytes ?? 0);
        Announcement.Listening(output.Writer, Bound());
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        readiness.Close();
        if (_server is not null)
            await _server.StopAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        if (_storage is not null)
            await _storage.DisposeAsync();
        _publicAddress?.Dispose();
    }

    private StorageOptions StorageOptions() => configuration.Storage with
    {
        ClientCertificateAuthorities = configuration.Tls.ClientAuthorities is { } path ? [.. ClientCertificateCheck.LoadAuthorities(path)] : [],
    };

    private FtpServerOptions ServerOptions()
    {
        FtpServerOptions options = configuration.Server with { Limits = LimitsWithinDescriptors() };
        if (configuration.PublicHost is not { } host)
            return options;
        _publicAddress = new PublicAddress(host, time, _logger);
        return options with { Data = options.Data with { ExternalAddress = _publicAddress.GetAsync } };
    }

    private FtpLimitOptions LimitsWithinDescriptors()
    {
        FtpLimitOptions limits = configuration.Server.Limits;
        if (DescriptorLimit.Raise() is not { } descriptors || DescriptorLimit.SessionsWithin(descriptors, limits.MaxSessions) is var sessions && sessions == limits.MaxSessions)
            return limits;
        _logger.SessionsLimitedByDescriptors(limits.MaxSessions, descriptors, sessions, DescriptorLimit.Reserved + ((long)DescriptorLimit.PerSession * limits.MaxSessions));
        return limits with { MaxSessions = sessions };
    }

    private IReadOnlyList<FtpEndPoint> Bound() => [.. _server!.EndPoints.Zip(configuration.Server.EndPoints, (bound, asked) => asked with { Address = bound })];
}

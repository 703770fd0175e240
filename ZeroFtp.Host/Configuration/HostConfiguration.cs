using System.Net;
using ZeroFtp.Host.Certificates;
using ZeroFtp.Host.Logging;
using ZeroFtp.Host.Telemetry;
using ZeroFtp.Host.Transfers;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Storage.Options;

namespace ZeroFtp.Host.Configuration;

/// <summary>Everything that can be set about the program, as values that have been checked.</summary>
internal sealed record HostConfiguration
{
    public required FtpServerOptions Server { get; init; }

    public required StorageOptions Storage { get; init; }

    /// <summary>The store that several front-ends share; null if there is an embedded one.</summary>
    public DistributedStorageOptions? Distributed { get; init; }

    public required TlsSettings Tls { get; init; }

    public required TransferLogSettings TransferLog { get; init; }

    /// <summary>The name or IPv4 address that passive replies tell to clients; null tells the address that the client came to.</summary>
    public string? PublicHost { get; init; }

    /// <summary>Where metrics and health are served over HTTP; null serves none.</summary>
    public IPEndPoint? Metrics { get; init; }

    public TelemetrySettings Telemetry { get; init; } = new();

    /// <summary>The account that is made when there is none at all; null makes none.</summary>
    public string? InitialAccount { get; init; }

    public LogFormat LogFormat { get; init; }

    public LogLevel LogLevel { get; init; }
}

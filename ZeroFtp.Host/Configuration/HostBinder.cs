using System.Net;
using ZeroFtp.Host.Logging;
using ZeroFtp.Host.Transfers;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Embedded;
using ZeroFtp.Storage.Options;

namespace ZeroFtp.Host.Configuration;

/// <summary>Reads the whole configuration; with the binders of its parts the one place where keys have their names.</summary>
internal static class HostBinder
{
    public const string DefaultDataDirectory = "zeroftp-data";

    public static HostConfiguration Bind(ConfigurationReader reader)
    {
        string data = reader.Text("data", DefaultDataDirectory, "The directory with the database, the content and the certificates.");
        string? publicHost = reader.OptionalText("publicHost", "The name or IPv4 address that PASV tells to clients; empty: the address they came to.");
        StorageKind kind = reader.Choice("storage:kind", StorageKind.Embedded,
            "embedded: names and content in the data directory; distributed: names in a database, content in 0-stor, for any number of front-ends.");
        StorageOptions storage = StorageBinder.Bind(reader, data, kind);
        HostConfiguration configuration = new()
        {
            Server = EngineBinder.Bind(reader),
            Storage = storage,
            Distributed = DistributedBinder.Bind(reader, storage, kind),
            Tls = TlsBinder.Bind(reader),
            TransferLog = BindTransferLog(reader, data, kind),
            PublicHost = publicHost,
            Metrics = BindMetrics(reader),
            Telemetry = TelemetryBinder.Bind(reader),
            InitialAccount = reader.Text("initialAccount", "admin",
                "The account made at a start without any account; empty: none.") is { Length: > 0 } name ? name : null,
            LogFormat = reader.Choice("log:format", LogFormat.Text, "How the program's log is written to standard error: text or json."),
            LogLevel = reader.Choice("log:level", LogLevel.Information,
                "The least level that is logged: trace, debug, information, warning, error, critical or none.", KeyTraits.Reloads),
        };
        if (publicHost is not null && !IsHost(publicHost))
            reader.Fault("publicHost", "expected a host name or an IPv4 address");
        return configuration;
    }

    /// <summary>What has only digits and dots is an address, or a part of one, and never a name.</summary>
    private static bool IsHost(string text) => text.All(static c => char.IsAsciiDigit(c) || c == '.') ? AddressText.TryParse(text, out _) : Uri.CheckHostName(text) == UriHostNameType.Dns;

    private static TransferLogSettings BindTransferLog(ConfigurationReader reader, string data, StorageKind kind)
    {
        TransferLogSettings defaults = new();
        string file = reader.Text("transferLog:file", "{data}/log/transfers.log",
            "The log of transfers, apart from the program's own; empty: none.", KeyTraits.Reloads);
        return new TransferLogSettings
        {
            File = file.Length == 0 ? null : file.Replace("{data}", data, StringComparison.Ordinal),
            DataDirectory = kind == StorageKind.Embedded ? data : null,
            Format = reader.Choice("transferLog:format", defaults.Format,
                "The format of the log of transfers: json (an object a line) or xferlog.", KeyTraits.Reloads),
            MaxBytes = reader.Size("transferLog:maxSize", defaults.MaxBytes,
                "The size at which a new file of the log of transfers is begun; 0: never.", KeyTraits.Reloads),
            Keep = reader.Number("transferLog:keep", defaults.Keep, 0, 1000, "How many full files of the log of transfers are kept.", KeyTraits.Reloads),
        };
    }

    private static IPEndPoint? BindMetrics(ConfigurationReader reader)
    {
        IReadOnlyList<IPEndPoint> endPoints = reader.EndPointList("metrics", [], "Where /metrics and /health are served over HTTP; empty: nowhere.");
        if (endPoints.Count > 1)
            reader.Fault("metrics", "expected one address");
        return endPoints.Count == 0 ? null : endPoints[0];
    }
}

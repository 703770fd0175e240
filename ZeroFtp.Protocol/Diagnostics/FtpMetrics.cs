using System.Diagnostics;
using System.Diagnostics.Metrics;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Events;

namespace ZeroFtp.Protocol.Diagnostics;

/// <summary>What the engine measures, under the meter <c>ZeroFtp.Protocol</c>, and the traces of transfers, under the activity source of the same name.</summary>
internal sealed class FtpMetrics : IFtpEvents
{
    public const string Name = "ZeroFtp.Protocol";

    private static readonly Meter Meter = new(Name);
    private static readonly ActivitySource Source = new(Name);
    private static readonly UpDownCounter<long> Sessions = Meter.CreateUpDownCounter<long>("zeroftp.sessions", "{session}", "Sessions that are open.");
    private static readonly Counter<long> SessionsOpened = Meter.CreateCounter<long>("zeroftp.sessions.opened", "{session}", "Sessions that were opened.");
    private static readonly Counter<long> Logins = Meter.CreateCounter<long>("zeroftp.logins", "{login}", "Logins, by outcome.");
    private static readonly Counter<long> Commands = Meter.CreateCounter<long>("zeroftp.commands", "{command}", "Commands, by verb.");
    private static readonly UpDownCounter<long> Transfers = Meter.CreateUpDownCounter<long>("zeroftp.transfers", "{transfer}", "Transfers that are running.");
    private static readonly Counter<long> TransferBytes = Meter.CreateCounter<long>("zeroftp.transfer.bytes", "By", "Bytes over data connections, by direction.");
    private static readonly Histogram<double> TransferDuration = Meter.CreateHistogram<double>("zeroftp.transfer.duration", "s", "How long transfers took, by verb and reply code.");

    private FtpMetrics()
    {
    }

    public static FtpMetrics Instance { get; } = new();

    public static void CountCommand(string verb)
    {
        if (Commands.Enabled)
            Commands.Add(1, new KeyValuePair<string, object?>("verb", verb));
    }

    /// <summary>Counts bytes as they go over a data connection, so that a long transfer shows while it runs.</summary>
    public static void CountBytes(bool isDownload, long bytes)
    {
        if (TransferBytes.Enabled)
            TransferBytes.Add(bytes, new KeyValuePair<string, object?>("direction", isDownload ? "sent" : "received"));
    }

    public void SessionOpened(FtpSessionInfo session)
    {
        Sessions.Add(1);
        SessionsOpened.Add(1);
    }

    public void SessionClosed(FtpSessionInfo session, string reason) => Sessions.Add(-1);

    public void LoginFinished(FtpSessionInfo session, string user, bool accepted) => Logins.Add(1, new KeyValuePair<string, object?>("accepted", accepted));

    public void TransferStarted(FtpTransferInfo transfer) => Transfers.Add(1);

    public void TransferFinished(FtpTransferInfo transfer)
    {
        Transfers.Add(-1);
        if (TransferDuration.Enabled)
            TransferDuration.Record(transfer.Duration.TotalSeconds, new KeyValuePair<string, object?>("verb", transfer.Verb), new KeyValuePair<string, object?>("code", transfer.ReplyCode));
        if (!Source.HasListeners())
            return;
        using Activity? activity = Source.StartActivity(transfer.Verb, ActivityKind.Server, default(ActivityContext), startTime: transfer.StartedAt);
        activity?.SetTag("ftp.path", transfer.Path.Text);
        activity?.SetTag("ftp.bytes", transfer.Bytes);
        activity?.SetTag("ftp.reply", transfer.ReplyCode);
        activity?.SetTag("ftp.user", transfer.Session.User);
    }
}

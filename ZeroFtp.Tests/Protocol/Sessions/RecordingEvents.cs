using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Events;

namespace ZeroFtp.Tests.Protocol.Sessions;

/// <summary>What an embedder would be told, a line each.</summary>
internal sealed class RecordingEvents : IFtpEvents
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    public List<FtpTransferInfo> Finished { get; } = [];

    public void SessionOpened(FtpSessionInfo session) => Add($"opened {session.Id}");

    public void SessionClosed(FtpSessionInfo session, string reason) => Add($"closed {session.Id}: {reason}");

    public void LoginFinished(FtpSessionInfo session, string user, bool accepted) => Add($"login {user} {(accepted ? "yes" : "no")}");

    public void TransferStarted(FtpTransferInfo transfer) => Add($"started {transfer.Verb} {transfer.Path}");

    public void TransferFinished(FtpTransferInfo transfer)
    {
        Finished.Add(transfer);
        Add($"finished {transfer.Verb} {transfer.Path} {transfer.Bytes} {transfer.ReplyCode}{(transfer.LeftPartial ? " partial" : "")}");
    }

    public void FileChanged(FtpFileChange change) => Add($"{change.Kind} {change.Path}{(change.Target is { } target ? " " + target : "")}");

    private void Add(string line)
    {
        lock (_lines)
            _lines.Add(line);
    }
}

using System.IO.Pipelines;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Data;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Protocol.Transfer.Conversion;

namespace ZeroFtp.Protocol.Transfer;

/// <summary>RETR: a file goes to the client. It owns the download.</summary>
internal sealed class RetrieveTransfer : DataTransfer
{
    private readonly IDownload _download;
    private readonly long? _limit;
    private readonly string _argument;
    private long _contentBytes;
    private readonly TransferShape _shape;

    /// <param name="session">The session.</param>
    /// <param name="target">Where the data connection comes from; it belongs to the transfer.</param>
    /// <param name="path">The file.</param>
    /// <param name="argument">The path as the client wrote it, for the reply.</param>
    /// <param name="download">The opened file.</param>
    /// <param name="limit">Octets to send at most (RANG), or null.</param>
    public RetrieveTransfer(FtpSession session, DataTarget target, FtpPath path, string argument, IDownload download, long? limit)
        : base(session, target, "RETR", path, isDownload: true)
    {
        _download = download;
        _limit = limit;
        _argument = argument;
        _shape = session.Parameters.ShapeOf(session.Options.Features.ModeZLevel);
    }

    public override Reply Opening
    {
        get
        {
            string type = Session.Parameters.IsBinary ? "BINARY" : "ASCII";
            string size = IsPlain && PlannedLength is { } length ? $" ({length} bytes)." : "";
            return Reply.Of(150, $"Opening {type} mode data connection for {_argument}{size}");
        }
    }

    public override long? ExpectedBytes => IsPlain ? PlannedLength : null;

    protected override long ContentBytes => IsPlain ? Meter.Bytes : _contentBytes;

    protected override bool IsCompressed => _shape.DeflateLevel is not null;

    private bool IsPlain => _shape.IsPlain;

    private long? PlannedLength => _download.Length is { } length ? Math.Min(length, _limit ?? long.MaxValue) : _limit;

    public override async ValueTask DisposeAsync()
    {
        await _download.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override async ValueTask<Reply> MoveAsync(DataLink link, CancellationToken cancellationToken)
    {
        if (IsPlain && link.PlainSocket is { } socket && _download is IFileBackedDownload files)
            await FileSender.SendAsync(socket, files, _limit, Meter, cancellationToken).ConfigureAwait(false);
        else
            await CopyAsync(link, cancellationToken).ConfigureAwait(false);
        // A source that ended early must not look like a whole file (ROB-4).
        return IsPlain && PlannedLength is { } planned && Meter.Bytes < planned ? Replies.LocalTransferError : Replies.TransferComplete;
    }

    private async ValueTask CopyAsync(DataLink link, CancellationToken cancellationToken)
    {
        using DataSender sender = link.OpenSender();
        PipeWriter writer = TransferPipeline.Sender(sender, _shape);
        try
        {
            await _download.CopyToAsync(writer, _limit, cancellationToken).ConfigureAwait(false);
            await TransferPipeline.FinishAsync(writer, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (writer is TransferSender converter)
            {
                _contentBytes = converter.Taken;
                converter.Dispose();
            }
        }
    }
}

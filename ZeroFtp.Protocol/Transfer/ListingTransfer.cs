using System.IO.Pipelines;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Data;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Protocol.Transfer.Conversion;

namespace ZeroFtp.Protocol.Transfer;

/// <summary>LIST, NLST, MLSD: a listing goes to the client. Listings have their own line ends whatever TYPE says; only MODE applies to them.</summary>
internal sealed class ListingTransfer(FtpSession session, DataTarget target, string verb, FtpPath path, Reply opening, Func<PipeWriter, CancellationToken, ValueTask> produce)
    : DataTransfer(session, target, verb, path, isDownload: true)
{
    private readonly TransferShape _shape = session.Parameters.ListingShapeOf(session.Options.Features.ModeZLevel);

    public override Reply Opening => opening;

    protected override async ValueTask<Reply> MoveAsync(DataLink link, CancellationToken cancellationToken)
    {
        using DataSender sender = link.OpenSender();
        PipeWriter writer = TransferPipeline.Sender(sender, _shape);
        try
        {
            await produce(writer, cancellationToken).ConfigureAwait(false);
            await TransferPipeline.FinishAsync(writer, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            (writer as TransferSender)?.Dispose();
        }
        return Replies.TransferComplete;
    }
}

using System.IO.Pipelines;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Data;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Protocol.Transfer.Conversion;

namespace ZeroFtp.Protocol.Transfer;

/// <summary>LIST, NLST, MLSD: a listing goes to the client; it belongs to the transfer. Listings have their own line ends whatever TYPE says; only MODE applies to them.</summary>
internal sealed class ListingTransfer(FtpSession session, DataTarget target, string verb, FtpPath path, Reply opening, Listing.Listing listing)
    : DataTransfer(session, target, verb, path, isDownload: true)
{
    private static readonly Reply CutShort = Reply.Constant(226, "Transfer complete; a limit cut the listing short.");

    private readonly TransferShape _shape = session.Parameters.ListingShapeOf(session.Options.Features.ModeZLevel);

    public override Reply Opening => opening;

    protected override bool IsCompressed => _shape.DeflateLevel is not null;

    public override async ValueTask DisposeAsync()
    {
        await listing.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override async ValueTask<Reply> MoveAsync(DataLink link, CancellationToken cancellationToken)
    {
        using DataSender sender = link.OpenSender();
        PipeWriter writer = TransferPipeline.Sender(sender, _shape);
        try
        {
            await listing.CopyToAsync(writer, null, cancellationToken).ConfigureAwait(false);
            await TransferPipeline.FinishAsync(writer, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            (writer as TransferSender)?.Dispose();
        }
        return listing.IsCut ? CutShort : Replies.TransferComplete;
    }
}

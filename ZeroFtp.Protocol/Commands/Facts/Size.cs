using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Protocol.Transfer;
using ZeroFtp.Protocol.Transfer.Conversion;

namespace ZeroFtp.Protocol.Commands.Facts;

/// <summary>SIZE (RFC 3659 section 4): the exact length of a transfer with the current TYPE and STRU.</summary>
internal static class Size
{
    public static readonly Verb Definition = new("SIZE", Needs.Login | Needs.Argument, RunAsync)
    {
        Help = "SIZE path",
        Feature = static _ => "SIZE",
        ArgumentMissing = Reply.Of(501, "SIZE requires a path."),
    };

    private static async ValueTask<Outcome> RunAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        FtpPath path = Arguments.FilePath(session, argument);
        // Whoever may fetch it learns its length anyway.
        Arguments.DemandAny(session, FtpPermissions.List | FtpPermissions.Read);
        FtpEntry entry = await Arguments.EntryAsync(session, path, cancellationToken).ConfigureAwait(false);
        Arguments.Demand(entry, FtpPermissions.List | FtpPermissions.Read);
        if (!entry.IsFile)
            return entry.Kind == FtpEntryKind.DanglingLink ? Replies.NotFound(argument) : Replies.NotAPlainFile(argument);
        // MODE Z does not count: the length is that of the uncompressed octets (F3659-4-4).
        TransferShape shape = session.Parameters.ShapeOf(0) with { DeflateLevel = null };
        if (shape.IsPlain)
            return Reply.Of(213, entry.Size.ToString(CultureInfo.InvariantCulture));
        long limit = session.Options.Limits.MaxAsciiSizeScan;
        if (entry.Size > limit)
            return TooLarge(argument);
        Arguments.Demand(session, FtpPermissions.Read);
        return Outcome.Start(new Job(session, "SIZE", argument, token => ScanAsync(session, path, argument, shape, limit, token)));
    }

    private static async ValueTask<Reply> ScanAsync(FtpSession session, FtpPath path, string argument, TransferShape shape, long limit, CancellationToken cancellationToken)
    {
        IDownload download = await session.Driver.OpenReadAsync(path, 0, cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable downloadScope = download.ConfigureAwait(false);
        // Conversion at most doubles a file.
        using LengthCounter counter = new(limit * 2);
        PipeWriter writer = TransferPipeline.Sender(counter, shape);
        try
        {
            await download.CopyToAsync(writer, null, cancellationToken).ConfigureAwait(false);
            await TransferPipeline.FinishAsync(writer, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            (writer as TransferSender)?.Dispose();
        }
        return counter.IsBeyondLimit ? TooLarge(argument) : Reply.Of(213, counter.Count.ToString(CultureInfo.InvariantCulture));
    }

    private static Reply TooLarge(string argument) => Reply.Of(550, $"Size not available in ASCII mode: {argument}");
}

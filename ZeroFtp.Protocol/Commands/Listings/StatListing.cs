using System.Buffers;
using System.IO.Pipelines;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Listing;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Listings;

/// <summary>STAT with a path (RFC 959 section 4.1.3): a listing on the control connection.</summary>
/// <remarks>
/// The reply is sent in parts, each only after the client has taken the one before, so a client that does not read holds about 64 KiB and not the listing. Once the first part is out, the reply
/// has to end with its own code (RFC 959 section 4.2): ABOR and failures then cut the listing short.
/// </remarks>
internal sealed class StatListing : Activity
{
    /// <summary>Bytes of lines gathered for one part.</summary>
    private const int PartSize = 8 * 1024;

    private readonly FtpSession _session;
    private readonly Listing.Listing _listing;
    private readonly string _argument;
    private readonly Pipe _lines = new(new PipeOptions(pauseWriterThreshold: PartSize, resumeWriterThreshold: PartSize / 2, useSynchronizationContext: false));
    private readonly ArrayBufferWriter<byte> _part = new(PartSize);
    private Task? _copying;
    private bool _hasBegun;

    private StatListing(FtpSession session, Listing.Listing listing, string argument)
    {
        _session = session;
        _listing = listing;
        _argument = argument;
    }

    public override string Description => $"STAT {Printable.Text(_argument)}";

    public override Reply Aborted => Replies.OperationAborted;

    public override bool IsReplying => _hasBegun;

    private int Code => _listing.IsSingle ? 213 : 212;

    public static async ValueTask<Outcome> StartAsync(FtpSession session, string argument, CancellationToken cancellationToken) =>
        Outcome.Start(new StatListing(session, await Lists.OpenAsync(session, ListingVerb.Status, argument, cancellationToken).ConfigureAwait(false), argument));

    /// <summary>Produces the next part of the reply, or its last line.</summary>
    public override async ValueTask<Reply> RunAsync()
    {
        // Reading from a local store may never wait: the session loop must stay free to read ABOR.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            _copying ??= CopyAsync();
            ReadResult result = await _lines.Reader.ReadAsync(Stopping).ConfigureAwait(false);
            // First, since a listing that broke off before its first part can still be answered with what went wrong.
            if (result.IsCompleted)
                await _copying.ConfigureAwait(false);
            if (!result.Buffer.IsEmpty)
                return TakePart(result.Buffer);
            return _hasBegun ? End(_listing.IsCut) : Reply.Of(Code, [Heading], EndOfListing(_listing.IsCut));
        }
        catch (Exception) when (Cause != StopCause.None)
        {
            return _hasBegun ? End(isCut: true) : Aborted;
        }
        catch (Exception exception)
        {
            Reply failure = VerbFailures.ToReply(_session, "STAT", _argument, exception);
            return _hasBegun ? End(isCut: true) : failure;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _lines.Reader.CompleteAsync().ConfigureAwait(false);
        if (_copying is not null)
            await ((Task)_copying).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _listing.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private string Heading => $"Listing of {_argument}:";

    private static string EndOfListing(bool isCut) => isCut ? "End of listing, which was cut short." : "End of listing.";

    private Reply End(bool isCut) => Reply.Of(Code, EndOfListing(isCut));

    private async Task CopyAsync()
    {
        try
        {
            await _listing.CopyToAsync(_lines.Writer, null, Stopping).ConfigureAwait(false);
        }
        finally
        {
            await _lines.Writer.CompleteAsync().ConfigureAwait(false);
        }
    }

    private Reply TakePart(ReadOnlySequence<byte> buffer)
    {
        _part.ResetWrittenCount();
        if (!_hasBegun)
            ReplyWriter.WriteOpening(_part, Code, Heading);
        _hasBegun = true;
        SequenceReader<byte> reader = new(buffer);
        while (_part.WrittenCount < PartSize && reader.TryReadTo(out ReadOnlySequence<byte> line, "\r\n"u8))
            ReplyWriter.WriteMiddle(_part, line);
        _lines.Reader.AdvanceTo(reader.Position, _part.WrittenCount < PartSize ? buffer.End : reader.Position);
        return Reply.Part(Code, _part.WrittenMemory);
    }
}

using System.IO.Pipelines;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Listing;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Protocol.Transfer;

namespace ZeroFtp.Protocol.Commands;

/// <summary>STAT with a path: a listing on the control connection, of bounded length since a reply is written as a whole.</summary>
internal static class StatListing
{
    private const int MostOctets = 4 * 1024 * 1024;

    public static async ValueTask<Outcome> RunAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        Listing.Listing listing = await ListVerbs.OpenAsync(session, ListingVerb.Status, argument, cancellationToken).ConfigureAwait(false);
        return Outcome.Start(new Job(session, "STAT", argument, async token =>
        {
            try
            {
                return await CollectAsync(listing, argument, token).ConfigureAwait(false);
            }
            finally
            {
                await listing.DisposeAsync().ConfigureAwait(false);
            }
        }));
    }

    private static async ValueTask<Reply> CollectAsync(Listing.Listing listing, string argument, CancellationToken cancellationToken)
    {
        using MemoryStream octets = new();
        PipeWriter writer = PipeWriter.Create(new BoundedStream(octets, MostOctets), new StreamPipeWriterOptions(leaveOpen: true));
        bool isCut = false;
        try
        {
            await listing.CopyToAsync(writer, null, cancellationToken).ConfigureAwait(false);
            await writer.CompleteAsync().ConfigureAwait(false);
        }
        catch (ListingTooLongException)
        {
            isCut = true;
        }
        List<string> lines = [$"Listing of {argument}:"];
        ReadOnlySpan<byte> rest = octets.GetBuffer().AsSpan(0, (int)octets.Length);
        for (int end = rest.IndexOf("\r\n"u8); end >= 0; end = rest.IndexOf("\r\n"u8))
        {
            // The reply writer puts the one leading space before each middle line.
            lines.Add(FtpText.Decode(rest[..end].TrimStart((byte)' ')));
            rest = rest[(end + 2)..];
        }
        return Reply.Of(listing.IsSingle ? 213 : 212, lines, isCut || listing.IsCut ? "End of listing, which was cut short." : "End of listing.");
    }

    private sealed class ListingTooLongException : Exception;

    private sealed class BoundedStream(MemoryStream inner, int limit) : Stream
    {
        public override bool CanRead => false;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => throw new NotSupportedException(); }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int room = (int)Math.Min(buffer.Length, limit - inner.Length);
            inner.Write(buffer.Span[..room]);
            return room < buffer.Length ? throw new ListingTooLongException() : ValueTask.CompletedTask;
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Flush()
        {
        }

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}

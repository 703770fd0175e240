using System.IO.Pipelines;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Listing;

/// <summary>Gathers lines in the writer's memory and flushes now and then, which is where a listing waits for its reader.</summary>
internal sealed class ListingSink(PipeWriter writer, IEntryFormatter formatter)
{
    private const int FlushThreshold = 32 * 1024;
    private int _unflushed;

    /// <summary>Whether nobody reads any more.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Writes the line of an entry.</summary>
    /// <returns>Whether it is time to flush.</returns>
    public bool Write(FtpEntry entry, ReadOnlySpan<byte> prefix, string name)
    {
        _unflushed += formatter.Write(writer, entry, prefix, name);
        return _unflushed >= FlushThreshold;
    }

    /// <summary>Writes the line of a directory that lists itself or its parent.</summary>
    public void WriteDirectory(FtpEntry entry, ReadOnlySpan<byte> type, ReadOnlySpan<byte> prefix, string name) =>
        _unflushed += formatter is FactFormatter facts ? facts.Write(writer, entry, type, prefix, name) : formatter.Write(writer, entry, prefix, name);

    /// <summary>Writes an empty line and the heading of a directory.</summary>
    /// <param name="name">The directory as the client would name it.</param>
    /// <param name="isPadded">Whether a space is put before a digit, so that the line cannot be taken for one of a reply.</param>
    public void WriteHeading(string name, bool isPadded)
    {
        Octets line = new(writer.GetSpan((3 * name.Length) + 8));
        line.Add("\r\n"u8);
        if (isPadded && name.Length > 0 && char.IsAsciiDigit(name[0]))
            line.Add((byte)' ');
        line.AddVisible(name);
        line.Add(":\r\n"u8);
        writer.Advance(line.Length);
        _unflushed += line.Length;
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        _unflushed = 0;
        FlushResult result = await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (result.IsCanceled)
            throw new OperationCanceledException("The flush was cancelled.");
        IsClosed |= result.IsCompleted;
    }
}

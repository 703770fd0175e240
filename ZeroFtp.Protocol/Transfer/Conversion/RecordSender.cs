using System.IO.Pipelines;

namespace ZeroFtp.Protocol.Transfer.Conversion;

/// <summary>STRU R on the way out. A text is sent as one record a line, a last line without its end as data without a mark, so that the receiver can restore it; other files are one record.</summary>
internal sealed class RecordSender(PipeWriter next, bool isText) : TransferSender(next)
{
    private const int MinimumTarget = 4096;

    protected override void Convert(ReadOnlySpan<byte> source)
    {
        while (!source.IsEmpty)
        {
            Span<byte> target = Next.GetSpan(MinimumTarget);
            int written = Escape(source, target, out int used);
            Next.Advance(written);
            source = source[used..];
        }
    }

    protected override void WriteEnd()
    {
        Span<byte> target = Next.GetSpan(2);
        target[0] = RecordMark.Escape;
        target[1] = isText ? RecordMark.EndOfFile : RecordMark.EndOfBoth;
        Next.Advance(2);
    }

    private int Escape(ReadOnlySpan<byte> source, Span<byte> target, out int used)
    {
        int written = 0;
        used = 0;
        while (used < source.Length && target.Length - written >= 2)
        {
            ReadOnlySpan<byte> rest = source[used..];
            if (rest.Length > target.Length - written - 1)
                rest = rest[..(target.Length - written - 1)];
            int special = isText ? rest.IndexOfAny(RecordMark.Escape, (byte)'\n') : rest.IndexOf(RecordMark.Escape);
            ReadOnlySpan<byte> data = special < 0 ? rest : rest[..special];
            data.CopyTo(target[written..]);
            written += data.Length;
            used += data.Length;
            if (special < 0)
                continue;
            target[written++] = RecordMark.Escape;
            target[written++] = rest[special] == RecordMark.Escape ? RecordMark.Escape : RecordMark.EndOfRecord;
            used++;
        }
        return written;
    }
}

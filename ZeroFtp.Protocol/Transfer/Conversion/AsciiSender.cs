using System.IO.Pipelines;

namespace ZeroFtp.Protocol.Transfer.Conversion;

/// <summary>TYPE A on the way out: each LF becomes CRLF, unless a CR stands before it already.</summary>
internal sealed class AsciiSender(PipeWriter next) : TransferSender(next)
{
    private const int MinimumTarget = 4096;
    private bool _afterCr;

    protected override void Convert(ReadOnlySpan<byte> source)
    {
        while (!source.IsEmpty)
        {
            Span<byte> target = Next.GetSpan(Math.Max(MinimumTarget, source.Length + (source.Length / 16)));
            int written = Expand(source, target, out int used);
            Next.Advance(written);
            source = source[used..];
        }
    }

    private int Expand(ReadOnlySpan<byte> source, Span<byte> target, out int used)
    {
        int written = 0;
        used = 0;
        while (used < source.Length && target.Length - written >= 2)
        {
            ReadOnlySpan<byte> rest = source[used..];
            if (rest.Length > target.Length - written - 1)
                rest = rest[..(target.Length - written - 1)];
            int line = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> text = line < 0 ? rest : rest[..line];
            text.CopyTo(target[written..]);
            written += text.Length;
            used += text.Length;
            if (!text.IsEmpty)
                _afterCr = text[^1] == '\r';
            if (line < 0)
                continue;
            if (!_afterCr)
                target[written++] = (byte)'\r';
            target[written++] = (byte)'\n';
            used++;
            _afterCr = false;
        }
        return written;
    }
}

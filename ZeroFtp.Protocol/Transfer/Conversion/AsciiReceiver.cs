using System.IO.Pipelines;

namespace ZeroFtp.Protocol.Transfer.Conversion;

/// <summary>TYPE A on the way in: each CRLF becomes LF; a CR or an LF that stands alone is kept. A CR at which the data are cut is not: it may be half of an end of line, which a client that resumes sends again.</summary>
internal sealed class AsciiReceiver(PipeReader source) : OctetReceiver(source)
{
    private bool _heldCr;

    protected override int Convert(ReadOnlySpan<byte> source, Span<byte> target, out int used)
    {
        int written = 0;
        used = 0;
        while (used < source.Length && target.Length - written >= 2)
        {
            if (_heldCr)
            {
                _heldCr = false;
                if (source[used] != '\n')
                    target[written++] = (byte)'\r';
            }
            ReadOnlySpan<byte> rest = source[used..];
            if (rest.Length > target.Length - written)
                rest = rest[..(target.Length - written)];
            int end = rest.IndexOf((byte)'\r');
            _heldCr = end >= 0;
            ReadOnlySpan<byte> text = _heldCr ? rest[..end] : rest;
            text.CopyTo(target[written..]);
            written += text.Length;
            used += text.Length + (_heldCr ? 1 : 0);
        }
        return written;
    }

    protected override void WriteEnd(PipeWriter output)
    {
        if (!_heldCr)
            return;
        output.GetSpan(1)[0] = (byte)'\r';
        output.Advance(1);
        _heldCr = false;
    }
}

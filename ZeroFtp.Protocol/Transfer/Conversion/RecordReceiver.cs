using System.IO.Pipelines;

namespace ZeroFtp.Protocol.Transfer.Conversion;

/// <summary>STRU R on the way in: in a text each end of record is an end of line; otherwise records are joined. Data without the end of file mark were cut.</summary>
internal sealed class RecordReceiver(PipeReader source, bool isText) : OctetReceiver(source)
{
    private bool _escaped;
    private bool _ended;

    protected override int Convert(ReadOnlySpan<byte> source, Span<byte> target, out int used)
    {
        int written = 0;
        used = 0;
        while (used < source.Length && written < target.Length)
        {
            if (_ended)
                throw new TransferDataException(TransferDataFault.Corrupt, "Data follow the end of file mark.");
            if (_escaped)
            {
                _escaped = false;
                if (Unescape(source[used++]) is byte octet)
                    target[written++] = octet;
                continue;
            }
            ReadOnlySpan<byte> rest = source[used..];
            if (rest.Length > target.Length - written)
                rest = rest[..(target.Length - written)];
            int end = rest.IndexOf(RecordMark.Escape);
            _escaped = end >= 0;
            ReadOnlySpan<byte> data = _escaped ? rest[..end] : rest;
            data.CopyTo(target[written..]);
            written += data.Length;
            used += data.Length + (_escaped ? 1 : 0);
        }
        return written;
    }

    protected override void WriteEnd(PipeWriter output)
    {
        if (!_ended)
            throw new TransferDataException(TransferDataFault.Truncated, "The end of file mark is missing.");
    }

    private byte? Unescape(byte code)
    {
        switch (code)
        {
            case RecordMark.Escape:
                return code;
            case RecordMark.EndOfFile:
                _ended = true;
                return null;
            case RecordMark.EndOfBoth:
            case RecordMark.EndOfRecord:
                _ended = code == RecordMark.EndOfBoth;
                return isText ? (byte)'\n' : null;
            default:
                throw new TransferDataException(TransferDataFault.Corrupt, "Unknown code in a record structure.");
        }
    }
}

using System.Buffers;
using ZeroFtp.Protocol.Tls;

namespace ZeroFtp.Protocol.Control;

internal enum LineStatus
{
    /// <summary>More bytes are needed; all input has been consumed.</summary>
    Incomplete,

    /// <summary>A complete line.</summary>
    Complete,

    /// <summary>The line exceeded the limit and was discarded through its end.</summary>
    TooLong,

    /// <summary>The line contains NUL or invalid Telnet commands.</summary>
    Invalid,
}

/// <summary>
/// Cuts command lines out of the bytes of a control connection: LF ends a line, with any number of CR before it; CR NUL stands for CR; NUL at the beginning
/// and at the end of a line is ignored, as some devices send it there; and Telnet commands are removed wherever they occur (RFC 959 section 4.1, RFC 854, RFC
/// 2640 section 3.1). It does no input or output, keeps at most one line, and holds no buffer between lines.
/// </summary>
internal sealed class ControlReader(int maxLineLength) : IDisposable
{
    private const byte Iac = 0xFF, Dont = 0xFE, Do = 0xFD, Wont = 0xFC, Will = 0xFB, Sb = 0xFA, Se = 0xF0, DataMark = 0xF2;
    private static readonly SearchValues<byte> Special = SearchValues.Create(Iac, 0, (byte)'\r', DataMark);

    private enum State : byte { Text, Cr, CrNul, Iac, Option, Sub, SubIac }

    private byte[]? _line;
    private int _length;
    private State _state;

    /// <summary>The state to resume after a Telnet command, which may also occur between CR and LF.</summary>
    private State _resume;
    private byte _optionVerb;
    private bool _tooLong;
    private bool _invalid;

    /// <summary>CR that were read before the last one: they belong to the line unless LF follows.</summary>
    private int _heldCrs;

    /// <summary>Whether NUL was read inside the line; what follows it, unless it is the end, makes the line invalid.</summary>
    private bool _heldNul;
    private List<byte>? _answers;

    /// <summary>True while an unfinished line is pending.</summary>
    public bool HasPartialLine => _length > 0 || _tooLong || _invalid || _state != State.Text;

    /// <summary>
    /// Reads the next line from <paramref name="input"/> and advances the input past the consumed bytes. The line's span is valid until the next call,
    /// and only while the input's memory is.
    /// </summary>
    public LineStatus TryRead(ref ReadOnlySequence<byte> input, out ReadOnlySpan<byte> line)
    {
        input = Sequences.SkipEmpty(input);
        if (!HasPartialLine && TryReadPlain(ref input, out line))
            return LineStatus.Complete;
        while (!input.IsEmpty)
        {
            ReadOnlySpan<byte> span = input.FirstSpan;
            int used = Feed(span, out bool ended);
            input = Sequences.SkipEmpty(input.Slice(used));
            if (ended)
                return Finish(out line);
        }
        line = default;
        return LineStatus.Incomplete;
    }

    /// <summary>Returns and clears the pending Telnet answers, which refuse every option (RFC 1123 section 4.1.2.12); empty if there are none.</summary>
    public byte[] TakeAnswers()
    {
        if (_answers is null)
            return [];
        byte[] answers = [.. _answers];
        _answers = null;
        return answers;
    }

    public bool HasAnswers => _answers is not null;

    /// <summary>Discards the unfinished line and the pending answers.</summary>
    public void Reset()
    {
        Dispose();
        _length = 0;
        _state = State.Text;
        _heldCrs = 0;
        _tooLong = _invalid = _heldNul = false;
        _answers = null;
    }

    public void Dispose()
    {
        if (_line is not null)
            ArrayPool<byte>.Shared.Return(_line);
        _line = null;
    }

    /// <summary>The common case: the whole line is in the first span and contains no special byte except the CR before its LF.</summary>
    private bool TryReadPlain(ref ReadOnlySequence<byte> input, out ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> span = input.FirstSpan;
        int end = span.IndexOf((byte)'\n');
        line = default;
        if (end < 0)
            return false;
        ReadOnlySpan<byte> text = span[..end];
        if (!text.IsEmpty && text[^1] == (byte)'\r')
            text = text[..^1];
        if (text.Length > maxLineLength || text.ContainsAny(Special))
            return false;
        line = text;
        input = input.Slice(end + 1);
        return true;
    }

    private int Feed(ReadOnlySpan<byte> span, out bool ended)
    {
        ended = false;
        for (int i = 0; i < span.Length; i++)
        {
            byte octet = span[i];
            switch (_state)
            {
                case State.Text:
                    if (octet == (byte)'\n')
                    {
                        ended = true;
                        return i + 1;
                    }
                    FeedText(octet);
                    break;
                case State.Cr or State.CrNul when octet == Iac:
                    _resume = _state;
                    _state = State.Iac;
                    break;
                case State.Cr:
                    if (octet == (byte)'\n')
                    {
                        _state = State.Text;
                        ended = true;
                        return i + 1;
                    }
                    if (octet == (byte)'\r')
                    {
                        // One more than fits says as much as any larger number.
                        _heldCrs = Math.Min(_heldCrs + 1, maxLineLength + 1);
                        break;
                    }
                    _state = State.Text;
                    AppendCrs();
                    if (octet == 0)
                        _state = State.CrNul;
                    else
                        FeedText(octet);
                    break;
                case State.CrNul:
                    _state = State.Text;
                    if (octet == (byte)'\n')
                        Append(octet);
                    else
                        FeedText(octet);
                    break;
                case State.Iac:
                    FeedCommand(octet);
                    break;
                case State.Option:
                    Answer(octet);
                    _state = _resume;
                    break;
                case State.Sub:
                    if (octet == Iac)
                        _state = State.SubIac;
                    else if (octet == (byte)'\n')
                        _invalid = true;
                    break;
                case State.SubIac:
                    _state = octet == Se ? _resume : State.Sub;
                    break;
            }
        }
        return span.Length;
    }

    private void FeedText(byte octet)
    {
        switch (octet)
        {
            case Iac:
                _resume = State.Text;
                _state = State.Iac;
                break;
            case (byte)'\r':
                _state = State.Cr;
                break;
            case 0:
                _heldNul |= _length > 0;
                break;
            case DataMark when _length == 0 && !_tooLong:
                // A data mark whose IAC was sent ahead as urgent data (BSD clients).
                break;
            default:
                Append(octet);
                break;
        }
    }

    private void FeedCommand(byte octet)
    {
        State resume = _resume;
        _state = resume;
        switch (octet)
        {
            case Iac:
                if (resume == State.Cr)
                    AppendCrs();
                Append(Iac);
                _state = State.Text;
                break;
            case Will or Wont or Do or Dont:
                _optionVerb = octet;
                _state = State.Option;
                break;
            case Sb:
                _state = State.Sub;
                break;
            case < Se:
                _invalid = true;
                break;
        }
    }

    private void Answer(byte option)
    {
        if (_optionVerb is not (Will or Do))
            return;
        _answers ??= [];
        // Limit the pending answers so that a hostile peer cannot make them pile up.
        if (_answers.Count < 3 * 64)
            _answers.AddRange([Iac, _optionVerb == Will ? Dont : Wont, option]);
    }

    private void AppendCrs()
    {
        for (; _heldCrs >= 0; _heldCrs--)
            Append((byte)'\r');
        _heldCrs = 0;
    }

    private void Append(byte octet)
    {
        _invalid |= _heldNul;
        if (_tooLong)
            return;
        if (_length == maxLineLength)
        {
            _tooLong = true;
            return;
        }
        if (_line is null || _length == _line.Length)
            Grow();
        _line![_length++] = octet;
    }

    private void Grow()
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(_line is null ? 256 : Math.Min(_line.Length * 2, Math.Max(maxLineLength, 256)));
        if (_line is not null)
        {
            _line.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_line);
        }
        _line = larger;
    }

    private LineStatus Finish(out ReadOnlySpan<byte> line)
    {
        line = _line.AsSpan(0, _length);
        LineStatus status = _tooLong ? LineStatus.TooLong : _invalid ? LineStatus.Invalid : LineStatus.Complete;
        if (_line is not null && _length == 0)
            Dispose();
        _length = _heldCrs = 0;
        _tooLong = _invalid = _heldNul = false;
        return status;
    }
}

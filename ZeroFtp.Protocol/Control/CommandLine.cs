namespace ZeroFtp.Protocol.Control;

/// <summary>A command line split into verb and argument at the first space. Further spaces belong to the argument (RFC 2640 section 3.1).</summary>
internal readonly ref struct CommandLine
{
    private CommandLine(ReadOnlySpan<byte> verb, ReadOnlySpan<byte> argument)
    {
        Verb = verb;
        Argument = argument;
    }

    public ReadOnlySpan<byte> Verb { get; }

    public ReadOnlySpan<byte> Argument { get; }

    /// <summary>The upper-cased verb as a number, the key of the verb table; 0 unless it is one to eight ASCII letters and digits.</summary>
    public ulong Key => KeyOf(Verb);

    public static CommandLine Split(ReadOnlySpan<byte> line)
    {
        int space = line.IndexOf((byte)' ');
        return space < 0 ? new CommandLine(line, default) : new CommandLine(line[..space], line[(space + 1)..]);
    }

    public static ulong KeyOf(ReadOnlySpan<byte> verb)
    {
        if (verb.Length is 0 or > 8)
            return 0;
        ulong key = 0;
        foreach (byte value in verb)
        {
            if (!char.IsAsciiLetterOrDigit((char)value))
                return 0;
            key = (key << 8) | (value >= (byte)'a' ? (uint)(value - 0x20) : value);
        }
        return key;
    }

    public static ulong KeyOf(string verb)
    {
        Span<byte> bytes = stackalloc byte[8];
        return verb.Length <= 8 ? KeyOf(bytes[..System.Text.Encoding.ASCII.GetBytes(verb, bytes)]) : 0;
    }

    /// <summary>The verb in a form safe for replies and logs: truncated, with unprintable bytes replaced.</summary>
    public string PrintableVerb
    {
        get
        {
            ReadOnlySpan<byte> verb = Verb.Length > 32 ? Verb[..32] : Verb;
            return string.Create(verb.Length, verb, static (text, bytes) =>
            {
                for (int i = 0; i < text.Length; i++)
                    text[i] = bytes[i] is > 0x20 and < 0x7F ? char.ToUpperInvariant((char)bytes[i]) : '?';
            });
        }
    }
}

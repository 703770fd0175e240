namespace ZeroFtp.Protocol.Control;

/// <summary>A command line split into its verb and its argument: one space separates them, further ones belong to the argument (RFC 2640 section 3.1).</summary>
internal readonly ref struct CommandLine
{
    private CommandLine(ReadOnlySpan<byte> verb, ReadOnlySpan<byte> argument)
    {
        Verb = verb;
        Argument = argument;
    }

    public ReadOnlySpan<byte> Verb { get; }

    public ReadOnlySpan<byte> Argument { get; }

    /// <summary>The verb as one number, upper-cased, for a table; 0 if it is no sequence of one to eight ASCII letters and digits.</summary>
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
        foreach (byte octet in verb)
        {
            if (!char.IsAsciiLetterOrDigit((char)octet))
                return 0;
            key = (key << 8) | (octet >= (byte)'a' ? (uint)(octet - 0x20) : octet);
        }
        return key;
    }

    public static ulong KeyOf(string verb)
    {
        Span<byte> octets = stackalloc byte[8];
        return verb.Length <= 8 ? KeyOf(octets[..System.Text.Encoding.ASCII.GetBytes(verb, octets)]) : 0;
    }

    /// <summary>The verb as it may be shown in a reply or a log: cut short, unprintable octets replaced.</summary>
    public string PrintableVerb
    {
        get
        {
            ReadOnlySpan<byte> verb = Verb.Length > 32 ? Verb[..32] : Verb;
            return string.Create(verb.Length, verb, static (text, octets) =>
            {
                for (int i = 0; i < text.Length; i++)
                    text[i] = octets[i] is > 0x20 and < 0x7F ? char.ToUpperInvariant((char)octets[i]) : '?';
            });
        }
    }
}

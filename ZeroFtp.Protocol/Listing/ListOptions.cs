namespace ZeroFtp.Protocol.Listing;

/// <summary>The options of <c>ls</c> that clients send with LIST, NLST and STAT.</summary>
internal readonly record struct ListOptions
{
    /// <summary><c>-a</c>: dot-files, <c>.</c> and <c>..</c> too.</summary>
    public bool IsAll { get; init; }

    /// <summary><c>-A</c>: dot-files too, but neither <c>.</c> nor <c>..</c>.</summary>
    public bool IsAlmostAll { get; init; }

    /// <summary><c>-l</c> or <c>-1</c>, whichever came last: whole lines or names only; null leaves it to the verb.</summary>
    public bool? IsLong { get; init; }

    /// <summary><c>-R</c>: subdirectories too.</summary>
    public bool IsRecursive { get; init; }

    /// <summary><c>-d</c>: the directory itself and not its members.</summary>
    public bool IsDirectoryItself { get; init; }

    /// <summary><c>-F</c>: a sign of its kind behind each name.</summary>
    public bool IsClassified { get; init; }

    /// <summary><c>-n</c>: numbers for owners and groups.</summary>
    public bool IsNumeric { get; init; }

    /// <summary><c>-L</c>: what a link points at and not the link.</summary>
    public bool FollowsLinks { get; init; }

    /// <summary><c>-t</c> or <c>-S</c>, whichever came last.</summary>
    public ListOrder Order { get; init; }

    /// <summary><c>-r</c>: the other way round.</summary>
    public bool IsReversed { get; init; }

    /// <summary>
    /// Splits an argument into options and pathname. Options begin with <c>-</c>; exactly one space stands between them and the pathname, whose own spaces are kept. <c>--</c> ends the options, a longer
    /// word with two dashes is passed over, and so are unknown letters.
    /// </summary>
    public static ListOptions Parse(ReadOnlySpan<char> argument, out ReadOnlySpan<char> pathname)
    {
        ListOptions options = default;
        while (argument.StartsWith('-'))
        {
            int space = argument.IndexOf(' ');
            ReadOnlySpan<char> word = space < 0 ? argument : argument[..space];
            argument = space < 0 ? [] : argument[(space + 1)..];
            if (word is "--")
                break;
            if (!word.StartsWith("--"))
            {
                foreach (char letter in word[1..])
                    options = options.With(letter);
            }
        }
        pathname = argument;
        return options;
    }

    private ListOptions With(char letter) => letter switch
    {
        'a' => this with { IsAll = true },
        'A' => this with { IsAlmostAll = true },
        'l' => this with { IsLong = true },
        '1' => this with { IsLong = false },
        'R' => this with { IsRecursive = true },
        'd' => this with { IsDirectoryItself = true },
        'F' => this with { IsClassified = true },
        'n' => this with { IsNumeric = true, IsLong = true },
        'L' => this with { FollowsLinks = true },
        't' => this with { Order = ListOrder.Time },
        'S' => this with { Order = ListOrder.Size },
        'r' => this with { IsReversed = true },
        _ => this,
    };
}

/// <summary>What a listing is sorted by.</summary>
internal enum ListOrder
{
    /// <summary>The octets of the names, as the driver gives them.</summary>
    Name,

    /// <summary>The modification time, newest first.</summary>
    Time,

    /// <summary>The size, largest first.</summary>
    Size,
}

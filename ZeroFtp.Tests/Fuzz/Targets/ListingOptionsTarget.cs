using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Listing;

namespace ZeroFtp.Fuzz.Targets;

/// <summary>The options of LIST, NLST and STAT: what is read is what a slow reader reads.</summary>
internal static class ListingOptionsTarget
{
    public static void Run(byte[] input)
    {
        string argument = FtpText.Decode(input);
        ListOptions options = ListOptions.Parse(argument, out ReadOnlySpan<char> pathname);

        string rest = argument, letters = "";
        while (rest.StartsWith('-'))
        {
            string[] halves = rest.Split(' ', 2);
            rest = halves.Length == 2 ? halves[1] : "";
            if (halves[0] == "--")
                break;
            if (!halves[0].StartsWith("--", StringComparison.Ordinal))
                letters += halves[0][1..];
        }
        DefectException.Demand("The pathname", rest, pathname.ToString());
        DefectException.Demand("-a", letters.Contains('a', StringComparison.Ordinal), options.IsAll);
        DefectException.Demand("-A", letters.Contains('A', StringComparison.Ordinal), options.IsAlmostAll);
        DefectException.Demand("-R", letters.Contains('R', StringComparison.Ordinal), options.IsRecursive);
        DefectException.Demand("-d", letters.Contains('d', StringComparison.Ordinal), options.IsDirectoryItself);
        DefectException.Demand("-F", letters.Contains('F', StringComparison.Ordinal), options.IsClassified);
        DefectException.Demand("-n", letters.Contains('n', StringComparison.Ordinal), options.IsNumeric);
        DefectException.Demand("-L", letters.Contains('L', StringComparison.Ordinal), options.FollowsLinks);
        DefectException.Demand("-r", letters.Contains('r', StringComparison.Ordinal), options.IsReversed);
        int form = letters.LastIndexOfAny(['l', '1', 'n']), order = letters.LastIndexOfAny(['t', 'S']);
        DefectException.Demand("-l or -1", form < 0 ? null : letters[form] != '1', options.IsLong);
        DefectException.Demand("-t or -S", order < 0 ? ListOrder.Name : letters[order] == 't' ? ListOrder.Time : ListOrder.Size, options.Order);
    }
}

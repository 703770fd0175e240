using System.Globalization;
using System.Text.RegularExpressions;

namespace ZeroFtp.Tests.Guards;

/// <summary>No code is made up: what the engine can say is in the index. (What it does say is checked by the player of transcripts.)</summary>
public sealed partial class ReplyCodeTests
{
    [Fact]
    public void Every_code_in_the_source_is_in_the_index()
    {
        List<int> codes = [.. Sources.FilesOf("ZeroFtp.Protocol").SelectMany(static path => CodesIn(File.ReadAllText(path))).Distinct().Order()];
        Assert.True(codes.Count > 30);
        Assert.Empty(codes.Except(ReplyCodes.Known));
    }

    private static IEnumerable<int> CodesIn(string source) =>
        from call in ReplyCall().Matches(source)
        from number in Number().Matches(call.Groups[1].Value)
        select int.Parse(number.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Reply\.(?:Of|Constant|OfLines)\(([^,""]*),")]
    private static partial Regex ReplyCall();

    [GeneratedRegex(@"\b\d{3}\b")]
    private static partial Regex Number();
}

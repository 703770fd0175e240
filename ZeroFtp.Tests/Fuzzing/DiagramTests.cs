namespace ZeroFtp.Tests.Fuzzing;

/// <summary>The diagrams refuse what may not be.</summary>
public sealed class DiagramTests
{
    [Theory]
    [InlineData("NOOP 350")]
    [InlineData("RNFR 250")]
    [InlineData("REST 200")]
    [InlineData("NOOP 200 150")]
    [InlineData("LIST 226 150")]
    [InlineData("USER 331/PASS 230/LIST 226 150")]
    [InlineData("PWD 257")]
    [InlineData("PASS 230")]
    [InlineData("ACCT 230")]
    [InlineData("USER 331/PASS 530/PASS 230")]
    [InlineData("USER 230/PWD 530")]
    [InlineData("USER 230/RNTO 250")]
    [InlineData("USER 230/RNFR 350/PWD 257/RNTO 250")]
    [InlineData("USER 230/REIN 220/PWD 257")]
    [InlineData("USER 230/AUTH 234/PWD 257")]
    [InlineData("USER 230/EPSV 229/REIN 220/USER 230/LIST 226 150")]
    [InlineData("USER 230/EPSV 229/LIST 550/LIST 226 150")]
    public void Refuses(string story) => Assert.NotNull(Record.Exception(() => Play(story)));

    [Theory]
    [InlineData("USER 331/PASS 230/EPSV 229/LIST 226 150/EPSV 229/RETR 550/PORT 200/RETR 226 150/RETR 226 150")]
    [InlineData("USER 331/PASS 332/ACCT 230/RNFR 350/NOOP 200/RNTO 250/REIN 220/PWD 530")]
    [InlineData("USER 331/NOOP 200/PASS 230/AUTH 234/USER 331/PASS 230")]
    public void Takes(string story) => Assert.Null(Record.Exception(() => Play(story)));

    private static void Play(string story)
    {
        Diagram diagram = new();
        foreach (string[] step in story.Split('/').Select(static step => step.Split(' ')))
            diagram.Take(step[0], step[0] == "EPRT" ? "|1|192.0.2.7|40001|" : step[0] == "PORT" ? "192,0,2,7,156,65" : "", int.Parse(step[1], System.Globalization.CultureInfo.InvariantCulture), "229 Entering Extended Passive Mode (|||50000|)", step.Length == 3);
    }
}

using System.Text;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Tests.Protocol.Sessions;

public sealed class PendingCommandTests
{
    [Theory]
    [InlineData("PASS secret", "PASS ***")]
    [InlineData("pass secret", "PASS ***")]
    [InlineData("ACCT secret", "ACCT ***")]
    [InlineData("ADAT c2VjcmV0", "ADAT ***")]
    [InlineData("PASS", "PASS")]
    [InlineData("USER alice", "USER alice")]
    [InlineData("MKD a\u001b[31m", "MKD a?[31m")]
    [InlineData("PAS secret", "PAS")]
    [InlineData("\u001b[31m secret", "?[31M")]
    public void Hides_secrets_and_control_characters_from_logs(string line, string shown) =>
        Assert.Equal(shown, PendingCommand.Parse(LineStatus.Complete, Encoding.Latin1.GetBytes(line)).ToString());
}

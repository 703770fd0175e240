using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ZeroFtp.Host.Logging;

namespace ZeroFtp.Tests.Host.Logging;

public sealed class JournalTests
{
    [Theory]
    [InlineData("8:4985621", "socket:[4985621]", true)]
    [InlineData("8:4985621", "socket:[498562]", false)]
    [InlineData("8:4985621", "/dev/pts/0", false)]
    [InlineData("8:4985621", null, false)]
    [InlineData("4985621", "socket:[4985621]", false)]
    [InlineData("", "socket:[]", false)]
    [InlineData(null, "socket:[]", false)]
    public void The_stream_is_the_journals_if_it_is_the_one_that_systemd_names(string? stream, string? file, bool isIt) => Assert.Equal(isIt, Journal.IsStream(stream, file));

    [Theory]
    [InlineData(LogLevel.Trace, "<7>")]
    [InlineData(LogLevel.Debug, "<7>")]
    [InlineData(LogLevel.Information, "<6>")]
    [InlineData(LogLevel.Warning, "<4>")]
    [InlineData(LogLevel.Error, "<3>")]
    [InlineData(LogLevel.Critical, "<2>")]
    public void Each_level_has_its_priority(LogLevel level, string prefix) => Assert.Equal($"{prefix}a\\x0ab{Environment.NewLine}", Format(level, "a\nb", null));

    [Fact]
    public void Each_line_of_an_exception_has_the_priority() =>
        Assert.Equal(string.Concat(new[] { "<3>it failed", "<3>System.IO.IOException: one", "<3><0>two\\x1b[2J" }.Select(line => line + Environment.NewLine)), Format(LogLevel.Error, "it failed", new IOException("one\n<0>two\u001b[2J")));

    private static string Format(LogLevel level, string message, Exception? exception)
    {
        using StringWriter writer = new();
        LogEntry<string> entry = new(level, "ZeroFtp.Host", 1, message, exception, (state, _) => state);
        new JournalFormatter().Write(in entry, null, writer);
        return writer.ToString();
    }
}

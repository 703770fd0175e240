using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Host.Logging;

namespace ZeroFtp.Tests.Host.Logging;

public sealed class ConciseFormatterTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 4, 8, 12, 30, 5, TimeSpan.Zero));

    [Fact]
    public void A_message_is_one_line() => Assert.Equal($"2026-03-04 08:12:30.005Z warn  hello{Environment.NewLine}", Format(LogLevel.Warning, "hello"));

    [Fact]
    public void What_clients_put_into_a_message_cannot_leave_its_line() =>
        Assert.Equal($"2026-03-04 08:12:30.005Z info  a\\x0d\\x0ab\\x1b[2J\\x9bc\\x2028{Environment.NewLine}", Format(LogLevel.Information, "a\r\nb\u001b[2J\u009bc\u2028"));

    [Fact]
    public void An_exception_follows_on_lines_that_steer_no_terminal() =>
        Assert.Equal(
            string.Concat(new[] { "2026-03-04 08:12:30.005Z error it failed", "System.IO.IOException: one", "two\\x1b[2J" }.Select(line => line + Environment.NewLine)),
            Format(LogLevel.Error, "it failed", new IOException("one\ntwo\u001b[2J")));

    [Theory]
    [InlineData(LogLevel.Information, "ZeroFtp.Protocol", LogLevel.Information, true)]
    [InlineData(LogLevel.Information, "ZeroFtp.Protocol", LogLevel.Debug, false)]
    [InlineData(LogLevel.Debug, "Microsoft.Hosting", LogLevel.Information, false)]
    [InlineData(LogLevel.Debug, "Microsoft.Hosting", LogLevel.Warning, true)]
    [InlineData(LogLevel.Error, "Microsoft.Hosting", LogLevel.Warning, false)]
    [InlineData(LogLevel.Debug, "Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Error, false)]
    [InlineData(LogLevel.Debug, "Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical, true)]
    public void The_level_holds_for_us_and_warnings_of_others(LogLevel least, string category, LogLevel level, bool isLogged) =>
        Assert.Equal(isLogged, new LogLevelSwitch(least).IsEnabled(category, level));

    private string Format(LogLevel level, string message, Exception? exception = null)
    {
        using StringWriter writer = new();
        LogEntry<string> entry = new(level, "ZeroFtp.Host", 1, message, exception, (state, _) => state);
        new ConciseFormatter(_time).Write(in entry, null, writer);
        return writer.ToString();
    }
}

namespace ZeroFtp.Host.Logging;

/// <summary>The least level that is logged, changeable while the program runs. What the frameworks say below it is left out unless it warns.</summary>
internal sealed class LogLevelSwitch(LogLevel level)
{
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    private volatile LogLevel _level = level;

    public LogLevel Level
    {
        get => _level;
        set => _level = value;
    }

    public bool IsEnabled(string? category, LogLevel level)
    {
        // a start that fails is told of in one plain line by the command, not by the host with a stack trace
        if (category == HostCategory)
            return level == LogLevel.Critical;
        bool isOurs = category is null || category.StartsWith("ZeroFtp", StringComparison.Ordinal);
        return level >= (isOurs || _level > LogLevel.Warning ? _level : LogLevel.Warning);
    }
}

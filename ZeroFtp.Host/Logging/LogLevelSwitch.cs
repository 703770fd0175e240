namespace ZeroFtp.Host.Logging;

/// <summary>The lowest level that is logged. It can change while the program runs. Frameworks are logged from warnings up only.</summary>
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
        // The command reports a failed start in one line; the host would add a stack trace.
        if (category == HostCategory)
            return level == LogLevel.Critical;
        bool isOurs = category is null || category.StartsWith("ZeroFtp", StringComparison.Ordinal);
        return level >= (isOurs || _level > LogLevel.Warning ? _level : LogLevel.Warning);
    }
}

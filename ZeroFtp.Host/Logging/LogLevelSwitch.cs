namespace ZeroFtp.Host.Logging;

/// <summary>The least level that is logged, changeable while the program runs. What the frameworks say below it is left out unless it warns.</summary>
internal sealed class LogLevelSwitch(LogLevel level)
{
    private volatile LogLevel _level = level;

    public LogLevel Level
    {
        get => _level;
        set => _level = value;
    }

    public bool IsEnabled(string? category, LogLevel level)
    {
        bool isOurs = category is null || category.StartsWith("ZeroFtp", StringComparison.Ordinal);
        return level >= (isOurs || _level > LogLevel.Warning ? _level : LogLevel.Warning);
    }
}

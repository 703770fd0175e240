using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace ZeroFtp.Host.Logging;

/// <summary>One line a message: the time in UTC, the level, the text. Exceptions follow on lines of their own.</summary>
internal sealed class ConciseFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "concise";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        string text = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.Write(time.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        textWriter.Write(LevelName(logEntry.LogLevel));
        OneLine.Write(textWriter, text);
        textWriter.WriteLine();
        if (logEntry.Exception is { } exception)
            OneLine.Write(textWriter, exception, "");
    }

    private static string LevelName(LogLevel level) => level switch
    {
        LogLevel.Trace => " trace ",
        LogLevel.Debug => " debug ",
        LogLevel.Information => " info  ",
        LogLevel.Warning => " warn  ",
        LogLevel.Error => " error ",
        _ => " fatal ",
    };
}

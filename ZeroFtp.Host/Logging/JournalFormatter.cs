using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace ZeroFtp.Host.Logging;

/// <summary>One line a message, with the level as systemd's journal takes it (sd-daemon(3)); the journal adds the time. The lines of an exception follow at the same level.</summary>
internal sealed class JournalFormatter() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "journal";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        string prefix = Prefix(logEntry.LogLevel);
        textWriter.Write(prefix);
        OneLine.Write(textWriter, logEntry.Formatter(logEntry.State, logEntry.Exception));
        textWriter.WriteLine();
        if (logEntry.Exception is { } exception)
            OneLine.Write(textWriter, exception, prefix);
    }

    private static string Prefix(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "<7>",
        LogLevel.Information => "<6>",
        LogLevel.Warning => "<4>",
        LogLevel.Error => "<3>",
        _ => "<2>",
    };
}

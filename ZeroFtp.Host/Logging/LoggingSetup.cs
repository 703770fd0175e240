using Microsoft.Extensions.Logging.Console;

namespace ZeroFtp.Host.Logging;

/// <summary>Sends the program's log to standard error, so that standard output keeps the lines that scripts read.</summary>
internal static class LoggingSetup
{
    public static ILoggingBuilder AddProgramLog(this ILoggingBuilder logging, LogFormat format, LogLevelSwitch level)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Trace);
        logging.AddFilter(level.IsEnabled);
        logging.AddConsoleFormatter<ConciseFormatter, ConsoleFormatterOptions>();
        logging.AddConsoleFormatter<JournalFormatter, ConsoleFormatterOptions>();
        logging.AddConsole(options =>
        {
            options.LogToStandardErrorThreshold = LogLevel.Trace;
            options.FormatterName = format == LogFormat.Json ? ConsoleFormatterNames.Json : Journal.TakesStandardError ? JournalFormatter.FormatterName : ConciseFormatter.FormatterName;
            // a terminal that nobody reads must not stop the server
            options.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
        if (format == LogFormat.Json)
            logging.AddJsonConsole(options => (options.UseUtcTimestamp, options.TimestampFormat) = (true, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"));
        return logging;
    }
}

internal enum LogFormat
{
    Text,
    Json,
}

using Microsoft.Extensions.Logging.Abstractions;

namespace ZeroFtp.Host.Logging;

/// <summary>What a command that logs nothing else tells on standard error: why it waits, for a database that refuses or for another process that migrates.</summary>
internal sealed class Notices(TextWriter error) : ILoggerFactory, ILogger
{
    private const string Metadata = "ZeroFtp.Storage.Metadata";

    public ILogger CreateLogger(string categoryName) => categoryName == Metadata ? this : NullLogger.Instance;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            error.WriteLine(formatter(state, exception));
    }

    public void Dispose()
    {
        // The writer is the program's.
    }
}

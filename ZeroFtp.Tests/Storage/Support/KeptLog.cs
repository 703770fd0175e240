using Microsoft.Extensions.Logging;

namespace ZeroFtp.Tests.Storage.Support;

/// <summary>Keeps what is logged.</summary>
internal sealed class KeptLog : ILogger
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    public bool Contains(string text)
    {
        lock (_lines)
            return _lines.Exists(line => line.Contains(text, StringComparison.Ordinal));
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lines)
            _lines.Add(formatter(state, exception));
    }
}

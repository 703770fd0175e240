using System.Runtime.InteropServices;

namespace ZeroFtp.Host.Serving;

/// <summary>
/// Counts SIGINT and SIGTERM. The first one stops the server, which gives running transfers their time; the second one ends that time; the third one ends the process where it stands, which costs nothing
/// that was acknowledged.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private const int ExitCode = 130;

    private readonly CancellationTokenSource _hurry = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private int _count;

    public StopSignals()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
    }

    /// <summary>Cancelled by the second signal.</summary>
    public CancellationToken Hurry => _hurry.Token;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _hurry.Dispose();
    }

    private void OnSignal(PosixSignalContext signal)
    {
        signal.Cancel = true;
        switch (Interlocked.Increment(ref _count))
        {
            case 2:
                _hurry.Cancel();
                break;
            case > 2:
                Environment.Exit(ExitCode);
                break;
        }
    }
}

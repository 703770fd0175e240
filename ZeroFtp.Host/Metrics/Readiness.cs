namespace ZeroFtp.Host.Metrics;

/// <summary>Whether new sessions are served: true between the end of the start and the beginning of the stop.</summary>
internal sealed class Readiness
{
    private volatile bool _isReady;

    public bool IsReady
    {
        get => _isReady;
        set => _isReady = value;
    }
}

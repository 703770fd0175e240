namespace ZeroFtp.Storage.Objects.ZeroStor.Daemons;

/// <summary>Picks the daemon for an attempt: a healthy one with the lowest load, and, if possible, not the one that has just failed.</summary>
internal sealed class DaemonPool(IReadOnlyList<Daemon> daemons) : IDisposable
{
    private uint _turn;

    public IReadOnlyList<Daemon> Daemons => daemons;

    public Daemon Pick(Daemon? not)
    {
        uint first = Interlocked.Increment(ref _turn);
        Daemon? best = null;
        for (int i = 0; i < daemons.Count; i++)
        {
            Daemon daemon = daemons[(int)((first + (uint)i) % (uint)daemons.Count)];
            // A client's call serves as the probe: if it fails, it is retried elsewhere. There is no separate health traffic.
            if (daemon.TryProbe())
                return daemon;
            if (daemon.IsHealthy && daemon != not && (best is null || daemon.InFlight < best.InFlight))
                best = daemon;
        }

        return best ?? (not is { IsHealthy: true } ? not : daemons[(int)(first % (uint)daemons.Count)]);
    }

    public void Dispose()
    {
        foreach (Daemon daemon in daemons)
            daemon.Dispose();
    }
}

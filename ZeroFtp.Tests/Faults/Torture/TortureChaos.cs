using Grpc.Core;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Faults.Torture;

/// <summary>Breaks something every now and then: connections of the database, front-ends, and 0-stor in ways whose losses can be counted.</summary>
internal sealed class TortureChaos(DistributedCluster cluster, TortureFronts fronts)
{
    /// <summary>Writes that were done and whose answer was dropped: each leaves an object that nobody knows of.</summary>
    public int DroppedAnswers { get; private set; }

    /// <summary>Connections of the database that were ended.</summary>
    public long KilledConnections { get; private set; }

    /// <summary>Goes on until it is stopped; a front-end is killed at once, and again as soon as it has been back for a moment.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(
        RepeatAsync(500, 3_000, () => fronts.KillAsync(Random.Shared.Next(fronts.Count)), stop),
        RepeatAsync(50, 400, () => BreakAsync(stop), stop));

    /// <summary>Makes everything well again.</summary>
    public void Calm()
    {
        // What was not dropped yet will not be.
        DroppedAnswers -= cluster.StandIn.Faults.DropAnswers;
        cluster.StandIn.Faults.Clear();
        cluster.StandIn.Shards.SetDown(0, false);
        cluster.StandIn.Shards.SetDelay(3, TimeSpan.Zero);
    }

    private static async Task RepeatAsync(int least, int most, Func<Task> act, CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await Task.Delay(Random.Shared.Next(least, most), stop);
                await act();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The time is over.
        }
    }

    private async Task BreakAsync(CancellationToken stop)
    {
        switch (Random.Shared.Next(1, 8))
        {
            case 1 or 2:
                KilledConnections += await cluster.CountAsync(
                    "SELECT COUNT(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'zeroftp' ORDER BY random() LIMIT 3) AS chosen");
                break;
            case 3:
                DroppedAnswers += 2;
                cluster.StandIn.Faults.DropAnswers += 2;
                break;
            case 4:
                // The first shard: a deletion that fails has deleted nothing, and is counted by nobody.
                cluster.StandIn.Shards.SetDown(0, true);
                await Task.Delay(Random.Shared.Next(100, 900), stop);
                cluster.StandIn.Shards.SetDown(0, false);
                break;
            case 5:
                cluster.StandIn.Faults.Fail("Write", StatusCode.Unavailable, "the daemon is busy", 3);
                cluster.StandIn.Faults.Fail("Read", StatusCode.Unavailable, "the daemon is busy", 3);
                break;
            case 6:
                cluster.StandIn.Faults.FlippedAnswers = 1;
                break;
            default:
                cluster.StandIn.Shards.SetDelay(3, TimeSpan.FromMilliseconds(20));
                await Task.Delay(Random.Shared.Next(100, 900), stop);
                cluster.StandIn.Shards.SetDelay(3, TimeSpan.Zero);
                break;
        }
    }
}

using Grpc.Core;
using ZeroFtp.Tests.Storage.Metadata;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Faults.History;

/// <summary>Two front-ends over PostgreSQL, each behind a proxy of its own, and the stand-in for 0-stor.</summary>
internal sealed class DistributedHistoryStore : HistoryStore
{
    private readonly PostgresServer _server;
    private readonly DistributedCluster _cluster;
    private readonly DelayingProxy[] _proxies;

    private DistributedHistoryStore(PostgresServer server, DistributedCluster cluster, Random random) : base(random, 2)
    {
        (_server, _cluster) = (server, cluster);
        _proxies = [cluster.AddProxy(Name(0)), cluster.AddProxy(Name(1))];
    }

    // Longer than the lifetime of a front-end.
    private protected override TimeSpan Standstill => TimeSpan.FromSeconds(6);

    // Less than the grace, as the manual asks.
    private protected override int Skew => 2;

    public static async Task<DistributedHistoryStore> StartAsync(PostgresServer server, Random random)
    {
        DistributedCluster cluster = await DistributedCluster.StartAsync(server, grace: "10s", keepsPartials: false);
        DistributedHistoryStore store = new(server, cluster, random);
        await store.StartAsync();
        await cluster.AddAccountAsync("alice");
        return store;
    }

    public override async Task CheckAsync()
    {
        _cluster.StandIn.Faults.Clear();
        await DistributedCluster.UntilAsync("dead front-ends are reaped", async () =>
            await _cluster.CountAsync("SELECT COUNT(*) FROM server") == Count && await _cluster.CountAsync("SELECT COUNT(*) FROM upload") == 0);
        (int code, string output, string errors) = await _cluster.RunAsync(null, "fsck");
        Assert.True(code == 0, output + errors);
    }

    public override async ValueTask DisposeAsync()
    {
        await EndAsync();
        await _cluster.DisposeAsync();
    }

    private protected override ZeroFtpProgram Start(int front, IReadOnlyDictionary<string, string>? environment) => _cluster.Start(Name(front), environment);

    private protected override IEnumerable<(string Name, Func<Task> Run)> Ways() =>
    [
        ("swallowed answers", SwallowAsync), ("swallowed answers", SwallowAsync), ("refused database", RefuseAsync), ("restarted database", RestartAsync), ("daemon", DaemonAsync), ("shard", ShardAsync),
    ];

    private static string Name(int front) => "front-" + front;

    private async Task SwallowAsync()
    {
        DelayingProxy proxy = _proxies[Random.Next(_proxies.Length)];
        proxy.Swallows = true;
        await Task.Delay(Random.Next(20, 1_000));
        // What was lost must not come once the connection is well again.
        proxy.Cut();
        proxy.Swallows = false;
        proxy.Cut();
    }

    private async Task RefuseAsync()
    {
        DelayingProxy proxy = _proxies[Random.Next(_proxies.Length)];
        proxy.Refuses = true;
        proxy.Cut();
        await Task.Delay(Random.Next(100, 2_500));
        proxy.Refuses = false;
    }

    private async Task RestartAsync()
    {
        await _server.StopAsync();
        await Task.Delay(Random.Next(0, 1_000));
        await _server.StartAgainAsync();
    }

    private Task DaemonAsync()
    {
        _cluster.StandIn.Faults.DropAnswers += 2;
        _cluster.StandIn.Faults.FlippedAnswers = 1;
        _cluster.StandIn.Faults.Fail("Write", StatusCode.Unavailable, "the daemon is busy", 3);
        _cluster.StandIn.Faults.Fail("Read", StatusCode.Unavailable, "the daemon is busy", 3);
        return Task.CompletedTask;
    }

    private async Task ShardAsync()
    {
        _cluster.StandIn.Shards.SetDown(0, true);
        await Task.Delay(Random.Next(100, 900));
        _cluster.StandIn.Shards.SetDown(0, false);
    }
}

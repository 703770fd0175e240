using System.Diagnostics;
using System.Globalization;
using System.Net;
using ZeroFtp.Tests.Guards;
using ZeroFtp.Tests.Storage.Metadata;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Faults;

/// <summary>
/// What clients are told when a part of a distributed store fails: each part is taken away before a command, in the middle of a transfer, given back, and slowed down, under a front-end that is a process of
/// its own and is never restarted. The table in docs/reliability.md is what this test saw; <c>ZEROFTP_WRITE_TABLES=true</c> writes it anew.
/// </summary>
public sealed class FaultMatrixTests : IAsyncLifetime
{
    private const string Begin = "<!-- matrix -->\n";
    private const string End = "<!-- /matrix -->";
    private const int Entries = 40_000;
    private const string Touch = "UPDATE path SET ver = ver + 1 WHERE id = (SELECT id FROM file WHERE name = 'many'); SELECT 0";

    private readonly PostgresServer _server = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_manual_has_the_table_of_faults_that_clients_see()
    {
        await using DistributedCluster cluster = await DistributedCluster.StartAsync(_server, isProxied: true, timeout: "1s");
        ZeroFtpProgram program = cluster.Start("one");
        IPEndPoint address = await program.WaitForListenerAsync();
        await cluster.AddAccountAsync("alice");
        await using MatrixClient client = await MatrixClient.ConnectAsync(address);
        Assert.Equal("257", await client.CodeAsync("MKD " + MatrixClient.Many));
        await cluster.CountAsync($"""
            INSERT INTO path (id, ver) SELECT 9000000000 + i, 0 FROM generate_series(1, {Entries}) AS i;
            INSERT INTO file (id, path_id, name, is_dir, filemode, mod_time, birth_time, owner)
              SELECT 9000000000 + i, (SELECT id FROM file WHERE name = 'many'), repeat('x', 200) || i, TRUE, 493, 0, 0, 'alice' FROM generate_series(1, {Entries}) AS i;
            {Touch}
            """);

        // The long form does it again and again, with what earlier rounds left in connections, breakers and caches.
        string? table = null;
        long began = Stopwatch.GetTimestamp();
        do
        {
            string seen = await RunAsync(cluster, client);
            table ??= seen;
            Assert.Equal(table, seen);
        }
        while (Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("ZEROFTP_TORTURE_SECONDS") ?? "0", CultureInfo.InvariantCulture)));
        (int code, string output, string errors) = await cluster.RunAsync(null, "fsck");
        Assert.True(code == 0, output + errors);

        string file = Path.Combine(Sources.Root, "docs", "reliability.md");
        string manual = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        int begin = manual.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = manual.IndexOf(End, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("ZEROFTP_WRITE_TABLES") == "true")
            await File.WriteAllTextAsync(file, manual[..begin] + table + manual[end..], TestContext.Current.CancellationToken);
        else
            Assert.Equal(manual[begin..end], table);
    }

    private async Task<string> RunAsync(DistributedCluster cluster, MatrixClient client)
    {
        FaultMatrix matrix = new(client) { Many = Entries, ForgetMany = () => cluster.CountAsync(Touch) };
        await matrix.PrepareAsync();
        await matrix.AddAsync(new FaultyPart("database", _server.StopAsync, _server.StartAgainAsync, cluster.DelayDatabaseAsync));
        await matrix.AddAsync(new FaultyPart("daemon", cluster.StandIn.StopAsync, cluster.StandIn.RestartAsync, delay =>
        {
            cluster.StandIn.Faults.ReadDelay = cluster.StandIn.Faults.WriteDelay = delay;
            return Task.CompletedTask;
        }));
        await matrix.AddAsync(new FaultyPart("one shard of 3 + 1", () => SetShardAsync(cluster, true), () => SetShardAsync(cluster, false), delay =>
        {
            cluster.StandIn.Shards.SetDelay(2, delay);
            return Task.CompletedTask;
        }));
        foreach (string note in matrix.Notes)
            TestContext.Current.SendDiagnosticMessage(note);
        return FaultMatrix.Head + matrix.Rows;
    }

    private static Task SetShardAsync(DistributedCluster cluster, bool down)
    {
        cluster.StandIn.Shards.SetDown(2, down);
        return Task.CompletedTask;
    }
}

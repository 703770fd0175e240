using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using ZeroFtp.Tests.Storage.Metadata;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Faults;

/// <summary>
/// What clients are told when a part of a distributed store fails: each part is taken away before a command, in the middle of a transfer, and given back, under a front-end that is a process of its own and is
/// never restarted. The table in docs/reliability.md is what this test saw; <c>ZEROFTP_WRITE_TABLES=true</c> writes it anew.
/// </summary>
public sealed class FaultMatrixTests : IAsyncLifetime
{
    private const string Begin = "<!-- matrix -->\n";
    private const string End = "<!-- /matrix -->";

    private static readonly byte[] s_old = Octets.Make(200_000, 1);
    private static readonly byte[] s_young = Octets.Make(2_000_000, 2);
    private static readonly byte[] s_long = Octets.Make(24 << 20, 3);

    private readonly PostgresServer _server = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_manual_has_the_table_of_faults_that_clients_see()
    {
        // It waits for time-outs and recoveries of other programs, which a busy build machine can stretch beyond any bound.
        if (Environment.GetEnvironmentVariable("ZEROFTP_TEST_FAULT_MATRIX") != "true")
            Assert.Skip("The fault matrix runs by its own target: dotnet cake --target=Torture.");
        await using DistributedCluster cluster = await DistributedCluster.StartAsync(_server);
        IPEndPoint address = await cluster.Start("one").WaitForListenerAsync();
        await cluster.AddAccountAsync("alice");
        await using PlainFtpClient client = await DistributedCluster.ConnectAsync(address);
        Assert.Equal("226", await StoreAsync(client, "/long", s_long));

        List<string> rows = [];
        await AddAsync(rows, client, "database", _server.StopAsync, _server.StartAgainAsync);
        await AddAsync(rows, client, "daemon", cluster.StandIn.StopAsync, cluster.StandIn.RestartAsync);
        await AddAsync(rows, client, "one shard of 3 + 1", () => SetShardAsync(cluster, true), () => SetShardAsync(cluster, false));
        (int code, string output, string errors) = await cluster.RunAsync(null, "fsck");
        Assert.True(code == 0, output + errors);

        string table = "| what fails | when | STOR | RETR | LIST | DELE |\n|---|---|---|---|---|---|\n" + string.Concat(rows);
        string file = Path.Combine(RepositoryRoot(), "docs", "reliability.md");
        string manual = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        int begin = manual.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = manual.IndexOf(End, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("ZEROFTP_WRITE_TABLES") == "true")
            await File.WriteAllTextAsync(file, manual[..begin] + table + manual[end..], TestContext.Current.CancellationToken);
        else
            Assert.Equal(manual[begin..end], table);
    }

    private static async Task AddAsync(List<string> rows, PlainFtpClient client, string part, Func<Task> takeAway, Func<Task> giveBack)
    {
        Assert.Equal("226", await StoreAsync(client, "/a", s_old));
        Assert.Equal("226", await StoreAsync(client, "/b", s_old));
        await takeAway();
        rows.Add($"| {part} | is down | {await StoreAsync(client, "/a", s_young)} | {await RetrieveAsync(client, "/long", s_long)} | {await ListAsync(client)} | {await CodeAsync(client, "DELE /b")} |\n");

        await giveBack();
        await DistributedCluster.UntilAsync(part + " works again", async () =>
            await StoreAsync(client, "/b", s_old) == "226" && await RetrieveAsync(client, "/a", s_old) == "226" && await ListAsync(client) == "226" && await CodeAsync(client, "DELE /b") == "250");
        rows.Add($"| | comes back | 226 | 226 | 226 | 250 |\n");

        string stored = await StoreAsync(client, "/a", s_young, takeAway);
        await giveBack();
        await DistributedCluster.UntilAsync(part + " shows the old file or the new one", async () => await RetrieveAsync(client, "/a", stored == "226" ? s_young : s_old) == "226");
        string retrieved = await RetrieveAsync(client, "/long", s_long, takeAway);
        await giveBack();
        await DistributedCluster.UntilAsync(part + " works again", async () => await RetrieveAsync(client, "/long", s_long) == "226" && await StoreAsync(client, "/b", s_old) == "226");
        rows.Add($"| | goes away in mid-transfer | {stored} | {retrieved} | | |\n");
    }

    private static async Task<string> StoreAsync(PlainFtpClient client, string path, byte[] octets, Func<Task>? midway = null)
    {
        (TcpClient data, string reply) = await client.OpenDataAsync(path, "STOR");
        using (data)
        {
            if (reply[0] != '1')
                return reply[..3];
            try
            {
                await data.GetStream().WriteAsync(octets.AsMemory(0, octets.Length / 2));
                if (midway is not null)
                    await midway();
                await data.GetStream().WriteAsync(octets.AsMemory(octets.Length / 2));
                data.Client.Shutdown(SocketShutdown.Send);
            }
            catch (Exception exception) when (exception is IOException or SocketException)
            {
                // The reply says what it was.
            }
            return (await client.ReadAsync(null))[..3];
        }
    }

    /// <summary>The last reply; content that is followed by 226 has to be whole.</summary>
    private static async Task<string> RetrieveAsync(PlainFtpClient client, string path, byte[] expected, Func<Task>? midway = null)
    {
        (TcpClient data, string reply) = await client.OpenDataAsync(path, "RETR");
        using (data)
        {
            if (reply[0] != '1')
                return reply[..3];
            byte[] octets = new byte[expected.Length + 1];
            int count = 0;
            try
            {
                count = await data.GetStream().ReadAtLeastAsync(octets, 64 << 10, false);
                if (midway is not null)
                    await midway();
                count += await data.GetStream().ReadAtLeastAsync(octets.AsMemory(count), octets.Length - count, false);
            }
            catch (IOException)
            {
                // The reply says what it was.
            }
            string code = (await client.ReadAsync(null))[..3];
            if (code == "226")
                Assert.True(octets.AsSpan(0, count).SequenceEqual(expected), $"226 after {count} octets that are not the file's.");
            return code;
        }
    }

    private static async Task<string> ListAsync(PlainFtpClient client)
    {
        (TcpClient data, string reply) = await client.OpenDataAsync("/", "LIST");
        using (data)
        {
            if (reply[0] != '1')
                return reply[..3];
            string lines = await new StreamReader(data.GetStream()).ReadToEndAsync();
            string code = (await client.ReadAsync(null))[..3];
            Assert.True(code != "226" || lines.Contains("long", StringComparison.Ordinal), lines);
            return code;
        }
    }

    private static async Task<string> CodeAsync(PlainFtpClient client, string command) => (await client.SendAsync(command, null))[..3];

    private static Task SetShardAsync(DistributedCluster cluster, bool down)
    {
        cluster.StandIn.Shards.SetDown(2, down);
        return Task.CompletedTask;
    }

    private static string RepositoryRoot([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}

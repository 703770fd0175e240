using System.Globalization;
using System.Text;
using ZeroFtp.Tests.Contracts;
using ZeroFtp.Tests.Storage.Metadata;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Faults.Torture;

/// <summary>
/// Sixteen clients of two front-ends do whatever they like, while connections of the database are ended, front-ends are killed and started anew, and 0-stor fails. Afterwards everything acknowledged is there,
/// every invariant holds, and what 0-stor keeps without a name is no more than what was on its way. Ten seconds by default; <c>ZEROFTP_TORTURE_SECONDS</c> makes it as long as wanted.
/// </summary>
public sealed class TortureTests(PostgresServer server)
{
    private const int Workers = 16;
    private const int PartsOfObject = 4;

    private static TimeSpan Duration => Environment.GetEnvironmentVariable("ZEROFTP_TORTURE_SECONDS") is null ? TimeSpan.FromSeconds(10) : MetadataTorture.Duration;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_whatever_is_killed()
    {
        int seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"Torture with seed {seed}");
        await using DistributedCluster cluster = await DistributedCluster.StartAsync(server);
        TortureFronts fronts = new(cluster);
        await fronts.StartAsync();
        await cluster.AddAccountAsync("alice");

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        TortureSession[] sessions = [.. Enumerable.Range(0, Workers).Select(i => new TortureSession(fronts, new Random(seed + (2 * i)), stop.Token))];
        TortureWorker[] workers = [.. sessions.Select((session, i) => new TortureWorker(i, session, new Random(seed + (2 * i) + 1)))];
        Assert.Equal("257", await sessions[0].CommandAsync("MKD " + TortureShared.Root));
        foreach (TortureWorker worker in workers)
            await worker.PrepareAsync();

        TortureChaos chaos = new(cluster, fronts);
        stop.CancelAfter(Duration);
        Task breaking = chaos.RunAsync(stop.Token);
        try
        {
            await Task.WhenAll(workers.Select(worker => Task.Run(() => worker.RunAsync(stop.Token))));
        }
        finally
        {
            // Nothing is broken, or started, when the cluster is taken down.
            await stop.CancelAsync();
            await breaking.WithinAsync("the breaking ends", TimeSpan.FromMinutes(5));
        }
        chaos.Calm();
        foreach (TortureSession session in sessions)
            await session.DisposeAsync();

        await UntilAsync(cluster, "dead front-ends are reaped", async () =>
            await cluster.CountAsync("SELECT COUNT(*) FROM server") == fronts.Count && await cluster.CountAsync("SELECT COUNT(*) FROM upload") == 0);
        // A front-end that was killed while it deleted objects has them leased for ten minutes.
        await cluster.CountAsync("UPDATE garbage_object SET due = 0; UPDATE garbage SET due = 0; SELECT 0");
        await UntilAsync(cluster, "garbage is collected", async () => await cluster.CountAsync("SELECT (SELECT COUNT(*) FROM garbage) + (SELECT COUNT(*) FROM garbage_object)") == 0);
        (int code, string output, string errors) = await cluster.RunAsync(null, "fsck");
        Assert.True(code == 0, output + errors);

        await using TortureSession reader = new(fronts, new Random(seed), TestContext.Current.CancellationToken);
        int files = await VerifyOwnAsync(reader, workers) + await VerifySharedAsync(cluster, reader);
        long named = await cluster.CountAsync("SELECT COUNT(DISTINCT object) FROM extent");
        long unnamed = cluster.StandIn.Shards.Parts - (named * PartsOfObject);
        int inFlight = workers.Sum(static worker => worker.InFlight) + chaos.DroppedAnswers;
        TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture, $"""
            Torture: {workers.Sum(static worker => worker.Acknowledged)} operations acknowledged, {workers.Sum(static worker => worker.Model.Doubts.Count)} names in doubt, {fronts.Kills} front-ends and {chaos.KilledConnections} connections killed,
            {chaos.DroppedAnswers} answers of 0-stor dropped; {files} files read; of {named} objects all are there, {unnamed / (double)PartsOfObject} have no name, at most {inFlight} were on their way
            """));
        Assert.InRange(unnamed, 0, inFlight * PartsOfObject);
        Assert.True(fronts.Kills > 0 && workers.Sum(static worker => worker.Acknowledged) > 0);
    }

    private static async Task UntilAsync(DistributedCluster cluster, string what, Func<Task<bool>> isSo)
    {
        try
        {
            await DistributedCluster.UntilAsync(what, isSo);
        }
        catch (Xunit.Sdk.XunitException)
        {
            Assert.Fail($"It did not happen: {what}.\n{await cluster.DescribeAsync()}");
        }
    }

    private static async Task<int> VerifyOwnAsync(TortureSession session, TortureWorker[] workers)
    {
        int files = 0;
        foreach (TortureModel model in workers.Select(static worker => worker.Model))
        {
            foreach ((string path, byte[] bytes) in model.Files)
                Assert.True((await ReadAsync(session, path))?.AsSpan().SequenceEqual(bytes), $"{path} is not what was acknowledged.");
            foreach (TortureDoubt doubt in model.Doubts)
            {
                List<byte[]?> found = [];
                foreach (string path in doubt.Paths)
                    found.Add(await ReadAsync(session, path));
                Assert.True(doubt.Judge(found) is null, $"{string.Join(" or ", doubt.Paths)}: {doubt.Judge(found)}");
            }
            files += model.Files.Count + model.Doubts.Count;
        }
        return files;
    }

    // Only what is marked partial may be shorter than it says itself.
    private static async Task<int> VerifySharedAsync(DistributedCluster cluster, TortureSession session)
    {
        (int files, int cut) = (0, 0);
        Stack<string> directories = new([TortureShared.Root]);
        while (directories.TryPop(out string? directory))
        {
            (string? code, byte[] listing) = await session.DownloadAsync("MLSD", directory);
            Assert.Equal("226", code);
            foreach (string line in Encoding.UTF8.GetString(listing).Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
            {
                string path = $"{directory}/{line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]}";
                if (line.Contains("type=dir", StringComparison.OrdinalIgnoreCase))
                    directories.Push(path);
                if (!line.Contains("type=file", StringComparison.OrdinalIgnoreCase))
                    continue;
                byte[]? bytes = await ReadAsync(session, path);
                Assert.NotNull(bytes);
                (bool isRight, bool isWhole) = TortureShared.Examine(bytes);
                Assert.True(isRight, $"{path} holds what was never stored.");
                files++;
                cut += isWhole ? 0 : 1;
            }
        }
        Assert.True(cut <= await cluster.CountAsync("SELECT COUNT(*) FROM file WHERE partial"), $"{cut} files are shorter than they should be and not all of them marked.");
        return files;
    }

    /// <summary>Null if there is no such file; every other file has to be readable.</summary>
    private static async Task<byte[]?> ReadAsync(TortureSession session, string path)
    {
        (string? code, byte[] bytes) = await session.DownloadAsync("RETR", path);
        Assert.True(code is "226" or "550", $"{path} is answered {code}.");
        return code == "226" ? bytes : null;
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using ZeroFtp.Tests.Faults.Torture;
using ZeroFtp.Tests.Storage.Metadata;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Faults.History;

/// <summary>
/// Clients write, append, rename, remove, make, list and read a few names while the store is broken in every way it can be. Each short history of one directory is then searched for a linearization, and in the end the store
/// is checked, with its quotas. <c>ZEROFTP_HISTORY_SEED</c> takes the seed that a failure prints: the clients do the same again, though not at the same moments. <c>ZEROFTP_TORTURE_SECONDS</c> makes it as long as wanted.
/// </summary>
public sealed class HistoryTests : IAsyncLifetime
{
    private const int Directories = 3;
    private const int Clients = 4;
    private const int Operations = 10;

    private readonly PostgresServer _server = new();
    private readonly int _seed = int.TryParse(Environment.GetEnvironmentVariable("ZEROFTP_HISTORY_SEED"), CultureInfo.InvariantCulture, out int seed) ? seed : Environment.TickCount;
    private readonly ConcurrentBag<(int Operations, int Unknown, int Took)> _checked = [];

    private static TimeSpan Duration => TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("ZEROFTP_TORTURE_SECONDS") ?? "60", CultureInfo.InvariantCulture));

    private static bool IsCi => string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Every_history_on_two_front_ends_has_an_order()
    {
        Need();
        await using DistributedHistoryStore store = await DistributedHistoryStore.StartAsync(_server, new Random(_seed));
        await RunAsync(store);
    }

    [Fact]
    public async Task Every_history_on_the_embedded_store_has_an_order()
    {
        Need();
        await using EmbeddedHistoryStore store = await EmbeddedHistoryStore.OpenAsync(new Random(_seed));
        await RunAsync(store);
    }

    // By chance and by the load of the machine: what the ordinary run has to find each time is in PlantedMistakeTests and in the model.
    private static void Need() =>
        Assert.SkipUnless(IsCi || Environment.GetEnvironmentVariable("ZEROFTP_TORTURE_SECONDS") is not null, "Histories are looked for by CI and by their own target: dotnet cake --target=Torture.");

    private async Task RunAsync(HistoryStore store)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        stop.CancelAfter(Duration);
        Task breaking = store.BreakAsync(stop.Token);
        string?[] wrong;
        try
        {
            wrong = await Task.WhenAll(Enumerable.Range(0, Directories).Select(directory => Task.Run(() => RunDirectoryAsync(store, directory, stop))));
        }
        finally
        {
            await stop.CancelAsync();
            await breaking.WithinAsync("the breaking ends", TimeSpan.FromMinutes(5));
        }
        string told = string.Create(CultureInfo.InvariantCulture, $"seed {_seed}: {_checked.Count} histories of {_checked.Sum(static x => x.Operations)} operations, {_checked.Sum(static x => x.Unknown)} of them of unknown end, of which {_checked.Sum(static x => x.Took)} were done; broken: {store.Broken}");
        TestContext.Current.SendDiagnosticMessage(told);
        Assert.True(Array.TrueForAll(wrong, static x => x is null), $"{told}\n{string.Join('\n', wrong)}");
        await store.CheckAsync();
        Assert.NotEmpty(_checked);
    }

    // One history after another, each in a directory of its own; all stop at the first that is wrong.
    private async Task<string?> RunDirectoryAsync(HistoryStore store, int directory, CancellationTokenSource stop)
    {
        Random random = new(_seed + directory + 1);
        for (int round = 0; !stop.IsCancellationRequested; round++)
        {
            if (await RunHistoryAsync(store, $"/h{directory}-{round}", random, stop.Token) is { } wrong)
            {
                await stop.CancelAsync();
                return wrong;
            }
        }
        return null;
    }

    private async Task<string?> RunHistoryAsync(HistoryStore store, string root, Random random, CancellationToken stop)
    {
        HistoryRecorder recorder = new();
        TortureSession[] sessions = [.. Enumerable.Range(0, Clients + 1).Select(_ => new TortureSession(store, new Random(random.Next()), Token))];
        try
        {
            await UntilAsync(async () => await sessions[0].CommandAsync("MKD " + root) is "257" or "550" or "521");
            HistoryClient[] clients = [.. sessions.Select((session, i) => new HistoryClient(session, recorder, root, i, new Random(random.Next())))];
            await Task.WhenAll(clients.Take(Clients).Select(client => client.RunAsync(Operations, stop)));
            // What is there in the end tells what the operations of unknown end have come to.
            await UntilAsync(async () => await clients[Clients].ListAsync() != HistoryEnd.Unknown);
            foreach (string path in HistoryClient.AllNames)
                await UntilAsync(async () => await clients[Clients].ReadAsync(path) != HistoryEnd.Unknown);
        }
        finally
        {
            foreach (TortureSession session in sessions)
                await session.DisposeAsync();
        }
        IReadOnlyList<HistoryOperation> operations = recorder.Operations;
        HistoryVerdict verdict = HistoryChecker.Check(operations, NameTree.Empty);
        if (verdict.IsExplained != true)
            return verdict.IsExplained is null ? $"{root}: the search was given up." : $"{root}: {HistoryShortener.Describe(operations, NameTree.Empty)}";
        _checked.Add((operations.Count, operations.Count(static x => x.End == HistoryEnd.Unknown), verdict.Order.Count(static x => x.End == HistoryEnd.Unknown)));
        return null;
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (long began = Stopwatch.GetTimestamp(); !await isSo();)
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(3), "No front-end answers.");
            await Task.Delay(100, Token);
        }
    }
}

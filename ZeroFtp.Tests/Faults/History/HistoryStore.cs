using System.Diagnostics;
using System.Net;
using ZeroFtp.Tests.Faults.Torture;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Faults.History;

/// <summary>A store under a history: its front-ends as processes of their own, and the ways in which it is broken meanwhile.</summary>
internal abstract class HistoryStore(Random random, int count) : IFronts, IAsyncDisposable
{
    private const int MostStarts = 20;

    private readonly (ZeroFtpProgram Program, IPEndPoint Address)[] _fronts = new (ZeroFtpProgram, IPEndPoint)[count];
    private readonly Dictionary<string, int> _broken = [];

    public int Count => _fronts.Length;

    /// <summary>What was broken, and how often.</summary>
    public string Broken => string.Join(", ", _broken.OrderBy(static x => x.Key).Select(static x => $"{x.Key} {x.Value}"));

    private protected Random Random => random;

    public IPEndPoint AddressOf(int front) => _fronts[front].Address;

    public abstract ValueTask DisposeAsync();

    public async Task StartAsync()
    {
        for (int i = 0; i < Count; i++)
            await StartAsync(i);
    }

    /// <summary>Breaks one thing after another until it is stopped, and mends each.</summary>
    public async Task BreakAsync(CancellationToken stop)
    {
        (string Name, Func<Task> Run)[] ways = [.. Ways(), ("kill", KillAsync), ("stop", StopAsync)];
        TimeSpan took = TimeSpan.Zero;
        try
        {
            while (true)
            {
                // On a busy machine a front-end takes long to start; clients are to find it running at least as long.
                await Task.Delay(took + TimeSpan.FromMilliseconds(random.Next(100, 1_500)), stop);
                long began = Stopwatch.GetTimestamp();
                (string name, Func<Task> run) = ways[random.Next(ways.Length)];
                _broken[name] = _broken.GetValueOrDefault(name) + 1;
                await run();
                took = Stopwatch.GetElapsedTime(began);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The time is over.
        }
    }

    /// <summary>What the checks of the store itself say in the end.</summary>
    public abstract Task CheckAsync();

    private protected abstract IEnumerable<(string Name, Func<Task> Run)> Ways();

    private protected abstract ZeroFtpProgram Start(int front, IReadOnlyDictionary<string, string>? environment);

    /// <summary>How long a front-end stands still.</summary>
    private protected abstract TimeSpan Standstill { get; }

    /// <summary>By how many seconds clocks may differ.</summary>
    private protected abstract int Skew { get; }

    private async Task KillAsync()
    {
        int front = random.Next(Count);
        _fronts[front].Program.Kill();
        await StartAsync(front);
    }

    private async Task StopAsync()
    {
        ZeroFtpProgram program = _fronts[random.Next(Count)].Program;
        program.Stop();
        await Task.Delay(Standstill);
        program.Continue();
    }

    // Its clock is another at each start.
    private async Task StartAsync(int front)
    {
        for (int attempt = 1; ; attempt++)
        {
            if (_fronts[front].Program is { } old)
                await old.DisposeAsync();
            ZeroFtpProgram program = Start(front, FakeTime.Ahead(random.Next(-Skew, Skew + 1)));
            try
            {
                _fronts[front] = (program, await program.WaitForListenerAsync());
                return;
            }
            catch (InvalidOperationException) when (attempt < MostStarts && !program.IsRunning)
            {
                // Whatever supervises it starts it again: the database may be away just now.
                await program.DisposeAsync();
                await Task.Delay(200);
            }
        }
    }

    private protected async Task EndAsync()
    {
        foreach ((ZeroFtpProgram program, _) in _fronts)
        {
            if (program is not null)
                await program.DisposeAsync();
        }
    }
}

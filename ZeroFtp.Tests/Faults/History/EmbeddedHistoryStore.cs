using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Faults.History;

/// <summary>One process over a directory. Nothing is between it and its database: it is killed, stands still, and has another clock after each start.</summary>
internal sealed class EmbeddedHistoryStore(Random random) : HistoryStore(random, 1)
{
    private readonly TemporaryDirectory _directory = new();

    private protected override TimeSpan Standstill => TimeSpan.FromMilliseconds(Random.Next(50, 1_000));

    private protected override int Skew => 3_600;

    private string Data => Path.Combine(_directory.Path, "data");

    public static async Task<EmbeddedHistoryStore> OpenAsync(Random random)
    {
        EmbeddedHistoryStore store = new(random);
        (int code, _, string errors) = await ZeroFtpProgram.RunAsync(store._directory.Path, DistributedCluster.Password + "\n", "user", "add", "alice", "--home", "/", "--password-stdin", "--data", store.Data);
        Assert.True(code == 0, errors);
        await store.StartAsync();
        return store;
    }

    public override async Task CheckAsync()
    {
        await EndAsync();
        (int code, string output, string errors) = await ZeroFtpProgram.RunAsync(_directory.Path, null, "fsck", "--data", Data);
        Assert.True(code == 0, output + errors);
    }

    public override async ValueTask DisposeAsync()
    {
        await EndAsync();
        _directory.Dispose();
    }

    private protected override ZeroFtpProgram Start(int front, IReadOnlyDictionary<string, string>? environment) =>
        ZeroFtpProgram.Start(_directory.Path, null, ["serve", "--listen", "127.0.0.1:0", "--data", Data, "--no-login-limits", "--set", "storage:keepPartialUploads=false", "--set", "storage:garbageGrace=5s", "--set", "storage:collectInterval=1s"], environment);

    private protected override IEnumerable<(string Name, Func<Task> Run)> Ways() => [];
}

using System.Runtime.InteropServices;
using ZeroFtp.ZeroStor;
using ZeroFtp.ZeroStor.Shards;
using ZeroFtp.ZeroStor.ZeroDb;

if (args is ["--help" or "-h"])
{
    Console.WriteLine(Arguments.Usage);
    return 0;
}

if (args is ["bench", ..])
    return await Bench.RunAsync(args[1..]);

try
{
    if (args is ["zdb", ..])
        return await ZeroDbCommand.RunAsync(args[1..]);
    (StandInOptions options, List<int> down) = Arguments.Parse(args);
    using ShardSet shards = new(options.Shards, options.Data);
    foreach (int shard in down)
        shards.SetDown(shard, true);
    TaskCompletionSource<int> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    await using StandIn standIn = await StandIn.StartAsync(options with { Shared = shards, Killed = () => ended.TrySetResult(137) });
    using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
    using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
    if (standIn.AdminAddress is { } admin)
        Console.WriteLine($"switches on {admin}");
    Console.WriteLine($"listening on {standIn.Address}");
    return await ended.Task;

    void End(PosixSignalContext context)
    {
        context.Cancel = true;
        ended.TrySetResult(0);
    }
}
catch (Exception failure) when (failure is FormatException or InvalidOperationException or ArgumentException or IOException or System.Net.Sockets.SocketException)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return 1;
}

using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;
using ZeroFtp.ZeroStor.Wire;

namespace ZeroFtp.ZeroStor;

/// <summary>
/// A bare client: unary writes and reads of extents with a fixed number in flight, and nothing else. What a front-end costs is compared with it.
/// </summary>
internal static class Bench
{
    private static readonly Method<PooledOctets, DataWriteResponse> Write = Calls.Data(MethodType.Unary, "Write", Calls.Octets, Calls.Message<DataWriteResponse>());
    private static readonly Method<DataReadRequest, PooledOctets> Read = Calls.Data(MethodType.Unary, "Read", Calls.Message<DataReadRequest>(), Calls.Octets);
    private static readonly Method<DataDeleteRequest, DataDeleteResponse> Delete = Calls.Data(MethodType.Unary, "Delete", Calls.Message<DataDeleteRequest>(), Calls.Message<DataDeleteResponse>());

    public static async Task<int> RunAsync(string[] arguments)
    {
        string target = Value(arguments, "--target", "");
        int size = int.Parse(Value(arguments, "--size", "256"), CultureInfo.InvariantCulture);
        int extent = int.Parse(Value(arguments, "--extent", "4096"), CultureInfo.InvariantCulture) << 10;
        int writes = int.Parse(Value(arguments, "--writes", "4"), CultureInfo.InvariantCulture);
        int reads = int.Parse(Value(arguments, "--reads", "2"), CultureInfo.InvariantCulture);
        int count = (int)(((long)size << 20) / extent);
        if (target.Length == 0 || count == 0)
        {
            await Console.Error.WriteLineAsync(Arguments.Usage);
            return 1;
        }

        using GrpcChannel channel = GrpcChannel.ForAddress(target, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { UseProxy = false, InitialHttp2StreamWindowSize = 4 << 20 },
            MaxReceiveMessageSize = Errors.MessageLimit,
        });
        CallInvoker invoker = channel.CreateCallInvoker();
        byte[] source = new byte[extent];
        new Random(1).NextBytes(source);
        DataWriteResponse[] written = new DataWriteResponse[count];

        await MeasureAsync("write", count, extent, writes, async i =>
        {
            PooledOctets bytes = new(extent);
            source.CopyTo(bytes.Memory);
            written[i] = await invoker.AsyncUnaryCall(Write, null, default, bytes);
        });
        await MeasureAsync("read", count, extent, reads, async i =>
        {
            using PooledOctets bytes = await invoker.AsyncUnaryCall(Read, null, default, new DataReadRequest { Chunks = { written[i].Chunks } });
            if (bytes.Length != extent)
                throw new InvalidDataException("An answer is too short.");
        });
        foreach (DataWriteResponse one in written)
            await invoker.AsyncUnaryCall(Delete, null, default, new DataDeleteRequest { Chunks = { one.Chunks } });
        return 0;
    }

    private static async Task MeasureAsync(string what, int count, int extent, int inFlight, Func<int, Task> one)
    {
        using Process self = Process.GetCurrentProcess();
        TimeSpan processor = self.TotalProcessorTime;
        long began = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = inFlight }, async (i, _) => await one(i));
        TimeSpan took = Stopwatch.GetElapsedTime(began);
        self.Refresh();
        processor = self.TotalProcessorTime - processor;
        double mib = count * (double)extent / (1 << 20);
        Console.WriteLine(FormattableString.Invariant(
            $"{what}: {mib:F0} MiB in {took.TotalSeconds:F2} s, {mib / took.TotalSeconds:F0} MiB/s, client CPU {processor.TotalSeconds / mib * 1024:F2} s/GiB"));
    }

    private static string Value(string[] arguments, string name, string otherwise)
    {
        int at = Array.IndexOf(arguments, name);
        return at >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : otherwise;
    }
}

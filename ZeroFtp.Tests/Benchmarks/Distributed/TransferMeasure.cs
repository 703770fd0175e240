using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using ZeroFtp.Benchmarks.Support;

namespace ZeroFtp.Benchmarks.Distributed;

/// <summary>A large file through the program and the stand-in, beside a bare client that writes and reads the same extents with as many in flight, one after the other on the same stand-in.</summary>
internal static partial class TransferMeasure
{
    private const int Rounds = 3;

    // What the front-end's windows of 16 and 8 MiB allow.
    private const int WritesInFlight = 4;
    private const int ReadsInFlight = 2;

    public static async Task RunAsync(Database database, int mebibytes)
    {
        await using Child standIn = Child.Start("listening on ", "dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "zerostor-standin.dll"), "--listen", "127.0.0.1:0"]);
        string daemon = await standIn.Line;
        string connection = await database.CreateAsync("transfers");
        await FrontEnd.PrepareAsync(connection, daemon);
        await using Child frontEnd = FrontEnd.Start(connection, daemon);
        IPEndPoint address = await FrontEnd.AddressAsync(frontEnd);
        using Client client = await Client.LoginAsync(address);
        byte[] buffer = new byte[256 << 10];
        new Random(1).NextBytes(buffer);

        List<Sample> store = [], retrieve = [], bareWrite = [], bareRead = [];
        // The first round warms all three programs up and is not counted.
        for (int round = -1; round < Rounds; round++)
        {
            int size = round < 0 ? Math.Min(mebibytes, 256) : mebibytes;
            (Sample write, Sample read) = await BareAsync(daemon, size);
            Sample stored = await SampleAsync(frontEnd, size, () => client.StoreAsync("/large", buffer, (long)size << 20));
            Sample retrieved = await SampleAsync(frontEnd, size, () => client.RetrieveAsync("RETR /large", buffer));
            await client.SendAsync("DELE /large");
            if (round < 0)
                continue;
            bareWrite.Add(write);
            bareRead.Add(read);
            store.Add(stored);
            retrieve.Add(retrieved);
        }
        Report.Line($"{mebibytes} MiB, {Rounds} rounds, medians; bare client with {WritesInFlight} writes and {ReadsInFlight} reads in flight");
        Tell("STOR", Median(store), Median(bareWrite));
        Tell("RETR", Median(retrieve), Median(bareRead));
        Report.Line($"peak memory of the front-end: {frontEnd.PeakMemory >> 20} MiB");
    }

    private static void Tell(string what, Sample own, Sample bare) => Report.Line(string.Create(
        CultureInfo.InvariantCulture,
        $"{what}: {own.Rate:F0} MiB/s, bare {bare.Rate:F0} MiB/s, ratio {own.Rate / bare.Rate:F2}; processor {own.Processor:F2} s/GiB, bare {bare.Processor:F2} s/GiB, ratio {own.Processor / bare.Processor:F2}"));

    private static async Task<Sample> SampleAsync(Child frontEnd, int mebibytes, Func<Task> run)
    {
        TimeSpan processor = frontEnd.Processor;
        long began = Stopwatch.GetTimestamp();
        await run();
        return new Sample(mebibytes / Stopwatch.GetElapsedTime(began).TotalSeconds, (frontEnd.Processor - processor).TotalSeconds / mebibytes * 1024);
    }

    private static async Task<(Sample Write, Sample Read)> BareAsync(string daemon, int mebibytes)
    {
        string said = await Child.RunAsync("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "zerostor-standin.dll"), "bench", "--target", daemon,
            "--size", mebibytes.ToString(CultureInfo.InvariantCulture), "--writes", WritesInFlight.ToString(CultureInfo.InvariantCulture), "--reads", ReadsInFlight.ToString(CultureInfo.InvariantCulture)]);
        Sample[] samples = [.. Line().Matches(said).Select(static m => new Sample(double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture), double.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture)))];
        return (samples[0], samples[1]);
    }

    private static Sample Median(List<Sample> samples) => new(Middle(samples.Select(static s => s.Rate)), Middle(samples.Select(static s => s.Processor)));

    private static double Middle(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    [GeneratedRegex(@"([\d.]+) MiB/s, client CPU ([\d.]+) s/GiB")]
    private static partial Regex Line();

    private readonly record struct Sample(double Rate, double Processor);
}

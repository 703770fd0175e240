using System.Diagnostics;
using ZeroFtp.Storage.Objects;

namespace ZeroFtp.Benchmarks.Uploads;

/// <summary>
/// <c>uploads [DIRECTORY]</c>: how many files of 4 KiB eight sessions store a second through the server, as a share of what a bare loop stores with the same syncs, durable and relaxed. The two take
/// turns, three times; medians are shown. The directory says which disk is meant; the temporary one is the default.
/// </summary>
internal static class UploadComparison
{
    private const int Sessions = 8;
    private const int Rounds = 3;
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(4);

    public static async Task RunAsync(string directory)
    {
        foreach (Durability durability in new[] { Durability.Full, Durability.Relaxed })
        {
            List<double> bare = [], served = [];
            for (int round = 0; round < Rounds; round++)
            {
                bare.Add(await MeasureAsync(directory, path => Task.FromResult<IUploads>(new BareUploads(path, durability))));
                served.Add(await MeasureAsync(directory, async path => await FtpUploads.OpenAsync(path, durability)));
            }
            bare.Sort();
            served.Sort();
            Console.WriteLine($"{durability}: {served[Rounds / 2]:0} files/s through the server, {bare[Rounds / 2]:0} in a bare loop: {served[Rounds / 2] / bare[Rounds / 2]:0%}");
        }
    }

    private static async Task<double> MeasureAsync(string parent, Func<string, Task<IUploads>> open)
    {
        string directory = Path.Combine(parent, "zeroftp-uploads-" + Path.GetRandomFileName());
        Directory.CreateDirectory(directory);
        try
        {
            await using IUploads uploads = await open(directory);
            long stored = 0;
            using CancellationTokenSource end = new(Warm + Measured);
            byte[] content = new byte[4096];
            Random.Shared.NextBytes(content);
            Stopwatch clock = Stopwatch.StartNew();
            await Task.WhenAll(Enumerable.Range(0, Sessions).Select(number => Task.Run(async () =>
            {
                Func<byte[], Task> store = await uploads.OpenSessionAsync(number);
                while (!end.IsCancellationRequested)
                {
                    await store(content);
                    if (clock.Elapsed > Warm)
                        Interlocked.Increment(ref stored);
                }
            })));
            return stored / (clock.Elapsed - Warm).TotalSeconds;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}

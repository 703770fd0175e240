using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using ZeroFtp.Fuzz.Driving;

namespace ZeroFtp.Fuzz;

/// <summary>One campaign from the command line, with a watchdog for inputs that never end.</summary>
internal static class Session
{
    private static readonly TimeSpan Endless = TimeSpan.FromSeconds(20);

    /// <returns>False if a failure was found; its input is in the folder of failures then.</returns>
    public static bool Run(string name, Action<byte[]> target, Corpus corpus, TimeSpan time, int seed, string failures, bool keeps)
    {
        Campaign campaign = new(target, seed);
        using Timer watchdog = new(_ => EndIfStuck(campaign, failures), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        long start = Stopwatch.GetTimestamp();
        IReadOnlyList<byte[]> given = corpus.Read();
        Failure? failure = campaign.Replay(given);
        int before = campaign.Edges;
        if (time > TimeSpan.Zero)
            failure ??= campaign.Search(_ => Stopwatch.GetElapsedTime(start) < time);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: {campaign.Runs} inputs in {seconds:0.0} s ({campaign.Runs / Math.Max(seconds, 0.001):0}/s), {campaign.Edges} edges ({before} by the {given.Count} inputs of the corpus), {campaign.Kept.Count} kept, seed {seed}"));
        if (keeps)
            corpus.Write(Corpus.Minimise(target, [.. given, .. campaign.Kept]));
        if (failure is null)
            return true;
        byte[] shortest = campaign.Shorten(failure.Input);
        Console.Error.WriteLine($"{name} FAILS: {failure.Message}\n  {Convert.ToHexString(shortest)}\n  {Save(failures, name, shortest)}");
        return false;
    }

    private static string Save(string failures, string name, byte[] input)
    {
        Directory.CreateDirectory(failures);
        string file = Path.Combine(failures, $"{name}.{Convert.ToHexStringLower(SHA256.HashData(input))[..16]}");
        File.WriteAllBytes(file, input);
        return file;
    }

    private static void EndIfStuck(Campaign campaign, string failures)
    {
        if (campaign.Running is not ({ } input, var since) || since < Endless)
            return;
        Console.Error.WriteLine($"An input never ends: {Save(failures, "endless", input)}");
        Environment.Exit(1);
    }
}

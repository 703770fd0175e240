namespace ZeroFtp.Benchmarks.Embedded;

/// <summary>Measures what an embedded store costs in time and memory: <c>embedded [DIRECTORY] [tree] [transfers]</c>. The directory, by default the temporary one, needs 10 GiB for the transfers.</summary>
internal static class EmbeddedMeasure
{
    private static readonly string[] Parts = ["tree", "transfers"];

    public static async Task RunAsync(string[] arguments)
    {
        string parent = arguments.FirstOrDefault(static argument => !Parts.Contains(argument, StringComparer.Ordinal)) ?? Path.GetTempPath();
        string[] wanted = [.. arguments.Intersect(Parts)];
        if (wanted.Length == 0 || wanted.Contains("tree", StringComparer.Ordinal))
            await InAsync(parent, TreeMeasure.RunAsync);
        if (wanted.Length == 0 || wanted.Contains("transfers", StringComparer.Ordinal))
            await InAsync(parent, TransferMemory.RunAsync);
    }

    private static async Task InAsync(string parent, Func<string, Task> run)
    {
        string data = Path.Combine(parent, "zeroftp-embedded-" + Path.GetRandomFileName());
        try
        {
            await run(data);
        }
        finally
        {
            if (Directory.Exists(data))
                Directory.Delete(data, recursive: true);
        }
    }
}

namespace ZeroFtp.Tests.Faults.History;

/// <summary>Programs whose clock is wrong, by libfaketime where it is installed.</summary>
internal static class FakeTime
{
    private static readonly string? Library = ((string[])["x86_64-linux-gnu", "aarch64-linux-gnu", "."]).Select(static x => $"/usr/lib/{x}/faketime/libfaketime.so.1").FirstOrDefault(File.Exists);

    public static bool IsHere => Library is not null;

    /// <summary>The environment of a program whose clock is ahead by this; intervals are as long as they are.</summary>
    public static IReadOnlyDictionary<string, string>? Ahead(int seconds) => Library is null || seconds == 0
        ? null
        : new Dictionary<string, string> { ["LD_PRELOAD"] = Library, ["FAKETIME"] = $"{(seconds < 0 ? "" : "+")}{seconds}s", ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1" };
}

namespace ZeroFtp.Host.Logging;

/// <summary>Tells whether standard error leads to the journal of systemd.</summary>
internal static class Journal
{
    private const string StandardError = "/proc/self/fd/2";

    public static bool TakesStandardError =>
        OperatingSystem.IsLinux() && File.Exists(StandardError) && IsStream(Environment.GetEnvironmentVariable("JOURNAL_STREAM"), new FileInfo(StandardError).LinkTarget);

    /// <summary>Whether a file is the stream to the journal that systemd names as device and inode (systemd.exec(5)). Child processes inherit the name, whatever their standard error is.</summary>
    public static bool IsStream(string? stream, string? file) => stream?.IndexOf(':', StringComparison.Ordinal) is int colon and >= 0 && file == $"socket:[{stream[(colon + 1)..]}]";
}

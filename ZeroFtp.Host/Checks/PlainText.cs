namespace ZeroFtp.Host.Checks;

/// <summary>The cause of a failed file operation in words of our own. The caller names the file.</summary>
internal static class PlainText
{
    private const int NoSpace = 28;
    private const int ReadOnly = 30;
    private const int QuotaExceeded = 122;

    public static string Of(Exception failure) => failure switch
    {
        UnauthorizedAccessException => "permission denied",
        FileNotFoundException => "there is no such file",
        DirectoryNotFoundException => "there is no such directory",
        PathTooLongException => "the path is too long",
        // The runtime passes errno on as the result of an IOException.
        IOException { HResult: NoSpace } when !OperatingSystem.IsWindows() => "the disk is full",
        IOException { HResult: ReadOnly } when !OperatingSystem.IsWindows() => "the file system is read-only",
        IOException { HResult: QuotaExceeded } when !OperatingSystem.IsWindows() => "the disk quota is used up",
        _ => failure.Message,
    };
}

using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Storage.Objects.Local;

/// <summary>Translates file system errors into the errors that a driver may report.</summary>
internal static class IoFailure
{
    private const int NoSpace = 28;
    private const int FileTooLarge = 27;
    private const int QuotaOnLinux = 122;
    private const int QuotaOnBsd = 69;
    private const int WouldBlockOnLinux = 11;
    private const int WouldBlockOnBsd = 35;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);
    private const int WindowsLockViolation = unchecked((int)0x80070021);
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    public static FtpDriverException Translate(Exception exception) => exception switch
    {
        FtpDriverException known => known,
        _ when IsFull(exception) => new FtpDriverException(FtpError.InsufficientStorage, exception.Message, exception),
        _ => new FtpDriverException(FtpError.Unavailable, exception.Message, exception),
    };

    /// <summary>True for the exceptions that a file system throws.</summary>
    public static bool IsExpected(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>True if the file could not be opened because another process holds it.</summary>
    public static bool IsHeldByOther(IOException exception) => OperatingSystem.IsWindows()
        ? exception.HResult is WindowsSharingViolation or WindowsLockViolation
        : exception.HResult == (OperatingSystem.IsLinux() ? WouldBlockOnLinux : WouldBlockOnBsd);

    /// <summary>True if the disk or its quota is full.</summary>
    public static bool IsFull(Exception exception) => OperatingSystem.IsWindows()
        ? exception.HResult is WindowsDiskFull or WindowsHandleDiskFull
        : exception.HResult is NoSpace or FileTooLarge || exception.HResult == (OperatingSystem.IsLinux() ? QuotaOnLinux : QuotaOnBsd);
}

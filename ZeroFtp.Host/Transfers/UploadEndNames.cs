using ZeroFtp.Protocol.Events;

namespace ZeroFtp.Host.Transfers;

/// <summary>How the transfer log says in which way the data of an upload ended.</summary>
internal static class UploadEndNames
{
    /// <summary>The word of a JSON line; null if the client did not end the data.</summary>
    public static string? Word(FtpUploadEnd end) => end switch
    {
        FtpUploadEnd.Closed => "closed",
        FtpUploadEnd.CloseNotify => "closeNotify",
        FtpUploadEnd.WithoutCloseNotify => "withoutCloseNotify",
        FtpUploadEnd.ControlFirst => "controlFirst",
        FtpUploadEnd.Reset => "reset",
        _ => null,
    };

    /// <summary>The special action flag of xferlog, whose readers expect one character there.</summary>
    public static char Flag(FtpUploadEnd end) => end switch
    {
        FtpUploadEnd.Closed => 'd',
        FtpUploadEnd.CloseNotify => 'n',
        FtpUploadEnd.WithoutCloseNotify => 't',
        FtpUploadEnd.ControlFirst => 'k',
        FtpUploadEnd.Reset => 'r',
        _ => '_',
    };
}

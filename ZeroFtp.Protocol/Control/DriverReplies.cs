using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Control;

/// <summary>Maps driver errors to replies.</summary>
internal static class DriverReplies
{
    public static Reply Of(FtpError error, string path) => error switch
    {
        FtpError.NotFound => Replies.NotFound(path),
        FtpError.AlreadyExists => Reply.Of(550, $"File already exists: {path}"),
        FtpError.NotADirectory => Replies.NotADirectory(path),
        FtpError.IsADirectory => Reply.Of(550, $"Is a directory: {path}"),
        FtpError.NotAPlainFile => Replies.NotAPlainFile(path),
        FtpError.NotEmpty => Reply.Of(550, $"Directory not empty: {path}"),
        FtpError.PermissionDenied => Replies.PermissionDenied(path),
        FtpError.NotPossible => Reply.Of(550, $"Operation not possible: {path}"),
        FtpError.NameNotAllowed => Replies.NameNotAllowed(path),
        FtpError.Busy => Reply.Of(450, $"File busy, try again later: {path}"),
        FtpError.InsufficientStorage => Replies.InsufficientStorage,
        FtpError.QuotaExceeded => Replies.AllocationExceeded,
        FtpError.Unavailable => Reply.Of(451, "Local error in processing, try again later."),
        FtpError.InvalidOffset => Replies.InvalidRestart,
        FtpError.NeedAccount => Replies.NeedAccountToStore,
        FtpError.TooFragmented => Reply.Of(552, $"The file would consist of too many pieces; store it again as a whole: {path}"),
        FtpError.LinkLoop => Reply.Of(550, $"Too many symbolic links: {path}"),
        FtpError.NotImplemented => Reply.Of(502, "Command is not implemented here."),
        _ => Reply.Of(451, "Local error in processing, try again later."),
    };
}

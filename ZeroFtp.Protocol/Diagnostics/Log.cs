using System.Net;
using Microsoft.Extensions.Logging;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Diagnostics;

/// <summary>Everything that the engine logs. Ids: 1xxx the control connection, 2xxx transfers. No password reaches a logger: a pending command shows none in its text.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "Listening on {EndPoint}{Kind}.")]
    public static partial void Listening(ILogger logger, EndPoint endPoint, string kind);

    [LoggerMessage(1001, LogLevel.Information, "Stopped.")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(1002, LogLevel.Error, "Accepting connections on {EndPoint} failed.")]
    public static partial void AcceptFailed(ILogger logger, EndPoint endPoint, Exception exception);

    [LoggerMessage(1003, LogLevel.Warning, "A connection from {Remote} had no sound PROXY header: {Reason}")]
    public static partial void ProxyHeaderRefused(ILogger logger, EndPoint? remote, string reason);

    [LoggerMessage(1010, LogLevel.Debug, "[{Session}] opened from {Remote}.")]
    public static partial void SessionOpened(ILogger logger, long session, EndPoint? remote);

    /// <summary>At debug level: scanners and health checks open many connections that never log in.</summary>
    [LoggerMessage(1011, LogLevel.Debug, "[{Session}] closed: {Reason}")]
    public static partial void SessionClosed(ILogger logger, long session, string reason);

    [LoggerMessage(1014, LogLevel.Information, "[{Session}] {User} from {Remote} closed: {Reason}")]
    public static partial void UserSessionClosed(ILogger logger, long session, string user, EndPoint? remote, string reason);

    [LoggerMessage(1015, LogLevel.Information, "[{Session}] {User} kicked session {Target}.")]
    public static partial void Kicked(ILogger logger, long session, string user, long target);

    [LoggerMessage(1012, LogLevel.Debug, "[{Session}] connection lost: {Reason}")]
    public static partial void ConnectionLost(ILogger logger, long session, string reason);

    [LoggerMessage(1013, LogLevel.Error, "[{Session}] failed.")]
    public static partial void SessionFailed(ILogger logger, long session, Exception exception);

    [LoggerMessage(1020, LogLevel.Debug, "[{Session}] > {Command}")]
    public static partial void Command(ILogger logger, long session, string command);

    [LoggerMessage(1021, LogLevel.Debug, "[{Session}] < {Reply}")]
    public static partial void ReplySent(ILogger logger, long session, string reply);

    [LoggerMessage(1030, LogLevel.Debug, "[{Session}] under {Protocol}, session resumed: {Resumed}.")]
    public static partial void Secured(ILogger logger, long session, string? protocol, bool resumed);

    [LoggerMessage(1031, LogLevel.Information, "[{Session}] TLS handshake failed: {Reason}")]
    public static partial void HandshakeFailed(ILogger logger, long session, string reason);

    [LoggerMessage(1040, LogLevel.Information, "[{Session}] {User} logged in from {Remote}.")]
    public static partial void LoggedIn(ILogger logger, long session, string user, EndPoint? remote);

    [LoggerMessage(1041, LogLevel.Warning, "[{Session}] login of {User} from {Remote} refused: {Reason}")]
    public static partial void LoginRefused(ILogger logger, long session, string user, EndPoint? remote, string reason);

    [LoggerMessage(1042, LogLevel.Warning, "Too many failed logins of {User} from all addresses together: logins of that name take turns, except from addresses where it has logged in (limits:maxLoginFailuresPerUser).")]
    public static partial void UserSlowedDown(ILogger logger, string user);

    [LoggerMessage(1050, LogLevel.Error, "[{Session}] {Verb} failed unexpectedly ({Id}).")]
    public static partial void VerbFailed(ILogger logger, long session, string verb, string id, Exception exception);

    [LoggerMessage(1051, LogLevel.Error, "[{Session}] {Verb} failed: {Reason}")]
    private static partial void DriverUnavailable(ILogger logger, long session, string verb, string reason);

    /// <summary>A driver's failure is foreseen: its message says what to do, and a stack trace would say nothing more.</summary>
    public static void DriverUnavailable(ILogger logger, long session, string verb, FtpDriverException exception) =>
        DriverUnavailable(logger, session, verb, exception.InnerException is { } cause && cause.Message != exception.Message ? $"{exception.Message} ({cause.Message})" : exception.Message);

    [LoggerMessage(1060, LogLevel.Error, "An event listener of type {Type} failed.")]
    public static partial void EventListenerFailed(ILogger logger, string type, Exception exception);

    [LoggerMessage(2000, LogLevel.Error, "[{Session}] {Transfer} failed.")]
    public static partial void TransferFailed(ILogger logger, long session, string transfer, Exception exception);

    [LoggerMessage(2001, LogLevel.Error, "[{Session}] giving up {Transfer} failed.")]
    public static partial void GiveUpFailed(ILogger logger, long session, string transfer, Exception exception);

    [LoggerMessage(2002, LogLevel.Information, "[{Session}] TLS handshake on the data connection failed: {Reason}")]
    public static partial void DataHandshakeFailed(ILogger logger, long session, string reason);

    [LoggerMessage(2004, LogLevel.Information, "[{Session}] {Transfer}: the data connection broke: {Reason}")]
    public static partial void DataConnectionBroke(ILogger logger, long session, string transfer, string reason);

    [LoggerMessage(2003, LogLevel.Information, "[{Session}] {Transfer}: the client closed without close_notify.")]
    public static partial void NoCloseNotify(ILogger logger, long session, string transfer);
}

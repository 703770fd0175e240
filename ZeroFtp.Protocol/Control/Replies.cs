namespace ZeroFtp.Protocol.Control;

/// <summary>Replies shared by several verbs.</summary>
/// <remarks>
/// A reply before login never echoes what the client sent, with or without TLS. Otherwise an attacker could make a victim's client (a browser, a mail server)
/// send bytes here and receive text of the attacker's choice under this server's certificate (ALPACA, cross-protocol reflection).
/// </remarks>
internal static class Replies
{
    public static readonly Reply LineTooLong = Reply.Constant(500, "Command line too long.");
    public static readonly Reply InvalidCharacter = Reply.Constant(501, "Invalid character in command.");
    public static readonly Reply NotUnderstood = Reply.Constant(500, "Command not understood.");
    public static readonly Reply PleaseLogIn = Reply.Constant(530, "Please log in with USER and PASS first.");
    public static readonly Reply UseTlsFirst = Reply.Constant(533, "Use AUTH TLS first.");
    public static readonly Reply TransferComplete = Reply.Constant(226, "Transfer complete.");
    public static readonly Reply TransferAborted = Reply.Constant(426, "Data connection closed; transfer aborted.");
    public static readonly Reply TransferTimedOut = Reply.Constant(426, "Data connection timed out; transfer aborted.");
    public static readonly Reply OperationAborted = Reply.Constant(450, "Operation aborted.");
    public static readonly Reply LocalTransferError = Reply.Constant(451, "Local error in processing; transfer aborted.");
    public static readonly Reply Busy = Reply.Constant(450, "Busy, try again later.");
    public static readonly Reply InsufficientStorage = Reply.Constant(452, "Insufficient storage space.");
    public static readonly Reply AllocationExceeded = Reply.Constant(552, "Storage allocation exceeded.");
    public static readonly Reply NoDataTarget = Reply.Constant(425, "Use PASV, EPSV, PORT or EPRT first.");
    public static readonly Reply CannotOpenData = Reply.Constant(425, "Cannot open data connection.");
    public static readonly Reply NoPassivePort = Reply.Constant(425, "No passive port available, try again later.");
    public static readonly Reply ProtectData = Reply.Constant(522, "Data connection must be protected: use PBSZ 0 and PROT P.");
    public static readonly Reply DataTlsFailed = Reply.Constant(522, "TLS negotiation failed on the data connection.");
    public static readonly Reply DataTlsNotResumed = Reply.Constant(522, "TLS session of the control connection must be reused.");
    public static readonly Reply InvalidRestart = Reply.Constant(554, "Invalid restart position.");
    public static readonly Reply NeedAccountToStore = Reply.Constant(532, "Need account for storing files.");
    public static readonly Reply PolicyDenied = Reply.Constant(534, "Request denied by policy.");
    public static readonly Reply SendAuthFirst = Reply.Constant(503, "Send AUTH first.");
    public static readonly Reply LoginIncorrect = Reply.Constant(530, "Login incorrect.");

    public static readonly Reply ShuttingDown = Reply.Constant(421, "Server is shutting down, closing control connection.");
    public static readonly Reply ShuttingDownOnWelcome = Reply.Constant(421, "Server is shutting down, try again later.");
    public static readonly Reply TooManyConnections = Reply.Constant(421, "Too many connections, try again later.");
    public static readonly Reply AddressRefused = Reply.Constant(421, "Connections from your address are not accepted.");
    public static readonly Reply LoginTimedOut = Reply.Constant(421, "Login timeout, closing control connection.");
    public static readonly Reply TooManyFailures = Reply.Constant(421, "Too many login failures, closing control connection.");
    public static readonly Reply ForeignProtocol = Reply.Constant(421, "Protocol error, closing control connection.");
    public static readonly Reply LoginRevoked = Reply.Constant(421, "Login is no longer valid, closing control connection.");
    public static readonly Reply Kicked = Reply.Constant(421, "Session closed by administrator.");

    public static Reply IdleTimedOut(TimeSpan limit) => Reply.Of(421, $"Idle timeout ({(long)limit.TotalSeconds} seconds), closing control connection.");

    public static Reply LocalError(string id) => Reply.Of(451, $"Local error in processing, try again later ({id}).");

    public static Reply NotFound(string path) => Reply.Of(550, $"No such file or directory: {path}");

    public static Reply PermissionDenied(string path) => Reply.Of(550, $"Permission denied: {path}");

    public static Reply NotADirectory(string path) => Reply.Of(550, $"Not a directory: {path}");

    public static Reply NotAPlainFile(string path) => Reply.Of(550, $"Not a plain file: {path}");

    public static Reply NameNotAllowed(string path) => Reply.Of(553, $"File name not allowed: {path}");

    public static Reply NotImplemented(string verb) => Reply.Of(502, $"{verb} is not implemented.");
}

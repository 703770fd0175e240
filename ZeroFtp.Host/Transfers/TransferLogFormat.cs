namespace ZeroFtp.Host.Transfers;

internal enum TransferLogFormat
{
    /// <summary>One JSON object a line.</summary>
    Json,

    /// <summary>The line that wu-ftpd began and most log analysers read.</summary>
    Xferlog,
}

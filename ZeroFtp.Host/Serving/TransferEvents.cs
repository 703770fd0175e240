using System.Net;
using ZeroFtp.Host.Configuration;
using ZeroFtp.Host.Transfers;
using ZeroFtp.Protocol.Events;

namespace ZeroFtp.Host.Serving;

/// <summary>Puts the engine's finished file transfers into the transfer log. Listings are not transfers of files.</summary>
internal sealed class TransferEvents(TransferLog log, HostConfiguration configuration) : IFtpEvents
{
    public void TransferFinished(FtpTransferInfo transfer)
    {
        if (transfer.Verb is "LIST" or "NLST" or "MLSD")
            return;
        string user = transfer.Session.User ?? "";
        log.Add(new TransferRecord
        {
            EndedAt = transfer.StartedAt + transfer.Duration,
            Duration = transfer.Duration,
            SessionId = transfer.Session.Id,
            RemoteHost = HostOf(transfer.Session.RemoteEndPoint),
            User = user,
            IsAnonymous = user == configuration.Storage.AnonymousAccount,
            Verb = transfer.Verb,
            Direction = transfer.IsDownload ? TransferDirection.Download : TransferDirection.Upload,
            Path = transfer.Path.Text,
            Bytes = transfer.Bytes,
            FileBytes = transfer.ContentBytes,
            IsCompressed = transfer.IsCompressed,
            IsComplete = transfer.Succeeded,
            Failure = transfer.ReplyCode == 0 ? "lost" : $"{transfer.ReplyCode}",
            IsPartial = transfer.LeftPartial,
            IsAscii = !transfer.IsBinary,
            IsEncrypted = transfer.IsProtected,
            UploadEnd = transfer.UploadEnd,
        });
    }

    private static string HostOf(EndPoint? endPoint) => endPoint switch
    {
        IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped => mapped.Address.MapToIPv4().ToString(),
        IPEndPoint plain => plain.Address.ToString(),
        _ => "-",
    };
}

using Microsoft.AspNetCore.Connections;
using ZeroFtp.Protocol;

namespace ZeroFtp.Samples.AspNetCore;

/// <summary>Serves FTP on the connections that an endpoint of Kestrel accepts.</summary>
internal sealed class FtpConnectionHandler(FtpServer server) : ConnectionHandler
{
    public override Task OnConnectedAsync(ConnectionContext connection) => server.ServeAsync(connection.Transport, connection.LocalEndPoint, connection.RemoteEndPoint);
}

using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ZeroFtp.Protocol;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Samples.AspNetCore;
WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
IPEndPoint ftp = IPEndPoint.Parse(builder.Configuration["ftp"] ?? "127.0.0.1:2121");
IPEndPoint http = IPEndPoint.Parse(builder.Configuration["http"] ?? "127.0.0.1:5080");
ListenOptions? ftpEndpoint = null, httpEndpoint = null;
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.Listen(ftp, listen => (ftpEndpoint = listen).UseConnectionHandler<FtpConnectionHandler>());
    kestrel.Listen(http, listen => httpEndpoint = listen);
});
// Kestrel accepts the connections, so the server has no endpoints of its own.
builder.Services
    .AddSingleton<DictionaryStore>()
    .AddFtpServer(new FtpServerOptions { EndPoints = [] })
    .UseDriver<DictionaryServer>();

WebApplication app = builder.Build();
app.MapGet("/files", (DictionaryStore store) => store.Files.Select(file => new { Name = file.Key, Size = file.Value.Content.Length }));
app.MapGet("/sessions", (FtpServer server) => server.Sessions.Select(session => new
{
    session.Id,
    session.User,
    Remote = session.RemoteEndPoint?.ToString(),
    session.OpenedAt,
    session.Activity,
    session.BytesReceived,
    session.BytesSent,
}));
app.MapDelete("/sessions/{id:long}", (long id, FtpServer server) => server.Kick(id) ? Results.NoContent() : Results.NotFound());

await app.StartAsync();
Console.WriteLine($"ftp on {ftpEndpoint!.IPEndPoint}");
Console.WriteLine($"http on {httpEndpoint!.IPEndPoint}");
await app.WaitForShutdownAsync();

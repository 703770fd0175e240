using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ZeroFtp.Protocol;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Samples.Worker;
HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
IPEndPoint address = IPEndPoint.Parse(builder.Configuration["listen"] ?? "127.0.0.1:2121");
builder.Services
    .AddSingleton(new SharedDirectory(builder.Configuration["directory"] ?? "."))
    .AddFtpServer(new FtpServerOptions { EndPoints = [new FtpEndPoint(address)] })
    .UseDriver<SharedDirectoryServer>();

IHost host = builder.Build();
await host.StartAsync();
foreach (IPEndPoint endPoint in host.Services.GetRequiredService<FtpServer>().EndPoints)
    Console.WriteLine($"listening on {endPoint}");
await host.WaitForShutdownAsync();

using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Host.Telemetry;

/// <summary>The export by OTLP, seen by a receiver.</summary>
public sealed class OtlpTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Metrics_traces_and_logs_reach_the_receiver()
    {
        ConcurrentDictionary<string, string> received = new();
        await using WebApplication receiver = await StartReceiverAsync(received);
        await using (ZeroFtpProgram program = await StartAsync(receiver.Urls.First(), "metrics,traces,logs"))
        {
            await UploadAsync(program);
            program.Terminate();
            Assert.Equal(0, await program.WaitForExitAsync());
        }

        Assert.Contains("zeroftp.transfer.bytes", received["/v1/metrics"], StringComparison.Ordinal);
        Assert.Contains("STOR", received["/v1/traces"], StringComparison.Ordinal);
        Assert.Contains("/otlp.txt", received["/v1/traces"], StringComparison.Ordinal);
        Assert.Contains("alice logged in from", received["/v1/logs"], StringComparison.Ordinal);
        Assert.All(received.Values, body => Assert.Contains("t0ken", body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_the_signals_that_are_named_are_exported()
    {
        ConcurrentDictionary<string, string> received = new();
        await using WebApplication receiver = await StartReceiverAsync(received);
        await using (ZeroFtpProgram program = await StartAsync(receiver.Urls.First(), "traces"))
        {
            await UploadAsync(program);
            program.Terminate();
            Assert.Equal(0, await program.WaitForExitAsync());
        }

        Assert.Equal(["/v1/traces"], received.Keys);
    }

    private static async Task UploadAsync(ZeroFtpProgram program)
    {
        await using PlainFtpClient client = await PlainFtpClient.ConnectAsync(await program.WaitForListenerAsync(), "alice", "s3cret");
        await client.StoreAsync("/otlp.txt", "hello");
    }

    /// <summary>Keeps the bodies by path, as text: names are in clear in the protobuf. Each begins with the header that the program sends.</summary>
    private static async Task<WebApplication> StartReceiverAsync(ConcurrentDictionary<string, string> received)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        WebApplication receiver = builder.Build();
        receiver.Run(async context =>
        {
            using StreamReader reader = new(context.Request.Body, Encoding.Latin1);
            string body = context.Request.Headers["x-token"] + await reader.ReadToEndAsync(context.RequestAborted);
            received.AddOrUpdate(context.Request.Path, body, (_, before) => before + body);
        });
        await receiver.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    private async Task<ZeroFtpProgram> StartAsync(string endpoint, string signals)
    {
        (int code, _, string errors) = await ZeroFtpProgram.RunAsync(_directory.Path, "s3cret\n", "user", "add", "alice", "--password-stdin");
        Assert.True(code == 0, errors);
        return ZeroFtpProgram.Start(
            _directory.Path, "serve", "--listen", "127.0.0.1:0", "--set", $"telemetry:endpoint={endpoint}", "--set", "telemetry:protocol=http", "--set", "telemetry:headers=x-token=t0ken",
            "--set", $"telemetry:signals={signals}");
    }
}

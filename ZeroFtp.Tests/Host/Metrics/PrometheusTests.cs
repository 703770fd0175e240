using System.Diagnostics;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Host.Metrics;

/// <summary>The Prometheus endpoint of a running server.</summary>
public sealed class PrometheusTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Metrics_have_the_names_units_and_buckets_that_Prometheus_expects()
    {
        string text = await ScrapeAfterAnUploadAsync();

        Assert.Contains("# TYPE zeroftp_sessions gauge\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE zeroftp_transfer_bytes_total counter\n", text, StringComparison.Ordinal);
        Assert.Contains("\nzeroftp_transfer_bytes_total{direction=\"received\"} 5\n", text, StringComparison.Ordinal);
        Assert.Contains("\nzeroftp_commands_total{verb=\"STOR\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE zeroftp_transfer_duration_seconds histogram\n", text, StringComparison.Ordinal);
        Assert.Contains("zeroftp_transfer_duration_seconds_bucket{code=\"226\",verb=\"STOR\",le=\"0.0025\"}", text, StringComparison.Ordinal);
        Assert.Contains("\nzeroftp_transfer_duration_seconds_bucket{code=\"226\",verb=\"STOR\",le=\"+Inf\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\ndotnet_timers{} ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Promtool_finds_nothing_to_improve()
    {
        Interop.Client.Need("promtool");
        string text = await ScrapeAfterAnUploadAsync();

        using Process promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        await promtool.StandardInput.WriteAsync(text);
        promtool.StandardInput.Close();
        string findings = await promtool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken).WithinAsync("the end of promtool");
        await promtool.ExitAsync("promtool");

        Assert.Equal(("", 0), (findings, promtool.ExitCode));
    }

    private async Task<string> ScrapeAfterAnUploadAsync()
    {
        (int code, _, string errors) = await ZeroFtpProgram.RunAsync(_directory.Path, "s3cret\n", "user", "add", "alice", "--password-stdin");
        Assert.True(code == 0, errors);
        await using ZeroFtpProgram program = ZeroFtpProgram.Start(_directory.Path, "serve", "--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0");
        Uri metrics = new(await program.WaitForLineAsync("metrics on "));
        await using PlainFtpClient client = await PlainFtpClient.ConnectAsync(await program.WaitForListenerAsync(), "alice", "s3cret");
        await client.StoreAsync("/x", "hello");
        using HttpClient http = new() { Timeout = Bounded.Limit };
        return await http.GetStringAsync(metrics, TestContext.Current.CancellationToken);
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Host.Commands;

/// <summary>The program's own command line, run as a process.</summary>
public sealed class ConfigCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_good_configuration_passes_the_check()
    {
        File.WriteAllText(Path.Combine(_directory.Path, "zeroftp.json"), """{ "listen": ["127.0.0.1:0"] }""");

        (int code, string output, _) = await ZeroFtpProgram.RunAsync(_directory.Path, null, "config", "check");

        Assert.Equal(0, code);
        Assert.Equal("the configuration is good", output);
    }

    [Fact]
    public async Task All_faults_of_all_sources_are_told_at_once()
    {
        File.WriteAllText(Path.Combine(_directory.Path, "zeroftp.json"), """{ "listn": [] }""");

        (int code, _, string errors) = await ZeroFtpProgram.RunAsync(_directory.Path, null, "config", "check", "--passive-ports", "x", "--set", "tls:policy=never");

        Assert.Equal(1, code);
        Assert.Equal(
            ["zeroftp: listn: unknown key; did you mean listen? (from zeroftp.json)",
             "zeroftp: passivePorts: expected two ports A-B with A not above B, such as 50000-50999, not 'x' (from --passive-ports)",
             "zeroftp: tls:policy: expected one of off, optional, required, not 'never' (from --set)"],
            errors.Split('\n').Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_file_that_is_named_and_missing_is_a_fault()
    {
        File.WriteAllText(Path.Combine(_directory.Path, "there.pem"), "");

        (int code, string output, string errors) = await ZeroFtpProgram.RunAsync(
            _directory.Path, null, "config", "check", "--cert", "there.pem", "--key", "none.key", "--set", "tls:names:ftp.example.org:certificate=none.pem");

        Assert.Equal(1, code);
        Assert.Equal("", output);
        Assert.Equal(
            ["zeroftp: tls:key: there is no file none.key (from --key)", "zeroftp: tls:names:ftp.example.org:certificate: there is no file none.pem (from --set)"],
            errors.Split('\n').Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_a_start_would_refuse_is_refused_and_a_port_in_use_is_not()
    {
        File.WriteAllText(Path.Combine(_directory.Path, "rubbish.pem"), "rubbish");
        using TcpListener running = new(IPAddress.Loopback, 0);
        running.Start();

        (int code, string output, _) = await ZeroFtpProgram.RunAsync(
            _directory.Path, null, "config", "check", "--json", "--cert", "rubbish.pem", "--listen", running.LocalEndpoint.ToString()!, "--listen-implicit", "192.0.2.1:0");

        Assert.Equal(1, code);
        Assert.Equal(["listenImplicit", "tls:certificate"], output.Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("key").GetString()));
        Assert.Contains("cannot listen on 192.0.2.1:0: this machine has no such address", output, StringComparison.Ordinal);
        Assert.Contains("the certificate rubbish.pem cannot be used: expected PEM or PKCS #12", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_configuration_in_effect_is_shown_without_its_secrets()
    {
        (int code, string output, _) = await ZeroFtpProgram.RunAsync(_directory.Path, null, "config", "show", "--set", "tls:password=s3cret", "--listen", "[::1]:0", "--listen", "*:2121");

        Assert.Equal(0, code);
        Assert.DoesNotContain("s3cret", output, StringComparison.Ordinal);
        Assert.Equal(["[::1]:0", "*:2121"], JsonDocument.Parse(output).RootElement.GetProperty("listen").EnumerateArray().Select(item => item.GetString()));
    }

    [Fact]
    public async Task An_unknown_option_is_refused()
    {
        (int code, _, string errors) = await ZeroFtpProgram.RunAsync(_directory.Path, null, "serve", "--lisen", "127.0.0.1:0");

        Assert.Equal(1, code);
        Assert.Contains("--lisen", errors, StringComparison.Ordinal);
    }
}

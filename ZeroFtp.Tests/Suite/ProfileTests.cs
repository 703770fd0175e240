using System.Diagnostics;
using ZeroFtp.Tests.Guards;
using ZeroFtp.Tests.Interop;
using ZeroFtp.Tests.Storage.Metadata;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Suite;

/// <summary>The conformance suite against the built program: every profile over the embedded store, the first one over PostgreSQL and the stand-in for 0-stor too.</summary>
[Collection(SuiteCollection.Name)]
public sealed class ProfileTests
{
    private static readonly TimeSpan Budget = TimeSpan.FromMinutes(10);

    [Fact]
    public Task Every_requirement_is_met_over_the_embedded_store() => RunAsync("--store", "embedded");

    [Fact]
    public Task Every_requirement_of_the_default_profile_is_met_over_the_distributed_store()
    {
        PostgresServer.Need();
        return RunAsync("--store", "distributed", "default");
    }

    private static async Task RunAsync(params string[] arguments)
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("The script that runs it needs a Unix shell.");
        // certificates, and a name that no client can make
        foreach (string program in (string[])["openssl", "python3"])
            Client.Need(program);
        using TemporaryDirectory directory = new();
        ProcessStartInfo start = new("bash", [Path.Combine(Sources.Root, "ZeroFtp.Tests", "Conformance", "zeroftp", "run.sh"), "--out", directory.Path, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string variable, string project, string program) in ((string, string, string)[])[("ZEROFTP", "ZeroFtp.Host", "zeroftp"), ("CONFORMANCE", "ZeroFtp.Tests/Conformance", "zeroftp-conformance"), ("ZEROSTOR", "ZeroFtp.Tests/ZeroStor", "zerostor-standin")])
            start.Environment[variable] = Built(project, program);
        using Process run = Process.Start(start)!;
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Budget);
        Task<string> errors = run.StandardError.ReadToEndAsync(CancellationToken.None);
        Task<string> output = run.StandardOutput.ReadToEndAsync(CancellationToken.None);
        try
        {
            await run.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // The shell would wait for the program that it runs before it ends anything, and all of them hold the pipes.
            run.Kill(entireProcessTree: true);
            await Task.WhenAll(output, errors).WithinAsync("the end of what was killed");
            Assert.Fail($"Not done within {Budget}.\n{await output}{await errors}");
        }
        await Task.WhenAll(output, errors).WithinAsync("the end of what the script said");
        TestContext.Current.TestOutputHelper?.WriteLine(await output);
        Assert.True(run.ExitCode == 0, $"{await output}{await errors}");
        Assert.NotEmpty(Directory.GetFiles(directory.Path, "*.json"));
    }

    /// <summary>A program where its own project leaves it, in the same configuration as this test.</summary>
    private static string Built(string project, string program)
    {
        string[] own = AppContext.BaseDirectory.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        return Path.Combine(Sources.Root, project, "bin", own[^2], own[^1], program);
    }
}

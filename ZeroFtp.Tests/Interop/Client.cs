using System.Diagnostics;
using System.Text;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Interop;

/// <summary>A real client program. One that is not installed skips the test on a developer's machine and fails it on the build server.</summary>
internal static class Client
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>Runs a client and demands exit code 0.</summary>
    /// <returns>What it printed.</returns>
    public static async Task<string> RunAsync(string directory, string program, params IReadOnlyList<string> arguments)
    {
        (int code, string output) = await TryAsync(directory, null, program, arguments);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)} ended with {code}:\n{output}");
        return output;
    }

    /// <summary>Runs a client with text on its standard input.</summary>
    public static async Task<(int Code, string Output)> TryAsync(string directory, string? input, string program, params IReadOnlyList<string> arguments)
    {
        Need(program);
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["HOME"] = directory, ["LC_ALL"] = "C.UTF-8", ["PYTHONIOENCODING"] = "utf-8" },
        };
        using Process process = Process.Start(start)!;
        StringBuilder output = new();
        process.OutputDataReceived += (_, line) => Take(output, line.Data);
        process.ErrorDataReceived += (_, line) => Take(output, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (input is not null)
            await process.StandardInput.WriteAsync(input).WithinAsync($"{program} takes its input");
        process.StandardInput.Close();
        using CancellationTokenSource limit = new(Patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} did not end within {Patience}:\n{output}");
        }
        lock (output)
            return (process.ExitCode, output.ToString());
    }

    private static void Take(StringBuilder output, string? line)
    {
        lock (output)
            output.AppendLine(line);
    }

    public static void Need(string program)
    {
        bool isThere = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(directory => File.Exists(Path.Combine(directory, program)));
        if (isThere)
            return;
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail($"{program} is not installed.");
        Assert.Skip($"{program} is not installed.");
    }
}

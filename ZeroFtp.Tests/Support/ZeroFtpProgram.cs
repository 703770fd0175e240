using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace ZeroFtp.Tests.Support;

/// <summary>The built program as a process of its own, as a person would start it. Disposing kills it if it still runs.</summary>
internal sealed partial class ZeroFtpProgram : IAsyncDisposable
{
    private const int SigHup = 1;
    private const int SigInt = 2;
    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int SigStop = 19;

    private static readonly TimeSpan Patience = Bounded.Limit;

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Channel<string> _errorLines = Channel.CreateUnbounded<string>();
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];
    private readonly TaskCompletionSource _errorsEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool _isDisposed;

    private ZeroFtpProgram(Process process) => _process = process;

    /// <summary>The lines of standard output so far.</summary>
    public IReadOnlyList<string> Output
    {
        get
        {
            lock (_output)
                return [.. _output];
        }
    }

    /// <summary>What was written to standard error so far.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
                return string.Join('\n', _errors);
        }
    }

    public bool IsRunning => !_process.HasExited;

    public int ProcessId => _process.Id;

    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "zeroftp.dll");

    public static ZeroFtpProgram Start(string directory, params IReadOnlyList<string> arguments) => Start(directory, input: null, arguments);

    public static ZeroFtpProgram Start(string directory, string? input, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null) =>
        Start(Path, directory, input, arguments, environment);

    /// <summary>The program under a limit of open files.</summary>
    public static ZeroFtpProgram StartWithin(int descriptors, string directory, params IReadOnlyList<string> arguments) =>
        Start(new ProcessStartInfo("sh", ["-c", $"ulimit -n {descriptors} && exec dotnet exec \"$@\"", "sh", Path, .. arguments]), directory, null, null);

    /// <summary>A sample, from where it was built.</summary>
    public static ZeroFtpProgram StartSample(string name, string directory, params IReadOnlyList<string> arguments)
    {
        string[] own = AppContext.BaseDirectory.Split(System.IO.Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        return Start(System.IO.Path.Combine(Guards.Sources.Root, "samples", name, "bin", own[^2], own[^1], name + ".dll"), directory, null, arguments, null);
    }

    private static ZeroFtpProgram Start(string path, string directory, string? input, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment) =>
        Start(new ProcessStartInfo("dotnet", ["exec", path, .. arguments]), directory, input, environment);

    private static ZeroFtpProgram Start(ProcessStartInfo start, string directory, string? input, IReadOnlyDictionary<string, string>? environment)
    {
        start.WorkingDirectory = directory;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        ZeroFtpProgram program = new(new Process { StartInfo = start });
        program._process.OutputDataReceived += (_, line) => program.TakeOutput(line.Data);
        program._process.ErrorDataReceived += (_, line) => program.TakeError(line.Data);
        program._process.Start();
        program._process.BeginOutputReadLine();
        program._process.BeginErrorReadLine();
        if (input is not null)
            program._process.StandardInput.Write(input);
        program._process.StandardInput.Close();
        return program;
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(string directory, string? input, params IReadOnlyList<string> arguments)
    {
        await using ZeroFtpProgram program = Start(directory, input, arguments);
        int code = await program.WaitForExitAsync();
        return (code, string.Join('\n', program.Output), program.Errors);
    }

    /// <summary>Waits for a line of standard output that begins so, and returns the rest of it.</summary>
    public async Task<string> WaitForLineAsync(string prefix) =>
        (await WaitForAsync(_lines, line => line.StartsWith(prefix, StringComparison.Ordinal), prefix))[prefix.Length..];

    /// <summary>Waits for a line of the log that holds the text.</summary>
    public Task<string> WaitForErrorAsync(string text) => WaitForAsync(_errorLines, line => line.Contains(text, StringComparison.Ordinal), text);

    /// <summary>Waits for the next listener and returns its address.</summary>
    public async Task<IPEndPoint> WaitForListenerAsync()
    {
        string text = await WaitForLineAsync("listening on ");
        return IPEndPoint.Parse(text.Split(' ')[0].Replace("*:", "127.0.0.1:", StringComparison.Ordinal));
    }

    public void Terminate() => Send(SigTerm);

    /// <summary>As Ctrl-C on a terminal does.</summary>
    public void Interrupt() => Send(SigInt);

    public void HangUp() => Send(SigHup);

    public void Kill() => _process.Kill();

    /// <summary>Lets it stand still, as a machine that is out of memory does, until <see cref="Continue"/>.</summary>
    public void Stop() => Send(SigStop);

    public void Continue() => Send(SigCont);

    public async Task<int> WaitForExitAsync()
    {
        try
        {
            await _process.ExitAsync($"the program {_process.Id}");
            await _errorsEnd.Task.WithinAsync("the end of its log");
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}\n{string.Join('\n', Output)}\n{Errors}", late);
        }
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.ExitAsync("a program that was killed");
        }
        _process.Dispose();
    }

    private async Task<string> WaitForAsync(Channel<string> lines, Predicate<string> isIt, string wanted)
    {
        using CancellationTokenSource limit = new(Patience);
        try
        {
            await foreach (string line in lines.Reader.ReadAllAsync(limit.Token))
            {
                if (isIt(line))
                    return line;
            }
        }
        catch (OperationCanceledException)
        {
            // told below, with what the program did say
        }
        throw new InvalidOperationException($"The program did not print '{wanted}'.\n{string.Join('\n', Output)}\n{Errors}");
    }

    private void Send(int signal)
    {
        if (KillProcess(_process.Id, signal) != 0)
            throw new InvalidOperationException($"Signal {signal} could not be sent.");
    }

    private void TakeOutput(string? line)
    {
        if (line is null)
        {
            _lines.Writer.TryComplete();
            return;
        }
        lock (_output)
            _output.Add(line);
        _lines.Writer.TryWrite(line);
    }

    private void TakeError(string? line)
    {
        if (line is null)
        {
            _errorLines.Writer.TryComplete();
            _errorsEnd.TrySetResult();
            return;
        }
        lock (_errors)
            _errors.Add(line);
        _errorLines.Writer.TryWrite(line);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int KillProcess(int process, int signal);
}

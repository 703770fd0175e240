using System.Diagnostics;

namespace ZeroFtp.Benchmarks.Support;

/// <summary>A program that runs beside the benchmark, and what it costs.</summary>
internal sealed class Child : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource<string> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _said = [];

    private Child(Process process) => _process = process;

    /// <summary>What follows the awaited words in the line in which they came.</summary>
    public Task<string> Line => _line.Task.WaitAsync(TimeSpan.FromMinutes(2));

    /// <summary>How long it took from its start until that line.</summary>
    public TimeSpan Took { get; private set; }

    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The most memory it has had, in octets.</summary>
    public long PeakMemory
    {
        get
        {
            string line = File.ReadLines($"/proc/{_process.Id}/status").First(static l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) << 10;
        }
    }

    public int Id => _process.Id;

    /// <summary>Starts a program; <paramref name="awaited"/> is what the line that says it is ready begins with.</summary>
    public static Child Start(string awaited, string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        Child child = new(new Process { StartInfo = start });
        long began = Stopwatch.GetTimestamp();
        child._process.OutputDataReceived += (_, line) => child.Take(line.Data, awaited, began);
        child._process.ErrorDataReceived += (_, line) => child.Take(line.Data, awaited, began);
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a program to its end and gives what it printed.</summary>
    public static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using Child child = Start("\0", program, arguments, environment);
        await child._process.WaitForExitAsync();
        string said = string.Join('\n', child._said);
        return child._process.ExitCode == 0 ? said : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {said}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }

    private void Take(string? line, string awaited, long began)
    {
        if (line is null)
            return;
        lock (_said)
            _said.Add(line);
        if (!line.StartsWith(awaited, StringComparison.Ordinal) || _line.Task.IsCompleted)
            return;
        Took = Stopwatch.GetElapsedTime(began);
        _line.TrySetResult(line[awaited.Length..]);
    }
}

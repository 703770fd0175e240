using System.CommandLine;
using System.Diagnostics;
using System.Net.Sockets;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Fixture;
using ZeroFtp.Conformance.Reports;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.CommandLine;

/// <summary>The command line: list the checks, write a fixture tree, or hold the suite against a server.</summary>
internal static class Tool
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        Arguments options = new();
        RootCommand root = new("Holds a numbered conformance suite against an FTP or FTPS server.");
        foreach (Option option in options.All)
            root.Options.Add(option);
        root.Subcommands.Add(new MergeCommand().Command);
        root.Subcommands.Add(new MatrixCommand().Command);
        root.SetAction(parsed => RunAsync(options, parsed));
        return await root.Parse(arguments).InvokeAsync();
    }

    private static async Task<int> RunAsync(Arguments options, ParseResult parsed)
    {
        if (parsed.GetValue(options.List))
        {
            foreach (Check check in Registry.All)
                Console.WriteLine($"{check.Id}\t{check.Level}\t{check.Source}\t{check.Title}");
            return 0;
        }

        if (parsed.GetValue(options.MakeTree) is { } directory)
        {
            DirectoryFixture.Write(directory);
            return 0;
        }

        try
        {
            return await CheckAsync(options, parsed);
        }
        catch (Exception error) when (error is CheckFailedException or CheckSkippedException or SocketException or IOException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"cannot start: {error.Message}");
            return 2;
        }
    }

    private static async Task<int> CheckAsync(Arguments options, ParseResult parsed)
    {
        Settings settings = await options.ToSettingsAsync(parsed);
        IReadOnlyList<Check> checks = [.. Registry.Select(parsed.GetValue(options.Only) ?? [])];
        if (checks.Count == 0)
            throw new ArgumentException("--only selects no check");
        long start = Stopwatch.GetTimestamp();
        Observations observations = new();
        ServerFacts facts = new(settings, observations);
        FixtureParts fixture = await PrepareAsync(settings, facts, observations, parsed.GetValue(options.Fixture)!);
        bool verbose = parsed.GetValue(options.Verbose);
        Runner runner = new(settings, facts, fixture, observations);
        IReadOnlyList<CheckResult> results = await runner.RunAsync(checks, result =>
        {
            if (verbose)
                Console.WriteLine($"{result.Verdict,-6} {result.Check.Id} {result.Duration.TotalSeconds:0.00} s {result.Reason}");
        });
        Report report = new(settings, results, [.. fixture.Missing], Stopwatch.GetElapsedTime(start));
        ConsoleReport.Write(report, Console.Out, parsed.GetValue(options.Transcripts));
        await SaveAsync(report, parsed.GetValue(options.ReportFormat), parsed.GetValue(options.Out));
        return report.Count(Verdict.Fail) == 0 ? 0 : 1;
    }

    private static async Task<FixtureParts> PrepareAsync(Settings settings, ServerFacts facts, Observations observations, string how)
    {
        if (how == "none")
            return FixtureParts.Absent("the run does without the tree (--fixture none)");
        Transcript transcript = new("fixture", observations);
        await using Context context = new(settings, facts, FixtureParts.None, transcript);
        Session session = await context.LoginAsync();
        return how == "directory" ? await DirectoryFixture.LookAsync(session) : await new FtpFixture(session).MakeAsync();
    }

    private static async Task SaveAsync(Report report, string? format, string? path)
    {
        if (format is null)
            return;
        await using TextWriter output = path is null ? new StreamWriter(Console.OpenStandardOutput()) : new StreamWriter(path);
        switch (format)
        {
            case "json":
                JsonReport.Write(report, output);
                break;
            case "junit":
                JunitReport.Write(report, output);
                break;
            default:
                MarkdownReport.Write(report, output);
                break;
        }
    }
}

using System.CommandLine;
using ZeroFtp.Conformance.Reports;

namespace ZeroFtp.Conformance.CommandLine;

/// <summary><c>merge</c>: one account of all requirements from the reports of several profiles.</summary>
internal sealed class MergeCommand
{
    private readonly Argument<string[]> _files = new("FILE") { Description = "Reports in JSON.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> _directory = new("--directory") { Description = "Where the files are (default: here)." };
    private readonly Option<string?> _notOffered = new("--not-offered") { Description = "File with what the server does not offer: in each line an id and, after spaces, the reason." };
    private readonly Option<bool> _all = new("--all") { Description = "A line for each requirement, also for those that passed." };

    public Command Command
    {
        get
        {
            Command command = new("merge", "Merges reports of several profiles: the best verdict of each requirement, unless it failed somewhere. The exit code is 0 if nothing failed and nothing is left open.");
            command.Arguments.Add(_files);
            command.Options.Add(_directory);
            command.Options.Add(_notOffered);
            command.Options.Add(_all);
            command.SetAction(Run);
            return command;
        }
    }

    private int Run(ParseResult parsed)
    {
        string directory = parsed.GetValue(_directory) ?? "";
        List<ReportFile> reports = [.. parsed.GetValue(_files)!.Select(file => ReportFile.Read(Path.Combine(directory, file)))];
        MergedReport merged = new(reports, parsed.GetValue(_notOffered) is { } list ? ReadList(list) : new Dictionary<string, string>());
        merged.Write(Console.Out, parsed.GetValue(_all));
        return merged.IsGood ? 0 : 1;
    }

    private static Dictionary<string, string> ReadList(string path)
        => File.ReadAllLines(path)
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' ', 2, StringSplitOptions.TrimEntries))
            .ToDictionary(parts => parts[0], parts => parts.Length > 1 ? parts[1] : throw new FormatException($"{path}: {parts[0]} needs a reason"));
}

using System.CommandLine;
using ZeroFtp.Conformance.Reports;

namespace ZeroFtp.Conformance.CommandLine;

/// <summary><c>matrix</c>: several servers side by side, from a report of each.</summary>
internal sealed class MatrixCommand
{
    private readonly Argument<string[]> _servers = new("NAME=FILE") { Description = "A server's name and its report in JSON; all reports of the same profile.", Arity = ArgumentArity.OneOrMore };

    public Command Command
    {
        get
        {
            Command command = new("matrix", "Prints tables in Markdown that show several servers side by side.");
            command.Arguments.Add(_servers);
            command.SetAction(Run);
            return command;
        }
    }

    private void Run(ParseResult parsed)
        => MatrixReport.Write([.. parsed.GetValue(_servers)!.Select(text => text.Split('=', 2)).Select(parts => (parts[0], ReportFile.Read(parts[^1])))], Console.Out);
}

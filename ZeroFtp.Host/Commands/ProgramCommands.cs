using System.CommandLine;
using ZeroFtp.Host.Serving;

namespace ZeroFtp.Host.Commands;

/// <summary>The command line as a whole. Without a command the program serves.</summary>
internal static class ProgramCommands
{
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        ParseResult parsed = Build().Parse(arguments);
        InvocationConfiguration invocation = new()
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            // the host answers SIGTERM itself, and takes the time that running transfers are given
            ProcessTerminationTimeout = null,
        };
        return await CommandFaults.GuardAsync(() => parsed.InvokeAsync(invocation), error);
    }

    private static RootCommand Build()
    {
        ConfigurationOptions options = new();
        RootCommand root = new("ZeroFtp, an FTP and FTPS server. Without a command it serves.");
        Command serve = new("serve", "Serves until it is stopped (the default).");
        foreach (Command command in new[] { root, serve })
        {
            options.AddAllTo(command);
            command.SetAction((parsed, _) => Server.RunAsync(options.ToSources(parsed), parsed.InvocationConfiguration.Output));
        }
        root.Subcommands.Add(serve);
        root.Subcommands.Add(UserCommand.Build(options));
        root.Subcommands.Add(FsckCommand.Build(options));
        root.Subcommands.Add(GcCommand.Build(options));
        root.Subcommands.Add(ScrubCommand.Build(options));
        root.Subcommands.Add(MigrateCommand.Build(options));
        root.Subcommands.Add(ConfigCommand.Build(options));
        return root;
    }
}

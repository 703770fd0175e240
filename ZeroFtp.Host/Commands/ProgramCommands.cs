using System.CommandLine;
using System.CommandLine.Invocation;
using ZeroFtp.Host.Commands.Users;

namespace ZeroFtp.Host.Commands;

/// <summary>The command line as a whole. Without a command it shows the help: nothing is created where nobody asked for it.</summary>
internal static class ProgramCommands
{
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        ParseResult parsed = Build().Parse(arguments.Length == 0 ? ["--help"] : arguments);
        if (parsed.Action is ParseErrorAction)
        {
            await error.WriteLineAsync($"zeroftp: {CommandLineFaults.Describe(parsed)}");
            return 1;
        }
        InvocationConfiguration invocation = new()
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            // The host handles SIGTERM itself and gives running transfers their time.
            ProcessTerminationTimeout = null,
        };
        return await CommandFaults.GuardAsync(() => parsed.InvokeAsync(invocation), error);
    }

    private static RootCommand Build()
    {
        ConfigurationOptions options = new();
        return new RootCommand("ZeroFtp, an FTP and FTPS server. To start a server on 127.0.0.1:2121: zeroftp serve")
        {
            ServeCommand.Build(options),
            UserCommand.Build(options),
            FsckCommand.Build(options),
            GcCommand.Build(options),
            ScrubCommand.Build(options),
            MigrateCommand.Build(options),
            ConfigCommand.Build(options),
        };
    }
}

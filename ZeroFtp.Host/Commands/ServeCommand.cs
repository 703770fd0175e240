using System.CommandLine;
using ZeroFtp.Host.Serving;

namespace ZeroFtp.Host.Commands;

/// <summary><c>zeroftp serve</c>.</summary>
internal static class ServeCommand
{
    public static Command Build(ConfigurationOptions options)
    {
        Command command = new("serve", "Serves until SIGTERM or Ctrl-C. The first start creates an account and prints its password and a line to try.");
        options.AddAllTo(command);
        command.SetAction((parsed, _) => Server.RunAsync(options.ToSources(parsed), parsed.InvocationConfiguration.Output));
        return command;
    }
}

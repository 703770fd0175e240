using System.CommandLine;
using ZeroFtp.Storage;

namespace ZeroFtp.Host.Commands;

/// <summary><c>zeroftp gc</c>: deletes content that nothing refers to any more.</summary>
internal static class GcCommand
{
    public static Command Build(ConfigurationOptions options)
    {
        Command command = new("gc", "Deletes content that nothing refers to any more, as running servers do by themselves. No server may be running on an embedded store.");
        options.AddCommonTo(command);
        command.SetAction((parsed, cancellationToken) => StorageSession.UseAsync(options.ToSources(parsed), StorageAccess.Serve, async storage =>
        {
            CollectReport report = await storage.CollectAsync(cancellationToken);
            parsed.InvocationConfiguration.Output.WriteLine($"{report.ObjectsDeleted} objects with {report.BytesDeleted} bytes deleted, {report.ObjectsFailed} could not be deleted yet");
            return 0;
        }, cancellationToken));
        return command;
    }
}

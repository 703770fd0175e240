using System.CommandLine;
using System.Text.Json.Nodes;
using ZeroFtp.Storage;

namespace ZeroFtp.Host.Commands;

/// <summary><c>zeroftp gc</c>: deletes content that nothing refers to any more.</summary>
internal static class GcCommand
{
    public static Command Build(ConfigurationOptions options)
    {
        Command command = new("gc", "Deletes content that nothing refers to any more. Running servers do so in the background; for an embedded store, stop the server first.");
        JsonOutput json = new();
        json.AddTo(command);
        options.AddCommonTo(command);
        command.SetAction((parsed, cancellationToken) => StorageSession.UseAsync(options.ToSources(parsed), StorageAccess.Serve, async storage =>
        {
            CollectReport report = await storage.CollectAsync(cancellationToken);
            json.Write(
                parsed,
                $"{report.ObjectsDeleted} objects with {report.BytesDeleted} bytes deleted, {report.ObjectsFailed} could not be deleted yet",
                () => new JsonObject { ["objectsDeleted"] = report.ObjectsDeleted, ["bytesDeleted"] = report.BytesDeleted, ["objectsFailed"] = report.ObjectsFailed });
            return 0;
        }, cancellationToken));
        return command;
    }
}

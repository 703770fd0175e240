using System.CommandLine;
using System.Text.Json.Nodes;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Storage.Maintenance;

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
            string counts = $"{report.ObjectsDeleted} objects with {report.BytesDeleted} bytes deleted, {report.ObjectsFailed} could not be deleted yet";
            json.Write(parsed, string.Join(Environment.NewLine, [counts, .. report.Postponed]), () => new JsonObject
            {
                ["objectsDeleted"] = report.ObjectsDeleted,
                ["bytesDeleted"] = report.BytesDeleted,
                ["objectsFailed"] = report.ObjectsFailed,
                ["postponed"] = new JsonArray([.. report.Postponed.Select(static line => JsonValue.Create(line))]),
            });
            return 0;
        }, cancellationToken));
        return command;
    }
}

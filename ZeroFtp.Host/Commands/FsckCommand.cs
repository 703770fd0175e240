using System.CommandLine;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Storage.Maintenance;

namespace ZeroFtp.Host.Commands;

/// <summary><c>zeroftp fsck</c>: 0 if the store is whole or was made so, 2 if something is left that could not be repaired or was not asked to be.</summary>
internal static class FsckCommand
{
    private const int Unrepaired = 2;

    public static Command Build(ConfigurationOptions options)
    {
        Option<bool> repair = new("--repair") { Description = "Repairs what can be repaired." };
        Option<bool> quick = new("--quick") { Description = "Looks at the presence and length of content without reading it." };
        Command command = new("fsck", "Checks the store. No server may be running on an embedded one; on a distributed one they may.") { repair, quick };
        JsonOutput json = new();
        json.AddTo(command);
        options.AddCommonTo(command);
        command.SetAction((parsed, cancellationToken) => StorageSession.UseAsync(options.ToSources(parsed), StorageAccess.Serve, async storage =>
        {
            CheckOptions check = new() { Repair = parsed.GetValue(repair), ReadContent = !parsed.GetValue(quick) };
            CheckReport report = await storage.CheckAsync(check, cancellationToken);
            if (json.IsWanted(parsed))
                JsonOutput.Write(parsed.InvocationConfiguration.Output, CheckOutput.ToJson(report));
            else
                CheckOutput.Write(parsed.InvocationConfiguration.Output, report);
            return report.FindingCount == report.RepairedCount ? 0 : Unrepaired;
        }, cancellationToken));
        return command;
    }
}

using System.CommandLine;
using ZeroFtp.Host.Configuration;
using ZeroFtp.Storage.Driver;
using ZeroFtp.Storage.Maintenance;

namespace ZeroFtp.Host.Commands;

/// <summary><c>zeroftp scrub</c>: reads all content, and repairs what has lost redundancy; 0 if all is well now, 2 if something could not be repaired.</summary>
internal static class ScrubCommand
{
    private const int Unrepaired = 2;

    public static Command Build(ConfigurationOptions options)
    {
        ScrubOptions defaults = new();
        Option<string> rate = new("--rate") { Description = $"How much is checked a second, such as 20MiB; 0: as fast as it goes. By default {ByteSize.Format(defaults.BytesPerSecond)}.", HelpName = "SIZE" };
        Option<bool> dryRun = new("--dry-run") { Description = "Reports and repairs nothing." };
        Command command = new("scrub", "Reads all content, compares it with its hashes, and repairs what has lost redundancy. No server may be running on an embedded store.") { rate, dryRun };
        JsonOutput json = new();
        json.AddTo(command);
        options.AddCommonTo(command);
        command.SetAction((parsed, cancellationToken) => StorageSession.UseAsync(options.ToSources(parsed), StorageAccess.Serve, async storage =>
        {
            ScrubOptions scrub = defaults with { BytesPerSecond = Rate(parsed.GetValue(rate), defaults.BytesPerSecond), Repair = !parsed.GetValue(dryRun) };
            CheckReport report = await storage.ScrubAsync(scrub, null, cancellationToken);
            if (json.IsWanted(parsed))
                JsonOutput.Write(parsed.InvocationConfiguration.Output, CheckOutput.ToJson(report));
            else
                CheckOutput.Write(parsed.InvocationConfiguration.Output, report);
            return report.FindingCount == report.RepairedCount ? 0 : Unrepaired;
        }, cancellationToken));
        return command;
    }

    private static long Rate(string? text, long fallback)
    {
        if (text is null)
            return fallback;
        return ByteSize.TryParse(text, out long rate, out string? expected) ? rate : throw new CommandException($"--rate: expected {expected}, not '{text}'");
    }
}

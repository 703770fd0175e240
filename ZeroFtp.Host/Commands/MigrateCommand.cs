using System.CommandLine;
using System.Text.Json.Nodes;
using ZeroFtp.Host.Configuration;
using ZeroFtp.Host.Logging;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Upgrade;

namespace ZeroFtp.Host.Commands;

/// <summary><c>zeroftp migrate --plan</c> and <c>--apply</c>: the schema of the metadata. With <c>--plan</c>: 0 if it is up to date, 2 if steps are missing.</summary>
internal static class MigrateCommand
{
    private const int Outdated = 2;

    public static Command Build(ConfigurationOptions options)
    {
        Option<bool> plan = new("--plan") { Description = "Names the steps that are missing, and takes none (the default)." };
        Option<bool> apply = new("--apply") { Description = "Takes them." };
        Command command = new("migrate", "Brings the schema of the metadata up to date, or says what that would take. Front-ends of a distributed store may be running.") { plan, apply };
        JsonOutput json = new();
        json.AddTo(command);
        options.AddCommonTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(plan) && parsed.GetValue(apply))
                throw new CommandException("--plan and --apply exclude each other");
            bool isApplied = parsed.GetValue(apply);
            HostConfiguration configuration = ConfigurationLoader.Load(options.ToSources(parsed)).Configuration;
            if (!isApplied)
                StorageSession.RequireStore(configuration);
            using Notices notices = new(parsed.InvocationConfiguration.Error);
            IReadOnlyList<SchemaStep> steps = configuration.Distributed is { } distributed
                ? await SchemaMigration.RunAsync(distributed, isApplied, notices, cancellationToken)
                : await SchemaMigration.RunAsync(configuration.Storage, isApplied, notices, cancellationToken);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (json.IsWanted(parsed))
            {
                foreach (SchemaStep step in steps)
                    JsonOutput.Write(output, new JsonObject { ["step"] = step.Number, ["description"] = step.Description, ["applied"] = isApplied });
                return isApplied || steps.Count == 0 ? 0 : Outdated;
            }
            foreach (SchemaStep step in steps)
                output.WriteLine($"{step.Number}: {step.Description}");
            output.WriteLine(steps.Count == 0 ? "the schema is up to date" : $"{steps.Count} steps {(isApplied ? "taken" : "are missing")}");
            return isApplied || steps.Count == 0 ? 0 : Outdated;
        });
        return command;
    }
}

using System.CommandLine;
using System.Text.Json.Nodes;
using ZeroFtp.Host.Checks;
using ZeroFtp.Host.Configuration;

namespace ZeroFtp.Host.Commands;

/// <summary><c>zeroftp config check</c> and <c>zeroftp config show</c>.</summary>
internal static class ConfigCommand
{
    public static Command Build(ConfigurationOptions options)
    {
        JsonOutput json = new();
        Command check = new("check", "Checks the configuration and reports every fault that would keep a server from starting. The server may be running.");
        options.AddAllTo(check);
        json.AddTo(check);
        check.SetAction(parsed => Check(parsed, options, json));

        Option<bool> origins = new("--origins") { Description = "Says for every key where its value comes from, and whether a change needs a restart." };
        Command show = new("show", "Prints the configuration in effect as JSON, secrets hidden.") { origins };
        options.AddAllTo(show);
        json.AddTo(show);
        show.SetAction(parsed =>
        {
            LoadedConfiguration loaded = ConfigurationLoader.Load(options.ToSources(parsed));
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (json.IsWanted(parsed))
                ConfigurationWriter.WriteJsonLines(output, loaded.Keys);
            else if (parsed.GetValue(origins))
                ConfigurationWriter.WriteOrigins(output, loaded.Keys);
            else
                ConfigurationWriter.WriteJson(output, loaded.Keys);
        });

        Command keys = new("keys", "Lists every key with its default and what it is for, as a Markdown table.");
        json.AddTo(keys);
        keys.SetAction(parsed =>
        {
            if (json.IsWanted(parsed))
                ConfigurationWriter.WriteJsonLines(parsed.InvocationConfiguration.Output, ConfigurationLoader.AllKeys());
            else
                ConfigurationWriter.WriteTable(parsed.InvocationConfiguration.Output, ConfigurationLoader.AllKeys());
        });

        return new Command("config", "Checks, shows or explains the configuration.") { check, show, keys };
    }

    private static int Check(ParseResult parsed, ConfigurationOptions options, JsonOutput json)
    {
        try
        {
            StartCheck.OfConfiguration(ConfigurationLoader.Load(options.ToSources(parsed)));
        }
        catch (ConfigurationException e) when (json.IsWanted(parsed))
        {
            foreach (ConfigurationFault fault in e.Faults)
                JsonOutput.Write(parsed.InvocationConfiguration.Output, new JsonObject { ["key"] = fault.Key, ["message"] = fault.Message, ["origin"] = fault.Origin });
            return 1;
        }
        if (!json.IsWanted(parsed))
            parsed.InvocationConfiguration.Output.WriteLine("the configuration is good");
        return 0;
    }
}

using System.CommandLine;
using ZeroFtp.Host.Configuration;

namespace ZeroFtp.Host.Commands;

/// <summary><c>zeroftp config check</c> and <c>zeroftp config show</c>.</summary>
internal static class ConfigCommand
{
    public static Command Build(ConfigurationOptions options)
    {
        Command check = new("check", "Checks the configuration and names every fault.");
        options.AddAllTo(check);
        check.SetAction(parsed =>
        {
            ConfigurationLoader.Load(options.ToSources(parsed));
            parsed.InvocationConfiguration.Output.WriteLine("the configuration is good");
        });

        Option<bool> origins = new("--origins") { Description = "Says for every key where its value comes from, and whether a change needs a restart." };
        Command show = new("show", "Prints the configuration in effect as JSON, secrets hidden.") { origins };
        options.AddAllTo(show);
        show.SetAction(parsed =>
        {
            LoadedConfiguration loaded = ConfigurationLoader.Load(options.ToSources(parsed));
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(origins))
                ConfigurationWriter.WriteOrigins(output, loaded.Keys);
            else
                ConfigurationWriter.WriteJson(output, loaded.Keys);
        });

        Command keys = new("keys", "Lists every key with its default and what it is for, as a Markdown table.");
        keys.SetAction(parsed => ConfigurationWriter.WriteTable(parsed.InvocationConfiguration.Output, ConfigurationLoader.AllKeys()));

        return new Command("config", "Checks, shows or explains the configuration.") { check, show, keys };
    }
}

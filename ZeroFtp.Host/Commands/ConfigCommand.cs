using System.CommandLine;
using ZeroFtp.Host.Certificates;
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
            DemandFiles(ConfigurationLoader.Load(options.ToSources(parsed)));
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

    /// <summary>A start opens them; whether that goes well depends on who starts, but what is missing is missing for everybody.</summary>
    /// <exception cref="ConfigurationException">A file that a key names is missing.</exception>
    private static void DemandFiles(LoadedConfiguration loaded)
    {
        TlsSettings tls = loaded.Configuration.Tls;
        List<ConfigurationFault> faults = [];
        Demand("tls:certificate", tls.Default?.Certificate);
        Demand("tls:key", tls.Default?.Key);
        foreach ((string name, CertificateFiles files) in tls.Names)
        {
            Demand($"tls:names:{name}:certificate", files.Certificate);
            Demand($"tls:names:{name}:key", files.Key);
        }
        Demand("tls:clientAuthorities", tls.ClientAuthorities);
        if (faults.Count > 0)
            throw new ConfigurationException(faults);

        void Demand(string path, string? file)
        {
            if (file is not null && !File.Exists(file))
                faults.Add(new ConfigurationFault(path, loaded.Keys.FirstOrDefault(key => key.Path.Equals(path, StringComparison.OrdinalIgnoreCase))?.Origin, $"there is no file {file}"));
        }
    }
}

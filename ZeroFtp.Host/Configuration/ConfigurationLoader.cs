using System.Collections;

namespace ZeroFtp.Host.Configuration;

/// <summary>Where a configuration comes from, so that it can be read again.</summary>
/// <param name="File">The file that the command line names, or null for <see cref="DefaultFile"/> if there is one.</param>
/// <param name="CommandLine">What the command line says.</param>
internal sealed record ConfigurationSources(string? File, ConfigurationLayer CommandLine)
{
    public const string DefaultFile = "zeroftp.json";

    private bool _hadDefaultFile;

    /// <summary>The options by which another command finds the same store, each with a space before it.</summary>
    public string StoreOptions =>
        (File is null ? "" : $" --config {File}") + (CommandLine.Values.TryGetValue("data", out ConfigurationValue? data) ? $" --data {data.Items[0]}" : "");

    /// <summary>The file in use, or null. A default file that was there once stays the one in use: what is about to be replaced must not pass for a wish for all defaults.</summary>
    public string? FileInUse
    {
        get
        {
            _hadDefaultFile |= System.IO.File.Exists(DefaultFile);
            return File ?? (_hadDefaultFile ? DefaultFile : null);
        }
    }
}

/// <summary>A configuration together with the keys it was read from.</summary>
internal sealed record LoadedConfiguration(HostConfiguration Configuration, IReadOnlyCollection<ConfigurationKey> Keys)
{
    /// <summary>A fault of a key, with the place where its value was set.</summary>
    public ConfigurationFault Fault(string path, string message) =>
        new(path, Keys.FirstOrDefault(key => key.Path.Equals(path, StringComparison.OrdinalIgnoreCase))?.Origin, message);
}

/// <summary>Lays file, environment and command line over each other, in that order of rising precedence, and checks the result.</summary>
internal static class ConfigurationLoader
{
    /// <exception cref="ConfigurationException">Something is wrong; the exception names all of it.</exception>
    public static LoadedConfiguration Load(ConfigurationSources sources, IDictionary? environment = null)
    {
        List<ConfigurationFault> faults = [];
        ConfigurationLayer file = sources.FileInUse is { } path ? JsonLayer.ReadFile(path, faults) : new ConfigurationLayer();
        ConfigurationLayer variables = EnvironmentLayer.Read(environment ?? Environment.GetEnvironmentVariables());
        ConfigurationReader reader = new(ConfigurationLayer.Merge(file, variables, sources.CommandLine), faults);
        HostConfiguration configuration = HostBinder.Bind(reader);
        reader.ReportUnknownKeys();
        return faults.Count == 0 ? new LoadedConfiguration(configuration, reader.Keys) : throw new ConfigurationException(faults);
    }

    /// <summary>Every key that there is, with <c>NAME</c> and <c>SUFFIX</c> for what the user names.</summary>
    public static IReadOnlyCollection<ConfigurationKey> AllKeys()
    {
        ConfigurationLayer named = new();
        named.Set("tls:names:NAME:certificate", ConfigurationValue.Scalar("FILE", "example"));
        named.Set("listing:mediaTypes:.SUFFIX", ConfigurationValue.Scalar("TYPE", "example"));
        ConfigurationReader reader = new(named, []);
        HostBinder.Bind(reader);
        return reader.Keys;
    }
}

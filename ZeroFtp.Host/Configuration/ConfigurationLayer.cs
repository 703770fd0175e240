namespace ZeroFtp.Host.Configuration;

/// <summary>The keys that one source gives, by their colon-separated paths. Paths are compared without regard to case, since environment variables have none of their own.</summary>
internal sealed class ConfigurationLayer
{
    private readonly Dictionary<string, ConfigurationValue> _values = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyDictionary<string, ConfigurationValue> Values => _values;

    public void Set(string path, ConfigurationValue value) => _values[path] = value;

    public bool TryAdd(string path, ConfigurationValue value) => _values.TryAdd(path, value);

    /// <summary>Lays the layers over each other; a later one replaces a key as a whole, lists too.</summary>
    public static ConfigurationLayer Merge(params ReadOnlySpan<ConfigurationLayer> layers)
    {
        ConfigurationLayer merged = new();
        foreach (ConfigurationLayer layer in layers)
        {
            foreach ((string path, ConfigurationValue value) in layer.Values)
                merged.Set(path, value);
        }
        return merged;
    }
}

using System.Diagnostics.CodeAnalysis;

namespace ZeroFtp.Host.Configuration;

/// <summary>Turns text into a value; the message says what would have been right.</summary>
internal delegate bool ValueParser<T>(string text, [MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out string? expected);

/// <summary>
/// Hands out typed values by key. Whatever is asked for becomes a known key, so that the binder is the one place where keys are named;
/// what was given but never asked for is a fault.
/// </summary>
internal sealed class ConfigurationReader(ConfigurationLayer values, List<ConfigurationFault> faults)
{
    private readonly Dictionary<string, ConfigurationKey> _keys = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyCollection<ConfigurationKey> Keys => _keys.Values;

    public T Value<T>(string path, T fallback, ValueParser<T> parser, Func<T, string> format, string help, KeyTraits traits = KeyTraits.None)
    {
        ConfigurationValue? given = values.Values.GetValueOrDefault(path);
        T value = fallback;
        if (given is { IsList: true })
            faults.Add(new ConfigurationFault(path, given.Origin, "a list is not expected here"));
        else if (given is not null && TryParse(path, given.Items[0], given.Origin, parser, traits, out T? parsed))
            value = parsed;
        Remember(new ConfigurationKey(path, help, traits, [format(value)], false, format(fallback), given?.Origin));
        return value;
    }

    public IReadOnlyList<T> List<T>(string path, IReadOnlyList<T> fallback, ValueParser<T> parser, Func<T, string> format, string help, KeyTraits traits = KeyTraits.None)
    {
        ConfigurationValue? given = values.Values.GetValueOrDefault(path);
        List<T> items = [.. given is null ? fallback : []];
        foreach (string text in given?.AsList() ?? [])
        {
            if (TryParse(path, text, given!.Origin, parser, traits, out T? item))
                items.Add(item);
        }
        Remember(new ConfigurationKey(path, help, traits, [.. items.Select(format)], true, string.Join(", ", fallback.Select(format)), given?.Origin));
        return items;
    }

    /// <summary>The names directly below a group whose members the user names, such as host names.</summary>
    public IReadOnlyList<string> Children(string path)
    {
        string prefix = path + ":";
        return [.. values.Values.Keys.Where(key => key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            .Select(key => key[prefix.Length..].Split(':')[0])
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Order(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Reports a fault that only several keys together show.</summary>
    public void Fault(string path, string message) => faults.Add(new ConfigurationFault(path, values.Values.GetValueOrDefault(path)?.Origin, message));

    public void ReportUnknownKeys()
    {
        foreach ((string path, ConfigurationValue value) in values.Values.OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase))
        {
            if (_keys.ContainsKey(path))
                continue;
            bool isGroup = _keys.Keys.Any(key => key.StartsWith(path + ":", StringComparison.OrdinalIgnoreCase));
            string? nearest = isGroup ? null : NearestName.Of(path, _keys.Keys);
            string message = isGroup ? "is a group of keys, not a value" : nearest is null ? "unknown key" : $"unknown key; did you mean {nearest}?";
            faults.Add(new ConfigurationFault(path, value.Origin, message));
        }
    }

    private bool TryParse<T>(string path, string text, string origin, ValueParser<T> parser, KeyTraits traits, [MaybeNullWhen(false)] out T value)
    {
        if (parser(text, out value, out string? expected))
            return true;
        faults.Add(new ConfigurationFault(path, origin, (traits & KeyTraits.Secret) != 0 ? $"expected {expected}" : $"expected {expected}, not '{text}'"));
        return false;
    }

    private void Remember(ConfigurationKey key)
    {
        if (!_keys.TryAdd(key.Path, key))
            throw new InvalidOperationException($"The key {key.Path} is read twice.");
    }
}

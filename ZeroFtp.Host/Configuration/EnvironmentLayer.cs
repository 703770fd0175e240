using System.Collections;
using System.Globalization;

namespace ZeroFtp.Host.Configuration;

/// <summary>Reads the variables <c>ZEROFTP__GROUP__KEY</c>. A list is one text with commas, or <c>ZEROFTP__KEY__0</c>, <c>__1</c> and so on.</summary>
internal static class EnvironmentLayer
{
    private const string Prefix = "ZEROFTP__";

    public static ConfigurationLayer Read(IDictionary environment)
    {
        ConfigurationLayer layer = new();
        SortedDictionary<string, SortedDictionary<int, string>> lists = new(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in environment)
        {
            if (entry.Key is not string name || entry.Value is not string text || !name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
                continue;
            string path = name[Prefix.Length..].Replace("__", ":", StringComparison.Ordinal);
            int cut = path.LastIndexOf(':');
            if (cut > 0 && int.TryParse(path.AsSpan(cut + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int index))
                ItemsOf(lists, path[..cut])[index] = text;
            else
                layer.Set(path, ConfigurationValue.Scalar(text, $"environment {name}"));
        }
        foreach ((string path, SortedDictionary<int, string> items) in lists)
            layer.Set(path, ConfigurationValue.List([.. items.Values], $"environment {Prefix}{path.Replace(":", "__", StringComparison.Ordinal)}"));
        return layer;
    }

    private static SortedDictionary<int, string> ItemsOf(SortedDictionary<string, SortedDictionary<int, string>> lists, string path)
    {
        if (!lists.TryGetValue(path, out SortedDictionary<int, string>? items))
            lists[path] = items = [];
        return items;
    }
}

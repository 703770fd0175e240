using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ZeroFtp.Host.Configuration;

/// <summary>Shows what is in effect, secrets hidden.</summary>
internal static class ConfigurationWriter
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>As a file that could be given back with <c>--config</c>.</summary>
    public static void WriteJson(TextWriter output, IEnumerable<ConfigurationKey> keys)
    {
        JsonObject root = [];
        foreach (ConfigurationKey key in keys)
        {
            string[] parts = key.Path.Split(':');
            JsonObject group = root;
            foreach (string part in parts[..^1])
            {
                if (group[part] is not JsonObject child)
                    group[part] = child = [];
                group = child;
            }
            group[parts[^1]] = key.IsList ? new JsonArray([.. key.Shown.Select(item => (JsonNode)item)]) : key.Shown[0];
        }
        output.WriteLine(root.ToJsonString(Indented));
    }

    public static void WriteOrigins(TextWriter output, IEnumerable<ConfigurationKey> keys)
    {
        foreach (ConfigurationKey key in keys)
        {
            string note = key.Reloads ? "" : ", needs a restart";
            output.WriteLine($"{key.Path} = {string.Join(", ", key.Shown)}   # {key.Origin ?? "default"}{note}");
        }
    }

    /// <summary>One object per key and line, with its value, default, origin and help.</summary>
    public static void WriteJsonLines(TextWriter output, IEnumerable<ConfigurationKey> keys)
    {
        foreach (ConfigurationKey key in keys)
        {
            JsonObject json = new()
            {
                ["key"] = key.Path,
                ["value"] = key.IsList ? new JsonArray([.. key.Shown.Select(item => (JsonNode)item)]) : key.Shown[0],
                ["default"] = key.Default,
                ["origin"] = key.Origin,
                ["reloads"] = key.Reloads,
                ["help"] = key.Help,
            };
            output.WriteLine(json.ToJsonString(Compact));
        }
    }

    /// <summary>Every key as a row of a Markdown table, as the manual has it.</summary>
    public static void WriteTable(TextWriter output, IEnumerable<ConfigurationKey> keys)
    {
        output.WriteLine("| key | default | reloads | what it is for |");
        output.WriteLine("|---|---|---|---|");
        foreach (ConfigurationKey key in keys.OrderBy(key => key.Path.Contains(':', StringComparison.Ordinal)).ThenBy(key => key.Path, StringComparer.Ordinal))
            output.WriteLine($"| `{key.Path}` | {(key.Default.Length == 0 ? "" : $"`{key.Default}`")} | {(key.Reloads ? "yes" : "")} | {key.Help} |");
    }
}

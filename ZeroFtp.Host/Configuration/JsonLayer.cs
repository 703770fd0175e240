using System.Text.Json;
using ZeroFtp.Host.Checks;

namespace ZeroFtp.Host.Configuration;

/// <summary>Reads the configuration file: JSON, with comments and trailing commas allowed.</summary>
internal static class JsonLayer
{
    private const int MaxFileBytes = 4 << 20;

    private static readonly JsonDocumentOptions DocumentOptions = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        MaxDepth = 16,
    };

    public static ConfigurationLayer ReadFile(string path, List<ConfigurationFault> faults)
    {
        try
        {
            FileInfo file = new(path);
            if (file.Exists && file.Length > MaxFileBytes)
            {
                faults.Add(new ConfigurationFault(path, null, $"the file is larger than {MaxFileBytes} bytes"));
                return new ConfigurationLayer();
            }
            return Read(File.ReadAllText(path), path, faults);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add(new ConfigurationFault(path, null, $"the file cannot be read: {PlainText.Of(e)}"));
            return new ConfigurationLayer();
        }
    }

    public static ConfigurationLayer Read(string json, string origin, List<ConfigurationFault> faults)
    {
        ConfigurationLayer layer = new();
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, DocumentOptions);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                AddObject(layer, "", document.RootElement, origin, faults);
            else
                faults.Add(new ConfigurationFault(origin, null, "the file must hold one JSON object"));
        }
        catch (JsonException e)
        {
            faults.Add(new ConfigurationFault(origin, null, $"not JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}"));
        }
        catch (InvalidOperationException)
        {
            // such as "\ud800" alone
            faults.Add(new ConfigurationFault(origin, null, "a text in it has half of a pair of UTF-16 code units"));
        }
        return layer;
    }

    private static void AddObject(ConfigurationLayer layer, string path, JsonElement element, string origin, List<ConfigurationFault> faults)
    {
        foreach (JsonProperty property in element.EnumerateObject())
        {
            string child = path.Length == 0 ? property.Name : $"{path}:{property.Name}";
            if (property.Value.ValueKind == JsonValueKind.Object)
                AddObject(layer, child, property.Value, origin, faults);
            else if (property.Value.ValueKind != JsonValueKind.Null && ToValue(child, property.Value, origin, faults) is { } value && !layer.TryAdd(child, value))
                faults.Add(new ConfigurationFault(child, origin, "the key is given twice"));
        }
    }

    private static ConfigurationValue? ToValue(string path, JsonElement element, string origin, List<ConfigurationFault> faults)
    {
        if (element.ValueKind != JsonValueKind.Array)
            return ConfigurationValue.Scalar(ToText(element), origin);
        if (element.EnumerateArray().All(item => item.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object or JsonValueKind.Null)))
            return ConfigurationValue.List([.. element.EnumerateArray().Select(ToText)], origin);
        faults.Add(new ConfigurationFault(path, origin, "a list may hold only texts and numbers"));
        return null;
    }

    private static string ToText(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText();
}

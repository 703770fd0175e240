using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ZeroFtp.Host.Commands;

/// <summary>The option <c>--json</c>, which every command has that prints a result: one JSON object per line instead of text for people.</summary>
internal sealed class JsonOutput
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Option<bool> _option = new("--json") { Description = "Prints JSON, one object per line." };

    public void AddTo(Command command) => command.Options.Add(_option);

    public bool IsWanted(ParseResult parsed) => parsed.GetValue(_option);

    public static void Write(TextWriter output, JsonObject json) => output.WriteLine(json.ToJsonString(Compact));

    /// <summary>Writes the result in the form that was asked for.</summary>
    public void Write(ParseResult parsed, string text, Func<JsonObject> json)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        if (IsWanted(parsed))
            Write(output, json());
        else
            output.WriteLine(text);
    }
}

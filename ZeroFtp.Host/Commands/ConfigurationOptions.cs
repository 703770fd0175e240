using System.CommandLine;
using System.CommandLine.Parsing;
using ZeroFtp.Host.Configuration;

namespace ZeroFtp.Host.Commands;

/// <summary>The options that make up the command line's layer of the configuration. The common ones belong to every command, the others to those that serve or show.</summary>
internal sealed class ConfigurationOptions
{
    private readonly Option<string?> _file = new("--config", "-c")
    {
        Description = $"The configuration file; by default {ConfigurationSources.DefaultFile} in the current directory, if there is one.",
        HelpName = "FILE",
    };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Sets any key of the configuration, such as limits:idleTimeout=10m; a list takes commas. Repeatable.",
        HelpName = "KEY=VALUE",
    };

    private readonly Option<bool> _noLoginLimits = new("--no-login-limits")
    {
        Description = "Lifts the limits on logins and on connections of one address; for tests on loopback.",
    };

    private readonly SettingOption _data = new("--data", "data", "DIR", "The directory with the database, the content and the certificates.");

    private readonly SettingOption[] _serving =
    [
        new("--listen", "listen", "ADDRESS:PORT", "Where FTP and explicit TLS are served, such as 127.0.0.1:2121, [::1]:2121, *:21; port 0: any free one. Repeatable.", isList: true),
        new("--listen-implicit", "listenImplicit", "ADDRESS:PORT", "Where TLS begins at once. Repeatable.", isList: true),
        new("--passive-ports", "passivePorts", "A-B", "The ports of passive mode."),
        new("--public-host", "publicHost", "NAME", "The name or address that PASV tells to clients."),
        new("--durability", "durability", "full|relaxed", "What is on disk when an upload is acknowledged."),
        new("--metrics", "metrics", "ADDRESS:PORT", "Where metrics and health are served over HTTP."),
        new("--cert", "tls:certificate", "FILE", "The certificate with its chain, PEM or PKCS #12."),
        new("--key", "tls:key", "FILE", "The certificate's key, if it is in a file of its own."),
        new("--transfer-log", "transferLog:file", "FILE", "The log of transfers."),
        new("--transfer-log-format", "transferLog:format", "json|xferlog", "The format of the log of transfers."),
        new("--log-format", "log:format", "text|json", "The format of the program's log."),
        new("--log-level", "log:level", "LEVEL", "The least level that is logged: trace, debug, information, warning, error, critical or none."),
    ];

    public void AddCommonTo(Command command)
    {
        command.Options.Add(_file);
        command.Options.Add(_data.Option);
        command.Options.Add(_set);
    }

    public void AddAllTo(Command command)
    {
        AddCommonTo(command);
        foreach (SettingOption setting in _serving)
            command.Options.Add(setting.Option);
        command.Options.Add(_noLoginLimits);
    }

    public ConfigurationSources ToSources(ParseResult parsed)
    {
        ConfigurationLayer layer = new();
        foreach (SettingOption setting in _serving.Prepend(_data))
            Add(layer, setting, parsed);
        if (parsed.GetResult(_noLoginLimits) is { Implicit: false })
            layer.Set("noLoginLimits", ConfigurationValue.Scalar(parsed.GetValue(_noLoginLimits) ? "true" : "false", "--no-login-limits"));
        foreach (string assignment in parsed.GetValue(_set) ?? [])
        {
            int cut = assignment.IndexOf('=', StringComparison.Ordinal);
            // without a value the whole text is the key, and its parser says what is missing
            layer.Set(cut < 0 ? assignment : assignment[..cut], ConfigurationValue.Scalar(cut < 0 ? "" : assignment[(cut + 1)..], "--set"));
        }
        return new ConfigurationSources(parsed.GetValue(_file), layer);
    }

    private static void Add(ConfigurationLayer layer, SettingOption setting, ParseResult parsed)
    {
        if (parsed.GetResult(setting.Option) is not { Implicit: false } || parsed.GetValue(setting.Option) is not { } given)
            return;
        string origin = setting.Option.Name;
        layer.Set(setting.Key, setting.IsList
            ? ConfigurationValue.List([.. given.SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))], origin)
            : ConfigurationValue.Scalar(given[^1], origin));
    }
}

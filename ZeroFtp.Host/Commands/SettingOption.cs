using System.CommandLine;

namespace ZeroFtp.Host.Commands;

/// <summary>An option of the command line that sets one key of the configuration. Its text is checked where the key's other sources are, so that all faults come together.</summary>
internal sealed class SettingOption(string name, string key, string valueName, string help, bool isList = false)
{
    public string Key { get; } = key;

    public bool IsList { get; } = isList;

    public Option<string[]> Option { get; } = new(name)
    {
        Description = help,
        HelpName = valueName,
        Arity = ArgumentArity.OneOrMore,
    };
}

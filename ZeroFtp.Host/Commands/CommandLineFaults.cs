using System.CommandLine;
using System.CommandLine.Parsing;
using ZeroFtp.Host.Configuration;

namespace ZeroFtp.Host.Commands;

/// <summary>Describes a mistake in the command line in one sentence: what is wrong, what was probably meant, and where the help is.</summary>
internal static class CommandLineFaults
{
    public static string Describe(ParseResult parsed)
    {
        CommandResult command = parsed.CommandResult;
        string path = PathOf(command);
        return $"{What(parsed, command.Command, path)} See {path} --help";
    }

    private static string What(ParseResult parsed, Command command, string path)
    {
        // What follows an unknown word is often its value: only the first one is reported.
        if (parsed.UnmatchedTokens is [{ } token, ..])
            return token.StartsWith('-') ? UnknownOption(parsed, command, token) : UnknownWord(command, token);
        if (command.Subcommands.Count > 0 && command.Action is null)
            return $"{command.Name} needs a command: {string.Join(", ", command.Subcommands.Select(child => child.Name).Order(StringComparer.Ordinal))}.";
        ParseError error = parsed.Errors[0];
        if (error.SymbolResult is OptionResult { Tokens.Count: 0 } option)
            return $"{option.Option.Name} needs a value{(option.Option.HelpName is { } value ? $" ({value})" : "")}.";
        if (command.Arguments.FirstOrDefault(argument => parsed.GetResult(argument) is not { Tokens.Count: > 0 }) is { } missing)
            return $"{command.Name} needs {missing.Name}.";
        return error.Message;
    }

    private static string UnknownWord(Command command, string word)
    {
        if (command.Subcommands.Count == 0)
            return $"unexpected argument '{word}'.";
        string? nearest = NearestName.Of(word, command.Subcommands.Select(child => child.Name));
        return $"unknown command '{word}'{(nearest is null ? "." : $"; did you mean {nearest}?")}";
    }

    private static string UnknownOption(ParseResult parsed, Command command, string token)
    {
        string name = token.Split('=')[0];
        string? nearest = NearestName.Of(name, command.Options.Select(option => option.Name));
        if (nearest is null && command.Subcommands.FirstOrDefault(child => child.Options.Any(option => option.Name == name)) is { } owner)
            nearest = $"{PathOf(parsed.CommandResult)} {owner.Name} {name}";
        return $"unknown option {name}{(nearest is null ? "." : $"; did you mean {nearest}?")}";
    }

    private static string PathOf(CommandResult command) => command.Parent is CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}" : "zeroftp";
}

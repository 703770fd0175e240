using System.CommandLine;
using System.Security.Cryptography;
using System.Text;

namespace ZeroFtp.Host.Commands.Users;

/// <summary>Where a command takes a password from. Never from an argument: every user of the machine can see those.</summary>
internal sealed class PasswordSource
{
    private readonly Option<bool> _fromInput = new("--password-stdin") { Description = "Reads the password from the first line of standard input." };
    private readonly Option<bool> _generate = new("--generate-password") { Description = "Generates a random password and prints it." };

    public void AddTo(Command command)
    {
        command.Options.Add(_fromInput);
        command.Options.Add(_generate);
    }

    /// <summary>Whether the command line says how a password is given.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_fromInput) || parsed.GetValue(_generate);

    /// <summary>Whether <see cref="Read"/> generates the password, so that it has to be shown.</summary>
    public bool IsGenerated(ParseResult parsed) => parsed.GetValue(_generate);

    /// <summary>The password, or null if it is not needed and none was given.</summary>
    public string? Read(ParseResult parsed, bool isNeeded)
    {
        if (parsed.GetValue(_fromInput) && parsed.GetValue(_generate))
            throw new CommandException("give either --password-stdin or --generate-password");
        if (parsed.GetValue(_fromInput))
            return Console.In.ReadLine() is { Length: > 0 } line ? line : throw new CommandException("standard input holds no password");
        if (parsed.GetValue(_generate))
            return RandomPassword.Create();
        if (!isNeeded)
            return null;
        if (Console.IsInputRedirected)
            throw new CommandException("give the password with --password-stdin, or use --generate-password");
        string first = Ask("Password: ");
        return first == Ask("Again: ") ? first : throw new CommandException("the two passwords differ; try again");
    }

    private static string Ask(string prompt)
    {
        Console.Error.Write(prompt);
        StringBuilder text = new();
        for (ConsoleKeyInfo key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key == ConsoleKey.Backspace)
                text.Length = Math.Max(0, text.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                text.Append(key.KeyChar);
        }
        Console.Error.WriteLine();
        return text.Length > 0 ? text.ToString() : throw new CommandException("the password is empty; try again");
    }
}

/// <summary>Generates passwords of 100 bits that can be read aloud and typed on any keyboard.</summary>
internal static class RandomPassword
{
    public static string Create() => RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 20);
}

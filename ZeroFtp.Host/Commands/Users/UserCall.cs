using System.CommandLine;
using System.Text.Json.Nodes;
using ZeroFtp.Storage.Accounts;

namespace ZeroFtp.Host.Commands.Users;

/// <summary>One run of a command about accounts: what it was given, and how it reports.</summary>
internal sealed record UserCall(IAccounts Accounts, ParseResult Parsed, JsonOutput Json, CancellationToken Cancelled)
{
    public TextWriter Output => Parsed.InvocationConfiguration.Output;

    /// <summary>Shows a generated password to a person at once; JSON carries it in its one object.</summary>
    public void ReportPassword(string? generated)
    {
        if (generated is not null && !Json.IsWanted(Parsed))
            Output.WriteLine($"password: {generated}");
    }

    /// <summary>Says what was done and, where a server runs, what became of the open sessions.</summary>
    /// <param name="what">What was done, as the beginning of a sentence whose end is the name.</param>
    /// <param name="name">The account.</param>
    /// <param name="password">A generated password that has not been shown yet.</param>
    /// <param name="effect">What became of the sessions, if servers were asked.</param>
    /// <param name="shownPassword">A generated password that people have seen already.</param>
    public void Report(string what, string name, string? password, SessionEffect? effect, string? shownPassword = null)
    {
        ReportPassword(password);
        Json.Write(Parsed, $"{what} {name}", () => ToJson(name, password ?? shownPassword, effect));
        if (effect is not { } known || Json.IsWanted(Parsed))
            return;
        if (known.Servers > known.Silent)
            Output.WriteLine($"{Sessions(known.Ended)} ended, {Sessions(known.Kept)} left");
        if (known.Silent > 0)
            Parsed.InvocationConfiguration.Error.WriteLine($"{known.Silent} of {known.Servers} servers have not answered; they end the sessions when they do");
    }

    private static JsonObject ToJson(string name, string? password, SessionEffect? effect)
    {
        JsonObject json = new() { ["name"] = name };
        if (password is not null)
            json["password"] = password;
        if (effect is { } known)
            (json["sessionsEnded"], json["sessionsLeft"], json["servers"], json["serversSilent"]) = (known.Ended, known.Kept, known.Servers, known.Silent);
        return json;
    }

    private static string Sessions(int count) => count == 1 ? "1 session" : $"{count} sessions";
}

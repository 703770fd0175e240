using ZeroFtp.Protocol.Commands;
using ZeroFtp.Tests.Guards;

namespace ZeroFtp.Tests.Fuzzing;

/// <summary>
/// What a client may conclude of a session from the commands it sent and the replies it got, by the state diagrams of RFC 959 section 6: which first digits each verb may be answered with, and which
/// answers are impossible in the state that the earlier answers have led to.
/// </summary>
internal sealed class Diagram
{
    private static readonly HashSet<string> Transfers = ["APPE", "LIST", "NLST", "MLSD", "RETR", "STOR", "STOU"];
    private static readonly HashSet<string> NeedingLogin = [.. Verbs.All.SelectMany(static verb => verb.Aliases.Prepend(verb.Name)).Except(LoginFreeVerbs.All)];
    private bool _maySendPassword;
    private bool _maySendAccount;
    private bool _mayRename;
    private bool _mayCopy;

    public bool IsLoggedIn { get; private set; }

    public bool HasTarget { get; private set; }

    /// <summary>The passive port that was told and not yet used, or 0.</summary>
    public int PassivePort { get; private set; }

    /// <summary>The port of the client that it has named last, or 0 if a passive one was asked for since.</summary>
    public int ActivePort { get; private set; }

    /// <summary>Whether a verb may be answered by a preliminary reply.</summary>
    public static bool IsTransfer(string verb) => Transfers.Contains(verb);

    /// <summary>Takes the final reply of a command; a preliminary one came before it or not.</summary>
    public void Take(string verb, string argument, int code, string reply, bool wasPreliminary)
    {
        string sent = verb == "SITE" ? $"SITE {argument.TrimStart(' ').Split(' ')[0].ToUpperInvariant()}" : verb;
        Assert.True(Expected(sent).Contains(code / 100), $"{sent} may not be answered with {code}.");
        if (wasPreliminary)
        {
            Assert.True(IsTransfer(verb), $"{verb} has no preliminary reply.");
            Assert.True(HasTarget, $"{verb} cannot have a data connection: none was arranged.");
            Assert.True(IsLoggedIn, $"{verb} was begun without a login.");
        }
        if (NeedingLogin.Contains(verb) && !IsLoggedIn)
            Assert.True(code >= 400, $"{verb} was answered with {code} without a login.");
        if (NeedingLogin.Contains(verb) && IsLoggedIn)
            Assert.NotEqual(530, code);
        Step(verb, sent, argument, code, reply);
    }

    private static IReadOnlyList<int> Expected(string sent) => sent switch
    {
        "RNFR" or "REST" or "RANG" or "SITE CPFR" => [3, 4, 5],
        "USER" or "PASS" or "AUTH" or "ADAT" => [2, 3, 4, 5],
        _ => [2, 4, 5],
    };

    private void Step(string verb, string sent, string argument, int code, string reply)
    {
        bool isGood = code < 400;
        switch (verb)
        {
            case "USER" when code != 501 && code != 533:
                IsLoggedIn = code is 230 or 232;
                (_maySendPassword, _maySendAccount) = (code is 331 or 336, code == 332);
                break;
            case "PASS":
                Assert.False(code is 230 or 232 or 332 && !_maySendPassword, "PASS was taken without USER.");
                IsLoggedIn |= code is 230 or 232;
                _maySendAccount = code == 332 || (_maySendAccount && !_maySendPassword);
                _maySendPassword = false;
                break;
            case "ACCT":
                Assert.False(code == 230 && !_maySendAccount, "ACCT was taken without being asked for.");
                IsLoggedIn |= code == 230;
                _maySendAccount &= code is 501;
                break;
            case "RNTO":
                Assert.False(isGood && !_mayRename, "RNTO was taken without RNFR.");
                break;
            case "REIN" when isGood:
            case "AUTH" when code == 234:
                IsLoggedIn = HasTarget = _maySendPassword = _maySendAccount = false;
                PassivePort = ActivePort = 0;
                break;
            case "PASV" or "EPSV" or "CPSV" when code is 227 or 229:
                HasTarget = true;
                PassivePort = PortOf(reply.Split('(', ')')[1]);
                ActivePort = 0;
                break;
            case "PORT" or "EPRT" when isGood:
                HasTarget = true;
                PassivePort = 0;
                ActivePort = PortOf(argument.Trim());
                break;
        }
        if (sent == "SITE CPTO")
            Assert.False(isGood && !_mayCopy, "SITE CPTO was taken without SITE CPFR.");
        // A passive port serves one transfer verb, whatever becomes of it; one that was refused for want of a login does not touch it.
        bool isUsed = (IsTransfer(verb) && code != 530) || verb == "ABOR" || (verb is "PASV" or "EPSV" or "CPSV" && code == 425);
        if (isUsed && PassivePort != 0)
        {
            HasTarget = false;
            PassivePort = 0;
        }
        if (verb is not ("NOOP" or ""))
            (_mayRename, _mayCopy) = (sent == "RNFR" && isGood, sent == "SITE CPFR" && isGood);
    }

    /// <summary>The port in the forms of PORT and EPRT, which the replies to PASV and EPSV have too.</summary>
    private static int PortOf(string text)
    {
        string[] parts = char.IsAsciiDigit(text[0]) ? text.Split(',') : text.Split(text[0]);
        return parts.Length == 6
            ? (int.Parse(parts[4], System.Globalization.CultureInfo.InvariantCulture) << 8) | int.Parse(parts[5], System.Globalization.CultureInfo.InvariantCulture)
            : int.Parse(parts[3], System.Globalization.CultureInfo.InvariantCulture);
    }
}

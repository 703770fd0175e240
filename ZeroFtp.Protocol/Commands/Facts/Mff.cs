using ZeroFtp.Protocol.Commands.Site;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Facts;

/// <summary>MFF (draft-somers-ftp-mfxx section 5): several facts at once, all or none.</summary>
internal static class Mff
{
    private static readonly Reply Bad = Reply.Constant(501, "MFF requires valid fact=value; pairs and a path.");

    public static readonly Verb Definition = new("MFF", Needs.Login | Needs.Argument, RunAsync)
    {
        Help = "MFF fact=value;... path",
        Feature = Feature,
        IsOffered = static session => !session.IsLoggedIn || session.Driver is IFactChanging,
        ArgumentMissing = Bad,
    };

    private static string? Feature(FtpSession session)
    {
        string facts = (Times.CanChange(session, ChangeableFacts.Created) ? "create;" : "")
            + (Times.CanChange(session, ChangeableFacts.Modified) ? "modify;" : "")
            + (Times.CanChange(session, ChangeableFacts.Mode) ? "UNIX.mode;" : "");
        return facts.Length == 0 ? null : "MFF " + facts;
    }

    private static async ValueTask<Outcome> RunAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        int space = argument.IndexOf(' ', StringComparison.Ordinal);
        if (space <= 0 || space == argument.Length - 1)
            return Bad;
        string name = argument[(space + 1)..];
        FactChange change = new();
        List<string> unknown = [], order = [];
        foreach (string pair in argument[..space].Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                return Bad;
            (string fact, string value) = (pair[..equals], pair[(equals + 1)..]);
            switch (fact.ToUpperInvariant())
            {
                case "MODIFY" when Times.CanChange(session, ChangeableFacts.Modified):
                    if (!FtpTime.TryParse(value, out DateTime modified))
                        return Bad;
                    change = change with { ModifiedUtc = modified };
                    order.Add("Modify");
                    break;
                case "CREATE" when Times.CanChange(session, ChangeableFacts.Created):
                    if (!FtpTime.TryParse(value, out DateTime created))
                        return Bad;
                    change = change with { CreatedUtc = created };
                    order.Add("Create");
                    break;
                case "UNIX.MODE" when Times.CanChange(session, ChangeableFacts.Mode):
                    if (!SiteWords.TryMode(session, value, out int mode))
                        return Bad;
                    change = change with { Mode = mode };
                    order.Add("UNIX.mode");
                    break;
                default:
                    unknown.Add(fact);
                    break;
            }
        }
        if (unknown.Count > 0)
            return Reply.Of(504, $"Fact not supported: {string.Join(", ", unknown)}.");
        if (order.Count == 0)
            return Bad;
        FtpEntry entry = await Times.ChangeAsync(session, name, change, cancellationToken).ConfigureAwait(false);
        string facts = string.Concat(order.Distinct().Select(fact => fact switch
        {
            "Modify" => $"Modify={FtpTime.Format(entry.ModifiedUtc)};",
            "Create" => $"Create={FtpTime.Format(entry.CreatedUtc ?? change.CreatedUtc!.Value)};",
            _ => $"UNIX.mode={SiteWords.Octal(entry.Mode, 4)};",
        }));
        return Reply.Of(213, $"{facts} {name}");
    }
}

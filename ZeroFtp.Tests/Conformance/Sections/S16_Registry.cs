using System.Text.RegularExpressions;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 16: the command registry of RFC 5797.</summary>
internal sealed class S16_Registry : Section
{
    public S16_Registry()
        : base("16 Command registry")
    {
        Check("F5797-2.4-1", Level.Must, "RFC 5797 §2.4",
            "All base verbs marked mandatory are implemented: ABOR ACCT ALLO APPE CWD DELE HELP LIST MODE NLST NOOP PASS PASV PORT QUIT REIN REST RETR RNFR RNTO SITE STAT STOR STRU TYPE USER.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "1");
                foreach (string line in Mandatory(up))
                {
                    foreach (string form in (string[])[line, line.Split(' ')[0]])
                    {
                        Reply reply = await s.AskAsync(form);
                        Verify.That(reply.Code is not (500 or 502), $"{form} was answered {reply}");
                    }
                }

                Session t = await c.LoginAsync();
                foreach (string line in (string[])["USER", "PASS", $"USER {c.Alice.Name}", "PASS wrong", "REIN", "QUIT"])
                {
                    Reply reply = await t.AskAsync(line);
                    Verify.That(reply.Code is not (500 or 502), $"{line} was answered {reply}");
                    if (line == "REIN")
                        t = await c.LoginAsync();
                }
            },
            seconds: 60);

        Check("F5797-2.4-2", Level.May, "RFC 5797 §2.4",
            "Base verbs marked optional: CDUP MKD PWD RMD STOU SYST implemented; SMNT 502.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync($"CWD {up}", 250);
                await s.DoAsync("CDUP", 250);
                await s.DoAsync($"CWD /{up}", 250);
                await s.DoAsync("MKD z", 257);
                await s.DoAsync("PWD", 257);
                await s.DoAsync("RMD z", 250);
                Transfer made = await s.UpAsync("STOU", "x");
                Verify.That(made.Preliminary.IsPreliminary, $"STOU was answered {made.Preliminary}");
                await s.DoAsync("SYST", 215);
                await s.DoAsync("SMNT x", 502);
            });

        Check("F5797-2.5-1", Level.May, "RFC 5797 §2.5",
            "Historic names XCUP XCWD XMKD XPWD XRMD implemented as aliases; LPRT, LPSV refused 502.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("XPWD", 257);
                await s.DoAsync("XCUP", 250);
                await s.DoAsync("LPRT 4,4,127,0,0,1,2,195,81", 502);
                await s.DoAsync("LPSV", 502);
            });

        Check("F5797-3-1", Level.MustNot, "RFC 5797 §3",
            "Placeholder feature codes (base, hist, secu, feat, nat6) never appear in FEAT.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string[] labels = [.. (await s.FeaturesAsync()).Select(line => line.Split(' ')[0])];
                Verify.That(labels.Length > 0, "FEAT lists nothing");
                foreach (string code in (string[])["base", "hist", "secu", "feat", "nat6"])
                    Verify.Lacks(code, labels.Select(label => label.ToLowerInvariant()), "FEAT");
            });

        Check("F5797-3-2", Level.May, "RFC 5797 §3 note 4",
            "A TYPE FEAT line lists representation types as semicolon list; omitted by default.",
            async c =>
            {
                Session s = await c.LoginAsync();
                IReadOnlyList<string> lines = await s.FeaturesAsync();
                Verify.That(lines.Count > 0, "FEAT lists nothing");
                string? type = lines.FirstOrDefault(line => line.StartsWith("TYPE", StringComparison.Ordinal));
                Verify.That(type is null || Regex.IsMatch(type, "^TYPE [AEIL][^;]*(;[AEIL][^;]*)*$"), $"FEAT line: {type}");
            });
    }

    private static string[] Mandatory(string up) =>
    [
        "ABOR", "ACCT x", "ALLO 5", $"APPE {up}/x", "CWD /", $"DELE {up}/x", "HELP", "LIST /", "MODE S", "NLST /", "NOOP", "PASV", "PORT 127,0,0,1,195,81",
        "REST 0", "RETR /bin.dat", $"RNFR {up}/x", $"RNTO {up}/y", "SITE HELP", "STAT", $"STOR {up}/x", "STRU F", "TYPE I",
    ];
}

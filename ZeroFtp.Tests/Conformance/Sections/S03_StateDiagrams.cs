using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 3: the first digits that each group of verbs may answer with.</summary>
internal sealed class S03_StateDiagrams : Section
{
    public S03_StateDiagrams()
        : base("3 State diagrams")
    {
        Check("F959-6-1", Level.Must, "RFC 959 §6",
            "RNFR answers only 3xx, 4xx or 5xx.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("RNFR docs/a.txt", 350);
                await s.DoAsync("RNFR nope", 550);
                foreach (string line in (string[])["RNFR", "RNFR docs", "RNFR /", "RNFR ../x"])
                {
                    Reply reply = await s.AskAsync(line);
                    Verify.That(reply.IsIntermediate || reply.IsFailure, $"{line} was answered {reply}");
                }
            });

        Check("F959-6-2", Level.Must, "RFC 959 §6",
            "REST answers only 3xx, 4xx or 5xx.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("REST 0", 350);
                await s.DoAsync("REST x", 501);
            });

        Check("F959-6-3", Level.Must, "RFC 959 §6",
            "USER answers 2xx (no password needed), 331/332/336, 4xx or 5xx; PASS answers 2xx, 332, 4xx or 5xx; ACCT answers 2xx, 4xx or 5xx.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                foreach (string line in (string[])["USER", $"USER {c.Alice.Name}", "ACCT x", $"USER {c.Alice.Name}", $"PASS {c.Alice.Password}", "ACCT x", "USER nobody-here", "PASS x"])
                {
                    Reply reply = await s.AskAsync(line);
                    bool legal = line[..4] switch
                    {
                        "USER" => reply.IsCompletion || reply.Code is 331 or 332 or 336 || reply.IsFailure,
                        "PASS" => reply.IsCompletion || reply.Code == 332 || reply.IsFailure,
                        _ => reply.IsCompletion || reply.IsFailure,
                    };
                    Verify.That(legal, $"{line} was answered {reply}");
                }

                foreach (Account account in c.Settings.Accounts.Values)
                    await WalkAsync(await c.ConnectAsync(), account);
            });

        Check("F959-6-4", Level.Must, "RFC 959 §6",
            "In the simple group a 3xx is never returned.",
            async c =>
            {
                Session s = await c.LoginAsync();
                foreach (string verb in "ABOR ALLO DELE CWD CDUP SMNT HELP MODE NOOP PASV SITE PORT SYST STAT RMD MKD PWD STRU TYPE EPRT EPSV FEAT OPTS LANG SIZE MDTM MLST MFMT HASH".Split(' '))
                {
                    foreach (string argument in (string[])["", " nope/x", " I", " 10"])
                    {
                        Reply reply = await s.AskAsync(verb + argument);
                        Verify.That(!reply.IsIntermediate && !reply.IsPreliminary, $"{verb}{argument} was answered {reply}");
                    }
                }
            });
    }

    private static async Task WalkAsync(Session s, Account account)
    {
        Reply user = await s.AskAsync($"USER {account.Name}");
        Verify.That(user.IsCompletion || user.Code is 331 or 332 or 336 || user.IsFailure, $"USER {account.Name} was answered {user}");
        if (user.Code != 331)
            return;
        Reply pass = await s.AskAsync($"PASS {account.Password}");
        Verify.That(pass.IsCompletion || pass.Code == 332 || pass.IsFailure, $"PASS of {account.Name} was answered {pass}");
        if (pass.Code != 332)
            return;
        Reply acct = await s.AskAsync($"ACCT {account.Acct}");
        Verify.That(acct.IsCompletion || acct.IsFailure, $"ACCT of {account.Name} was answered {acct}");
    }
}

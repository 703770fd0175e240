using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Fixture;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 4: USER, PASS, ACCT, CWD, CDUP, SMNT, REIN, QUIT.</summary>
internal sealed class S04_AccessControl : Section
{
    public S04_AccessControl()
        : base("4 Access control")
    {
        Check("F959-4.1.1-1", Level.Must, "RFC 959 USER",
            "USER followed by PASS logs in.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync($"USER {c.Alice.Name}", 331);
                await s.DoAsync($"PASS {c.Alice.Password}", 230);
                await s.DoAsync("PWD", 257);
            });

        Check("F959-4.1.1-2", Level.Must, "RFC 959 USER",
            "An account without password is logged in by USER alone with 230.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync($"USER {c.Account("guest").Name}", 230);
                await s.DoAsync("PWD", 257);
            });

        Check("F959-4.1.1-3", Level.Must, "RFC 959 USER",
            "USER may be sent again at any time; access rights of the old user end immediately while transfer parameters stay.",
            async c =>
            {
                Account bob = c.Account("bob");
                Session s = await c.LoginAsync();
                await s.DoAsync($"USER {bob.Name}", 331);
                await s.DoAsync("PWD", 530);
                await s.DoAsync($"PASS {bob.Password}", 230);
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
                await s.RefusedAsync("STOR up/not-for-bob", 550, 553, 532);
            });

        Check("F959-4.1.1-4", Level.Must, "RFC 959 PASS",
            "PASS must directly follow USER, else 503.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync("PASS x", 503);
                await s.DoAsync($"USER {c.Alice.Name}", 331);
                await s.DoAsync("NOOP", 200);
                await s.DoAsync($"PASS {c.Alice.Password}", 230);
            });

        Check("F959-4.1.1-5", Level.Must, "RFC 959 §5.4",
            "A wrong password gives 530 and leaves the session unauthenticated, needing a new USER.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync($"USER {c.Alice.Name}", 331);
                await s.DoAsync("PASS certainly-wrong", 530);
                await s.DoAsync($"PASS {c.Alice.Password}", 503);
                await s.DoAsync("PWD", 530);
            });

        Check("F959-4.1.1-6", Level.Must, "RFC 959 §5.4",
            "PASS when already logged in and no password is pending gives 202 (or 503).",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("PASS x", 503);
                Session guest = await c.ConnectAsync();
                await guest.DoAsync($"USER {c.Account("guest").Name}", 230);
                await guest.DoAsync("PASS x", 202);
            });

        Check("F959-4.1.1-7", Level.Choice, "",
            "An empty password is syntactically valid.",
            async c =>
            {
                Account anonymous = c.Account("anonymous");
                Session s = await c.ConnectAsync();
                await s.DoAsync($"USER {anonymous.Name}", 331);
                await s.DoAsync("PASS", 230);
                await s.DoAsync($"USER {anonymous.Name}", 331);
                await s.DoAsync("PASS ", 230);
            });

        Check("F959-4.1.1-8", Level.DeFacto, "",
            "The password is taken verbatim after the single space, including further spaces and 8-bit octets.",
            async c =>
            {
                Account padded = c.Account("padded");
                Session s = await c.ConnectAsync();
                await s.DoAsync($"USER {padded.Name}", 331);
                await s.DoAsync($"PASS {padded.Password}", 230);
                Session trimmed = await c.ConnectAsync();
                await trimmed.DoAsync($"USER {padded.Name}", 331);
                await trimmed.DoAsync($"PASS {padded.Password.Trim()}", 530);
            });

        Check("F959-4.1.1-9", Level.DeFacto, "",
            "anonymous and ftp are equivalent names for anonymous access, compared case-insensitively.",
            async c =>
            {
                c.Account("anonymous");
                foreach (string name in (string[])["FTP", "ftp", "anonymous", "Anonymous"])
                {
                    Session s = await c.ConnectAsync();
                    await s.DoAsync($"USER {name}", 331);
                    await s.DoAsync("PASS a@b", 230);
                }
            });

        Check("F959-4.1.1-10", Level.DeFactoOptional, "",
            "A leading - in an anonymous password turns off multi-line banners for that session.",
            async c =>
            {
                Account anonymous = c.Account("anonymous");
                Session s = await c.ConnectAsync();
                await s.DoAsync($"USER {anonymous.Name}", 331);
                Reply reply = await s.DoAsync("PASS -x@y", 230);
                Verify.That(!reply.IsMultiline, $"expected one line, saw {reply}");
            },
            profile: $"{Profiles.Default}|{Profiles.Texts}");

        Check("F959-4.1.1-11", Level.Must, "RFC 959 ACCT",
            "If an account is needed for login PASS answers 332 and ACCT completes with 230.",
            async c =>
            {
                Account acme = c.Account("acme");
                Session s = await c.ConnectAsync();
                await s.DoAsync($"USER {acme.Name}", 331);
                await s.DoAsync($"PASS {acme.Password}", 332);
                await s.DoAsync("PWD", 530);
                await s.DoAsync($"ACCT {acme.Acct}", 230);
                await s.DoAsync("PWD", 257);
            });

        Check("F959-4.1.1-12", Level.Must, "RFC 959 ACCT",
            "A wrong account gives 530 and resets login.",
            async c =>
            {
                Account acme = c.Account("acme");
                Session s = await c.ConnectAsync();
                await s.DoAsync($"USER {acme.Name}", 331);
                await s.DoAsync($"PASS {acme.Password}", 332);
                await s.DoAsync("ACCT certainly-wrong", 530);
                await s.DoAsync($"ACCT {acme.Acct}", 503);
                await s.DoAsync("PWD", 530);
            });

        Check("F959-4.1.1-13", Level.Must, "RFC 959 ACCT",
            "ACCT when no account is needed gives 202; before PASS gives 503.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("ACCT x", 202);
                Session fresh = await c.ConnectAsync();
                await fresh.DoAsync("ACCT x", 503);
            });

        Check("F959-4.1.1-14", Level.May, "RFC 959 ACCT",
            "A store that needs an account the session lacks gives 532 and succeeds after ACCT.",
            async c =>
            {
                Account storer = c.Account("storer");
                Session s = await c.LoginAsync(storer);
                await s.RefusedAsync("STOR up/needs-account", 532);
                await s.DoAsync($"ACCT {storer.Acct}", 230, 202);
                await s.PutAsync("up/needs-account", "x");
                await s.DoAsync("DELE up/needs-account", 250);
            },
            profile: Profiles.EverythingOn);

        Check("F959-4.1.1-15", Level.Must, "RFC 959 §5.4",
            "Before login only USER PASS ACCT AUTH ADAT PBSZ PROT CCC MIC CONF ENC HOST FEAT OPTS LANG CLNT CSID SYST HELP NOOP REIN ABOR QUIT are processed.",
            async c =>
            {
                foreach (string line in (string[])["PWD", "LIST", "CWD /", "TYPE I", "PASV", "SITE HELP", "STAT", "RETR docs/a.txt", "STOR x", "DELE x", "MKD x", "REST 0", "PORT 127,0,0,1,195,81"])
                {
                    Session s = await c.ConnectAsync();
                    await s.DoAsync(line, 530);
                }

                Session fresh = await c.ConnectAsync();
                await fresh.DoAsync("FEAT", 211);
                await fresh.DoAsync("NOOP", 200);
                await fresh.DoAsync("SYST", 215);
                await fresh.DoAsync("HELP", 214);
                await fresh.DoAsync("OPTS UTF8 ON", 200);
                await fresh.DoAsync("ABOR", 226, 225);
                await fresh.DoAsync("REIN", 220);
                await fresh.DoAsync("QUIT", 221);
            });

        Check("F959-4.1.1-16", Level.Must, "RFC 959 CWD",
            "CWD changes directory without altering login or transfer parameters.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("CWD docs", 250);
                await s.DoAsync("PWD", "257 \"/docs\"…");
                await s.DoAsync("SIZE a.txt", "213 12");
                await s.GetAsync("a.txt", "hello\nworld\n");
            });

        Check("F959-4.1.1-17", Level.Must, "RFC 959 CWD",
            "CWD to a missing path, a file, or a forbidden directory gives 550 and leaves the directory unchanged.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("CWD nope", 550);
                await s.DoAsync("CWD docs/a.txt", 550);
                await s.DoAsync("PWD", "257 \"/\"…");
            });

        Check("F959-4.1.1-18", Level.Must, "RFC 959 CDUP + App. II",
            "CDUP goes to the parent and answers with CWD's codes, i.e. 250.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("CWD docs", 250);
                await s.DoAsync("CDUP", 250);
                await s.DoAsync("PWD", "257 \"/\"…");
            });

        Check("F959-4.1.1-19", Level.Choice, "",
            "CDUP at the root stays there and answers 250.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("CDUP", 250);
                await s.DoAsync("PWD", "257 \"/\"…");
            });

        Check("F959-4.1.1-20", Level.May, "RFC 959 SMNT",
            "SMNT is not implemented and answers 502.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("SMNT /x", 502);
            });

        Check("F959-4.1.1-21", Level.May, "RFC 959 REIN",
            "REIN waits for a running transfer, discards all login and parameter state and answers 220.",
            async c =>
            {
                await c.NeedAsync("REIN");
                Session s = await c.LoginClearAsync();
                await s.DoAsync("CWD docs", 250);
                await s.DoAsync("REIN", 220);
                await s.DoAsync("PWD", 530);
                await s.LoginAsync(c.Alice);
                await s.DoAsync("PWD", "257 \"/\"…");
                await s.GetAsync("docs/a.txt", "hello\r\nworld\r\n");
            });

        Check("F959-4.1.1-22", Level.Must, "RFC 959 REIN",
            "REIN during a transfer takes effect after the transfer's 226.",
            async c =>
            {
                await c.NeedAsync("REIN");
                Session s = await c.LoginClearAsync();
                await using DataConnection data = await s.BeginAsync("RETR /big.bin");
                await s.SendAsync("REIN");
                Verify.Bytes(FixtureTree.Big(), await data.ReadToEndAsync(), "data");
                await s.ExpectAsync(226);
                await s.ExpectAsync(220);
                await s.DoAsync("PWD", 530);
            });

        Check("F959-4.1.1-23", Level.Must, "RFC 959 QUIT",
            "QUIT answers 221 and closes; it works before login.",
            async c =>
            {
                Session fresh = await c.ConnectAsync();
                await fresh.DoAsync("QUIT", 221);
                await fresh.ExpectEndAsync();
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.SendRawAsync($"QUIT\r\nMKD {up}/after-quit\r\n");
                await s.ExpectAsync(221);
                await s.ExpectEndAsync();
                Session other = await c.LoginAsync();
                await other.DoAsync($"CWD {up}/after-quit", 550);
            });

        Check("F959-4.1.1-24", Level.Must, "RFC 959 QUIT",
            "QUIT during a transfer lets it finish, then sends 226, 221 and closes.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await using DataConnection data = await s.BeginAsync("RETR /big.bin");
                await s.SendAsync("QUIT");
                Verify.Bytes(FixtureTree.Big(), await data.ReadToEndAsync(), "data");
                await s.ExpectAsync(226);
                await s.ExpectAsync(221);
                await s.ExpectEndAsync();
            });

        Check("F959-4.1.1-25", Level.Must, "RFC 959 QUIT",
            "Unexpected loss of the control connection has the effect of ABOR plus QUIT.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                DataConnection data = await s.BeginAsync($"STOR {up}/partial");
                await data.WriteAsync(new byte[100_000]);
                await Task.Delay(1000);
                s.Control.Reset();
                await data.ReadToEndAsync();
                await data.DisposeAsync();
                Session other = await c.LoginAsync();
                long size = 0;
                for (int attempt = 0; attempt < 20 && size == 0; attempt++)
                {
                    await Task.Delay(100);
                    Reply reply = await other.AskAsync($"SIZE {up}/partial");
                    size = reply.Code == 213 ? long.Parse(reply.Text, System.Globalization.CultureInfo.InvariantCulture) : 0;
                }

                Verify.That(size is > 0 and <= 100_000, $"the partial file has {size} octets, expected 1 to 100000");
                await other.PutAsync($"{up}/partial", "new");
                await other.DoAsync($"DELE {up}/partial", 250);
            });
    }
}

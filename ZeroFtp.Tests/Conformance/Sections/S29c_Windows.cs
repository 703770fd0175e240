using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, sections 29.6 to 29.8: dialogues of clients of Windows, .NET and Java.</summary>
internal sealed class S29c_Windows : Section
{
    public S29c_Windows()
        : base("29 Windows, FluentFTP and Commons Net")
    {
        Check("CLI-WI-1", Level.DeFacto, "",
            "ftp.exe sends OPTS UTF8 ON before USER and needs a reply (200 best); uses PORT only, NLST for wildcards, XPWD/XMKD/XRMD.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync("OPTS UTF8 ON", 200);
                await s.DoAsync($"USER {c.Alice.Name}", 331);
                await s.DoAsync($"PASS {c.Alice.Password}", 230);
                await s.DoAsync("CWD docs", 250);
                Transfer names = await s.DownAsync("NLST *.txt", DataMode.Port);
                Verify.Contains("a.txt", names.Lines, "NLST *.txt");
                await s.DoAsync("XPWD", "257 \"/docs\"…");
            });

        Check("CLI-WI-2", Level.DeFacto, "",
            "Explorer sends opts utf8 on, PWD, CWD, TYPE A, PASV, LIST, noop, site help.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.LoginAsync(c.Alice);
                await s.DoAsync("opts utf8 on", 200);
                await s.DoAsync("PWD", 257);
                await s.DoAsync("CWD /docs/", 250);
                await s.DoAsync("TYPE A", 200);
                Transfer listing = await s.DownAsync("LIST", DataMode.Pasv);
                Verify.That(listing.Text.Contains(" a.txt\r\n", StringComparison.Ordinal), "LIST does not show a.txt");
                await s.DoAsync("noop", 200);
                await s.DoAsync("site help", 214);
            });

        Check("CLI-WI-3", Level.DeFacto, "",
            "FtpWebRequest needs 220 and 331/230 exactly, 257 with only two quotes, single-line 227/229, 150 or 125 before 226,.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                Verify.Equal(220, s.Greeting.Code, "greeting");
                await s.DoAsync($"USER {c.Alice.Name}", 331);
                await s.DoAsync($"PASS {c.Alice.Password}", 230);
                await s.DoAsync("OPTS utf8 on", 200);
                Reply where = await s.DoAsync("PWD", 257);
                Verify.Equal(2, where.Text.Count(letter => letter == '"'), "quotes in 257");
                await s.DoAsync("TYPE I", 200);
                Verify.Equal(1, (await s.DoAsync("PASV", 227)).Lines.Count, "lines of 227");
                Verify.Equal(1, (await s.DoAsync("EPSV", 229)).Lines.Count, "lines of 229");
                Transfer got = await s.DownAsync("RETR /docs/a.txt", DataMode.Pasv);
                Verify.Bytes("hello\nworld\n", got.Data, "data");
                await s.DoAsync("CWD /docs", 250);
                await s.DoAsync("CWD /", 250);
                await s.DoAsync("QUIT", 221);
                await s.ExpectEndAsync();
            });

        Check("CLI-WI-4", Level.DeFacto, "",
            "FtpWebRequest with EnableSsl sends AUTH TLS, PBSZ 0, PROT P after login too; its TLS never sends close_notify.",
            async c =>
            {
                Session s = await c.LoginClearAsync();
                string up = await c.ScratchAsync(s);
                await s.AuthTlsAsync();
                await s.LoginAsync(c.Alice);
                await s.DoAsync("PBSZ 0", 200);
                await s.DoAsync("PROT P", 200);
                await s.DoAsync("TYPE I", 200);
                await using DataConnection data = await s.BeginAsync($"STOR {up}/x");
                await data.WriteAsync("hello");
                data.HalfClose();
                await s.ExpectAsync(226);
                await s.GetAsync($"{up}/x", "hello");
            },
            needs: ["AUTH TLS"]);

        Check("CLI-FL-1", Level.DeFacto, "",
            "PBSZ and PROT must succeed; EPSV is tried first; PASV next; an unroutable 227 address is replaced.",
            async c =>
            {
                Session s = await c.LoginTlsAsync(prot: false);
                await s.DoAsync("PBSZ 0", 200);
                await s.DoAsync("PROT P", 200);
                await s.DoAsync("EPSV", 229);
                await s.DoAsync("PASV", 227);
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
            });

        Check("CLI-FL-2", Level.DeFacto, "",
            "It recognises missing and existing objects by words such as not found, No such file, already exists in 550 texts.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Verify.Matches("(?i)no such file|not found|does not exist", (await s.DoAsync("SIZE nope", 550)).Text, "550 for a missing file");
                Verify.Matches("(?i)exist", (await s.DoAsync("MKD docs", 550)).Text, "550 for an existing directory");
            });

        Check("CLI-FL-3", Level.DeFacto, "",
            "HASH reply must hold algorithm, range, digest in this order and an algorithm it knows.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply reply = await s.DoAsync("HASH docs/a.txt", 213);
                Verify.Matches("^SHA-256 0-11 [0-9a-f]{64} docs/a.txt$", reply.Text, "HASH");
            },
            needs: ["HASH"]);

        Check("CLI-FL-4", Level.DeFacto, "",
            "NOOP may be sent during transfers by its keep-alive thread; replies come after 226.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await NoopsDuringAsync(s, 2);
            });

        Check("CLI-AC-1", Level.DeFacto, "",
            "1xx is mandatory before data.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                Reply passive = await s.DoAsync("PASV", 227);
                Verify.Equal(1, passive.Lines.Count, "lines of 227");
                string address = s.Control.Remote.Address.ToString().Replace('.', ',');
                Verify.Matches($@"\b{address},\d+,\d+\b", passive.Text, "227 names the control peer");
                await using DataTarget target = await s.PasvAsync();
                Transfer got = await s.DownAsync("RETR docs/a.txt", DataMode.Pasv);
                Transfer listing = await s.DownAsync("LIST", DataMode.Pasv);
                Transfer stored = await s.UpAsync($"STOR {up}/x", "1", DataMode.Pasv);
                foreach (Transfer transfer in (Transfer[])[got, listing, stored])
                    Verify.That(transfer.Preliminary.IsPreliminary && transfer.Preliminary.Lines.Count == 1, $"preliminary reply: {transfer.Preliminary}");
                Verify.Bytes("hello\nworld\n", got.Data, "data");
            });

        Check("CLI-AC-2", Level.DeFacto, "",
            "SYST text selects the parser.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("SYST", "215 UNIX Type: L8…");
                foreach (string line in (await s.DownAsync("LIST docs")).Lines)
                    Verify.Matches(@"^[-dlbcps][-rwxsStT]{9} +\d+ +\S+ +\S+ +\d+ [A-Z][a-z]{2} [ 0-3]\d ( \d{4}|\d\d:\d\d) .+$", line, "line of LIST");
                await c.NeedAsync("MLST");
                foreach (MlsxEntry entry in await s.MlsdAsync("docs"))
                    Verify.Matches(@"^\d{14}(\.\d{3})?$", entry["modify"] ?? "", $"modify of {entry.Name}");
            });

        Check("CLI-AC-3", Level.DeFacto, "",
            "setControlKeepAliveTimeout sends NOOP during transfers and later reads their replies.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await NoopsDuringAsync(s, 3);
            });

        Check("CLI-AC-4", Level.DeFacto, "",
            "PBSZ reply text after PBSZ= must be a bare number.",
            async c =>
            {
                Session s = await c.ConnectTlsAsync();
                await s.DoAsync("PBSZ 0", "200 PBSZ=0");
            });
    }

    private static async Task NoopsDuringAsync(Session session, int count)
    {
        await using DataConnection data = await session.BeginAsync("RETR /big.bin");
        await data.ReadExactlyAsync(1000);
        for (int sent = 0; sent < count; sent++)
            await session.SendAsync("NOOP");
        Verify.Equal(10_485_760 - 1000, (await data.ReadToEndAsync()).Length, "octets of the rest");
        await session.ExpectAsync(226);
        for (int answered = 0; answered < count; answered++)
            await session.ExpectAsync(200);
        await session.ExpectSilenceAsync(0.2);
    }
}

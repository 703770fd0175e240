using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Fixture;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, sections 29.1 and 29.2: dialogues of FileZilla and WinSCP.</summary>
internal sealed class S29a_FileZilla : Section
{
    public S29a_FileZilla()
        : base("29 FileZilla and WinSCP")
    {
        Check("CLI-FZ-1", Level.DeFacto, "",
            "Log-in: AUTH TLS.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.AuthTlsAsync();
                await s.DoAsync($"USER {c.Alice.Name}", 331);
                await s.DoAsync($"PASS {c.Alice.Password}", 230);
                await s.DoAsync("SYST", 215);
                IReadOnlyList<string> features = await s.FeaturesAsync();
                Verify.That(features.Count > 0, "FEAT lists nothing");
                if (features.Contains("CLNT"))
                    await s.DoAsync("CLNT FileZilla", 200);
                await s.DoAsync("OPTS UTF8 ON", 200);
                await s.DoAsync("PBSZ 0", "200 PBSZ=0");
                await s.DoAsync("PROT P", 200);
                if (features.Any(line => line.StartsWith("MLST", StringComparison.Ordinal)))
                    await s.DoAsync("OPTS MLST type;size;modify;perm;unix.mode;", 200);
                await s.GetAsync("docs/a.txt", "hello\r\nworld\r\n");
            },
            needs: ["AUTH TLS"]);

        Check("CLI-FZ-2", Level.DeFacto, "",
            "Listing: PWD, TYPE I, PASV (IPv4) or EPSV (IPv6), MLSD if the FEAT MLST line exists, else LIST or LIST -a.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("PWD", "257 \"/\"…");
                await s.DoAsync("TYPE I", 200);
                string listing = await c.OffersAsync("MLST") ? "MLSD" : "LIST -a";
                Transfer four = await s.DownAsync(listing, DataMode.Pasv);
                Verify.That(four.Text.Contains(" docs\r\n", StringComparison.Ordinal), $"{listing} does not show docs");
                if (await c.TryLogin6Async() is { } six)
                    Verify.That((await six.DownAsync(listing)).Text.Contains(" docs\r\n", StringComparison.Ordinal), $"{listing} over IPv6 does not show docs");
            });

        Check("CLI-FZ-3", Level.DeFacto, "",
            "Every TLS data connection must end with close_notify, and session resumption of the control session is offered.",
            async c =>
            {
                Session s = await c.LoginTlsAsync(tls: new TlsSettings { Name = $"{Guid.NewGuid():N}.example" });
                await using DataConnection data = await s.BeginAsync("LIST");
                byte[] listing = await data.ReadToEndAsync();
                await s.ExpectAsync(226);
                Verify.That(listing.Length > 0, "an empty listing");
                Verify.That(data.Tap!.Resumed, "the data connection did not resume the session of the control connection");
                Verify.That(data.Tap!.LastIsAlert, "the last record of the server is no close_notify");
            });

        Check("CLI-FZ-4", Level.DeFacto, "",
            "Resume: download REST n + RETR; upload REST n + STOR if REST STREAM is listed, else APPE.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "hello");
                await s.DoAsync("REST 5", 350);
                await s.PutAsync($"{up}/x", "\nworld\n");
                await s.GetAsync($"{up}/x", "hello\nworld\n");
                await s.PutAsync($"{up}/y", "hello");
                await s.UpAsync($"APPE {up}/y", "\nworld\n");
                await s.GetAsync($"{up}/y", "hello\nworld\n");
                await s.DoAsync("REST 6", 350);
                await s.GetAsync($"{up}/y", "world\n");
            });

        Check("CLI-FZ-5", Level.DeFacto, "",
            "After upload MFMT time path (absolute path).",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "1");
                await s.DoAsync($"MFMT 20200102030405 /{up}/x", 213);
            },
            needs: ["MFMT"]);

        Check("CLI-FZ-6", Level.DeFacto, "",
            "Keep-alive while idle: NOOP, TYPE I, TYPE A or PWD at random.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "1");
                foreach (string line in (string[])["NOOP", "TYPE I", "TYPE A", "PWD", "TYPE I"])
                    Verify.That((await s.AskAsync(line)).IsCompletion, $"{line} was refused");
                await s.DoAsync("REST 6", 350);
                await s.DoAsync("NOOP", 200);
                await s.DoAsync("PWD", 257);
                await s.GetAsync("docs/a.txt", "world\n");
                await s.DoAsync($"RNFR {up}/x", 350);
                await s.DoAsync("NOOP", 200);
                await s.DoAsync($"RNTO {up}/y", 250);
            });

        Check("CLI-WS-1", Level.DeFacto, "",
            "FEAT parsed before and after login; CLNT, OPTS UTF8 ON, MLSD or LIST -a; SITE features are read from SITE x lines in FEAT.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                IReadOnlyList<string> before = await s.FeaturesAsync();
                Verify.That(before.Count > 0, "FEAT lists nothing before login");
                await s.LoginAsync(c.Alice);
                IReadOnlyList<string> features = await s.FeaturesAsync();
                await s.DoAsync("OPTS UTF8 ON", 200);
                Verify.That((await s.DownAsync("LIST -a docs")).Text.Contains("a.txt", StringComparison.Ordinal), "LIST -a docs does not show a.txt");
                foreach (string site in (string[])["CHMOD", "UTIME", "SYMLINK", "CPFR", "CPTO"])
                {
                    if (await c.OffersAsync($"SITE {site}"))
                        Verify.Contains($"SITE {site}", features, "FEAT");
                }
            });

        Check("CLI-WS-2", Level.DeFacto, "",
            "Time stamps by MFMT, else MDTM YYYYMMDDHHMMSS path.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "1");
                if (await c.OffersAsync("MFMT"))
                    await s.DoAsync($"MFMT 20200102030405 {up}/x", 213);
                await s.DoAsync($"MDTM 20200102030406 {up}/x", 213);
                await s.DoAsync($"MDTM {up}/x", "213 20200102030406");
            });

        Check("CLI-WS-3", Level.DeFacto, "",
            "Checksums: OPTS HASH name, HASH path (quoted when it has spaces), X-verbs; last line of the reply is parsed.",
            async c =>
            {
                c.Need(FixturePart.OddNames);
                Session s = await c.LoginAsync();
                await s.DoAsync("OPTS HASH SHA-256", 200);
                Reply hash = await s.DoAsync("HASH \"docs/sp ace.txt\"", 213);
                Verify.Contains(Hex(System.Security.Cryptography.SHA256.HashData("x\n"u8)).ToLowerInvariant(), hash.Text.Split(' '), "words of the reply");
                await c.NeedAsync("XSHA1");
                await s.DoAsync("XSHA1 \"docs/sp ace.txt\"", "250 6FCF9DFBD479ED82697FEE719B9F8C610A11FF2A");
            },
            needs: ["HASH"]);

        Check("CLI-WS-4", Level.DeFacto, "",
            "Permissions by SITE CHMOD, links by SITE SYMLINK, copy by SITE CPFR/CPTO, free space by AVBL or XQUOTA.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "1");
                foreach (string feature in (string[])["SITE CHMOD", "SITE SYMLINK", "SITE CPFR", "AVBL"])
                    await c.NeedAsync(feature);
                await s.DoAsync($"SITE CHMOD 640 {up}/x", 200);
                await s.DoAsync($"SITE SYMLINK x {up}/l", 200);
                await s.GetAsync($"{up}/l", "1");
                await s.DoAsync($"SITE CPFR {up}/x", 350);
                await s.DoAsync($"SITE CPTO {up}/y", 250);
                await s.GetAsync($"{up}/y", "1");
                Verify.Matches(@"^213 \d+$", (await s.AskAsync("AVBL /")).Line, "AVBL /");
            });

        Check("CLI-WS-5", Level.DeFacto, "",
            "Waits for 150 before it starts the data TLS handshake.",
            async c =>
            {
                Session s = await c.LoginTlsAsync();
                await using DataTarget target = await s.EpsvAsync();
                await using DataConnection data = await target.OpenAsync();
                await s.SendAsync("RETR docs/a.txt");
                Reply reply = await s.ReadAsync(TimeSpan.FromSeconds(1));
                Verify.That(reply.IsPreliminary, $"expected 150 before the handshake, saw {reply}");
                Verify.Bytes("hello\nworld\n", await data.ReadToEndAsync(), "data");
                await s.ExpectAsync(226);
            });
    }

    private static string Hex(byte[] digest) => Convert.ToHexString(digest);
}

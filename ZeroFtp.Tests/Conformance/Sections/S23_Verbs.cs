using System.Net.Sockets;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 23: further verbs in use.</summary>
internal sealed class S23_Verbs : Section
{
    public S23_Verbs()
        : base("23 Further verbs")
    {
        Check("DF-AVBL-1", Level.May, "draft-peterson-streamlined-ftp-command-extensions",
            "AVBL [dir] answers 213 octets free for the user.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply reply = await s.DoAsync("AVBL", 213);
                Verify.Matches(@"\A213 \d+\r\n\z", reply.Whole, "AVBL");
                await s.DoAsync("AVBL docs", 213);
                await s.DoAsync("AVBL nope", 550);
                await s.DoAsync("AVBL docs/a.txt", 550);
            },
            needs: ["AVBL"]);

        Check("DF-DSIZ-1", Level.May, "draft-peterson-streamlined-ftp-command-extensions",
            "DSIZ [dir] answers 213 octets as the recursive size of the directory.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync($"MKD {up}/d", 257);
                await s.DoAsync($"MKD {up}/d/e", 257);
                await s.PutAsync($"{up}/d/x", "12345");
                await s.PutAsync($"{up}/d/e/y", "1234567");
                await s.DoAsync($"DSIZ {up}/d", "213 12");
                await s.DoAsync("DSIZ nope", 550);
            },
            needs: ["DSIZ"]);

        Check("DF-RMDA-1", Level.May, "draft-peterson-streamlined-ftp-command-extensions",
            "RMDA dir removes a directory tree, 250.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync($"MKD {up}/t", 257);
                await s.DoAsync($"MKD {up}/t/u", 257);
                await s.PutAsync($"{up}/t/u/x", "1");
                await s.PutAsync($"{up}/kept", "1");
                bool linked = (await s.AskAsync($"SITE SYMLINK /{up}/kept {up}/t/link")).IsCompletion;
                s.Note(linked ? "with a link inside" : "without a link inside");
                await s.DoAsync($"RMDA {up}/t", 250);
                await s.DoAsync($"CWD {up}/t", 550);
                await s.GetAsync($"{up}/kept", "1");
                await s.DoAsync("RMDA /", 550);
                await s.DoAsync("SIZE docs/a.txt", "213 12");
            },
            needs: ["RMDA"]);

        Check("DF-COMB-1", Level.DeFacto, "",
            "COMB target part1 part2 … appends the parts to the target in order, deletes them and answers 250.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/p1", "a");
                await s.PutAsync($"{up}/p2", "b");
                await s.DoAsync($"COMB \"{up}/out\" \"{up}/p1\" \"{up}/p2\"", 250);
                await s.GetAsync($"{up}/out", "ab");
                await s.DoAsync($"SIZE {up}/p1", 550);
                await s.DoAsync($"SIZE {up}/p2", 550);
                await s.PutAsync($"{up}/p3", "c");
                await s.DoAsync($"COMB {up}/out {up}/p3", 250);
                await s.GetAsync($"{up}/out", "abc");
            },
            needs: ["COMB"]);

        Check("DF-COMB-2", Level.Choice, "",
            "A missing part gives 550 before anything is changed; syntax errors 501; target equal to a part 553.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/p1", "a");
                await s.DoAsync($"COMB {up}/out {up}/p1 nope", 550);
                await s.GetAsync($"{up}/p1", "a");
                await s.DoAsync($"SIZE {up}/out", 550);
                await s.DoAsync("COMB", 501);
                await s.DoAsync($"COMB {up}/out", 501);
                await s.DoAsync($"COMB {up}/p1 {up}/p1", 553);
                await s.GetAsync($"{up}/p1", "a");
            },
            needs: ["COMB"]);

        Check("DF-CLNT-1", Level.DeFacto, "",
            "CLNT text is logged and answered 200, before and after login.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync("CLNT FileZilla 3.66", 200);
                await s.DoAsync("CLNT", 501);
                await s.LoginAsync(c.Alice);
                await s.DoAsync("CLNT FileZilla 3.66", 200);
            },
            needs: ["CLNT"]);

        Check("DF-CSID-1", Level.May, "draft-peterson-streamlined-ftp-command-extensions",
            "CSID exchanges identification: 200 Name=…; Version=…; OS=…; CaseSensitive=…; DirSep=/;.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply reply = await s.DoAsync("CSID Name=x; Version=1;", 200);
                Verify.Matches(@"^Name=[^;]+; (Version=[^;]*; )?(OS=[^;]*; )?CaseSensitive=[01]; DirSep=/;$", reply.Text, "CSID");
            },
            needs: ["CSID"]);

        Check("DF-THMB-1", Level.May, "draft-peterson-streamlined-ftp-command-extensions",
            "THMB format width height path sends a thumbnail over the data connection (150/226); else 502 and not in FEAT.",
            async c =>
            {
                Session s = await c.LoginAsync();
                bool listed = (await s.FeaturesAsync()).Any(line => line.StartsWith("THMB", StringComparison.Ordinal));
                if (!listed)
                {
                    await s.DoAsync("THMB PNG 64 64 docs/a.txt", 502, 500);
                    return;
                }

                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/p.png", TinyPng);
                Transfer thumbnail = await s.DownAsync($"THMB PNG 64 64 {up}/p.png");
                Verify.Bytes("\x89PNG\r\n\x1a\n", [.. thumbnail.Data.Take(8)], "first octets of the thumbnail");
                Verify.That(thumbnail.Data.Length >= 24 && Number(thumbnail.Data, 16) is > 0 and <= 64 && Number(thumbnail.Data, 20) is > 0 and <= 64, "the thumbnail is larger than 64 by 64");
                await s.RefusedAsync($"THMB XYZ 64 64 {up}/p.png", 504);
                await s.RefusedAsync("THMB PNG 64 64 docs/a.txt", 550);
            });

        Check("DF-PRET-1", Level.DeFacto, "",
            "PRET verb path answers 200, remembers nothing, and is not listed in FEAT.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("PRET RETR docs/a.txt", 200);
                await s.DoAsync("PRET", 501);
                Verify.That(!(await s.FeaturesAsync()).Any(line => line.StartsWith("PRET", StringComparison.Ordinal)), "FEAT lists PRET");
                Transfer got = await s.DownAsync("RETR docs/a.txt", DataMode.Pasv);
                Verify.Bytes("hello\nworld\n", got.Data, "data");
            });

        Check("DF-XALIAS-1", Level.Should, "RFC 1123 §4.1.3.1",
            "XCUP/XCWD/XMKD/XPWD/XRMD as F1123-4.1.3.1-1.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync("XPWD", "257 \"/\"…");
                await s.DoAsync($"XMKD {up}/q", 257);
                await s.DoAsync($"XCWD {up}/q", 250);
                await s.DoAsync("XCUP", 250);
                await s.DoAsync("PWD", $"257 \"/{up}\"…");
                await s.DoAsync("XRMD q", 250);
            });

        Check("DF-OPTS-1", Level.DeFacto, "",
            "OPTS names accepted: UTF8, UTF-8, MLST, HASH, MODE, and nothing else.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("OPTS UTF-8 ON", 200);
                await s.DoAsync("OPTS UTF8 ON", 200);
                await s.DoAsync("OPTS MLST type;", 200);
                await s.DoAsync("OPTS STOR", 501);
                await s.DoAsync("OPTS NLST x", 501);
                if (await c.OffersAsync("HASH"))
                    await s.DoAsync("OPTS HASH SHA-1", 200);
                if (await c.OffersAsync("MODE Z"))
                    await s.DoAsync("OPTS MODE Z", 200);
            });

        Check("DF-NOOP-1", Level.DeFacto, "",
            "NOOP before login counts neither as activity for the login timer nor as failure.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                TimeSpan lived = await ContextExtras.TimeAsync(async () =>
                {
                    for (int second = 0; second < 60; second++)
                    {
                        Reply reply = await s.AskAsync("NOOP");
                        if (reply.Code == 421)
                            return;
                        Verify.Equal(200, reply.Code, "NOOP before login");
                        for (int part = 0; part < 10 && !s.Control.HasInput; part++)
                            await Task.Delay(100);
                        if (s.Control.HasInput)
                        {
                            await s.ExpectAsync(421);
                            return;
                        }
                    }

                    Verify.Fail("a connection that sends NOOP only still lives after a minute");
                });
                s.Note($"ended after {lived.TotalSeconds:0.0} s");
                await s.ExpectEndAsync();
            },
            profile: Profiles.ShortLimits, turn: Turn.Alone, seconds: 90);

        Check("DF-LOGIN-1", Level.Choice, "",
            "An unauthenticated connection is closed with 421 after a login limit (default 60 s).",
            async c =>
            {
                Session s = await c.ConnectAsync();
                Reply reply = await s.ReadAsync(TimeSpan.FromSeconds(70));
                Verify.Equal(421, reply.Code, "what comes when nobody logs in");
                await s.ExpectEndAsync();
            },
            profile: Profiles.ShortLimits, turn: Turn.Alone, seconds: 90);

        Check("DF-HTTP-1", Level.Choice, "",
            "If the first line looks like another protocol.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.SendRawAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
                await s.ExpectAsync(421);
                await s.Control.ReadToEndAsync(c.Patience);
                Session t = await c.ConnectAsync();
                for (int time = 0; time < 4; time++)
                    await t.DoAsync("FOOB", 500);
                await t.DoAsync("FOOB", 421);
                await t.ExpectEndAsync();
                Session u = await c.ConnectAsync();
                await u.Control.Socket.SendAsync(TlsRaw.ClientHello(0x0303));
                byte[] said = await u.Control.ReadToEndAsync(c.Patience);
                Verify.Matches("^(421 .*\r\n)?$", Octets.Text(said), "answer to a TLS ClientHello on the clear port");
            });
    }

    /// <summary>A picture of one by one.</summary>
    private static readonly byte[] TinyPng = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static int Number(byte[] octets, int at) => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(octets.AsSpan(at));
}

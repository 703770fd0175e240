using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Fixture;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 18: HASH of draft-bryan-ftpext-hash.</summary>
internal sealed class S18_Hash : Section
{
    public S18_Hash()
        : base("18 HASH")
    {
        Check("HASH-3-1", Level.Must, "draft §3",
            "HASH path answers one line 213 algorithm start-end digest path.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply reply = await s.DoAsync("HASH docs/a.txt", "213 SHA-256 0-11 4a1e67f2fe1d1cc7b31d0ca2ec441da4778203a036a77da10344c85e24ff0f92 docs/a.txt");
                Verify.Equal(1, reply.Lines.Count, "lines of the reply");
            },
            needs: ["HASH"]);

        Check("HASH-3-2", Level.Choice, "draft §3",
            "end is the last octet (inclusive); for an empty file the range is 0-0.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("HASH zero", "213 SHA-256 0-0 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 zero");
            },
            needs: ["HASH"]);

        Check("HASH-3-3", Level.Should, "draft §3",
            "Digests are lower-case hex; the path is echoed as sent.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply reply = await s.DoAsync("HASH docs/../docs/a.txt", 213);
                Verify.Matches(@"^\S+ \d+-\d+ [0-9a-f]{64} docs/\.\./docs/a\.txt$", reply.Text, "reply");
            },
            needs: ["HASH"]);

        Check("HASH-3-4", Level.Must, "draft §3",
            "The digest covers the octets of a TYPE I MODE S transfer whatever TYPE and MODE are set.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply image = await s.DoAsync("HASH docs/a.txt", 213);
                await s.DoAsync("TYPE A", 200);
                Reply ascii = await s.DoAsync("HASH docs/a.txt", 213, 551);
                if (ascii.Code == 213)
                    Verify.Equal(image.Text, ascii.Text, "HASH in TYPE A");
            },
            needs: ["HASH"]);

        Check("HASH-3-5", Level.Choice, "draft §3 permits `213-` progress lines",
            "No progress lines are sent, the reply stays single-line, and ABOR interrupts the calculation.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await HugeFile.MakeAsync(s, $"{up}/huge");
                await s.SendAsync($"HASH {up}/huge");
                await s.SendAsync("ABOR");
                Reply hash = await s.ReadAsync(TimeSpan.FromSeconds(20));
                Verify.That(hash.Code == 450 && !hash.IsMultiline, $"HASH that ABOR interrupts: expected 450, saw {hash}");
                await s.ExpectAsync(226);
                await s.DoAsync($"DELE {up}/huge", 250);
            },
            needs: ["HASH"], turn: Turn.Alone, seconds: 240);

        Check("HASH-3.1-1", Level.Must, "draft §3.1",
            "FEAT has HASH with ;-terminated names and * on the current one.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string line = await s.FeatureAsync("HASH");
                Verify.Matches(@"^HASH ([A-Z0-9-]+\*?;)+$", line, "FEAT line");
                Verify.Equal(1, line.Count(letter => letter == '*'), "asterisks in the FEAT line");
                foreach (string name in (string[])["SHA-256*", "SHA-512", "SHA-1", "MD5", "CRC32"])
                    Verify.Contains(name, line["HASH ".Length..].Split(';'), "FEAT line");
            },
            needs: ["HASH"]);

        Check("HASH-3.2-1", Level.Must, "draft §3.2",
            "OPTS HASH returns the current algorithm, OPTS HASH name selects one; names are case-insensitive.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("OPTS HASH", "200 SHA-256");
                await s.DoAsync("OPTS HASH sha-1", "200 SHA-1");
                await s.DoAsync("HASH docs/a.txt", "213 SHA-1 0-11 58853e8a5e8272b1012f9a52a80758b27bd0d3cb docs/a.txt");
            },
            needs: ["HASH"]);

        Check("HASH-3.2-2", Level.Must, "draft §3.2",
            "An unknown algorithm gives 501 and keeps the selection.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("OPTS HASH CRC-37", 501);
                await s.DoAsync("OPTS HASH", "200 SHA-256");
            },
            needs: ["HASH"]);

        Check("HASH-3.2-3", Level.Must, "draft §3.2",
            "The selection lasts until REIN.",
            async c =>
            {
                Session s = await c.LoginClearAsync();
                await s.DoAsync("OPTS HASH MD5", "200 MD5");
                await s.DoAsync("CWD docs", 250);
                await s.DoAsync("OPTS HASH", "200 MD5");
                await s.DoAsync("REIN", 220);
                await s.LoginAsync(c.Alice);
                await s.DoAsync("OPTS HASH", "200 SHA-256");
            },
            needs: ["HASH"]);

        Check("HASH-3.3-1", Level.May, "draft §3.3",
            "A range set by RANG applies to the next HASH.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("RANG 0 4", 350);
                await s.DoAsync("HASH docs/a.txt", "213 SHA-256 0-4 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824 docs/a.txt");
            },
            needs: ["HASH", "RANG"]);

        Check("HASH-3.3-2", Level.Choice, "",
            "HASH does not use REST and does not consume RANG set for a transfer unless it used it.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("REST 6", 350);
                await s.DoAsync("HASH docs/a.txt", "213 SHA-256 0-11 …");
            },
            needs: ["HASH"]);

        Check("HASH-3.5-1", Level.Should, "draft §3.5",
            "Errors: 450 busy, 501 syntax, 550 missing, 551 not possible in TYPE I/MODE S, 552 user not allowed, 553 directory, 556 policy.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("HASH nope", 550);
                await s.DoAsync("HASH docs", 553);
                await s.DoAsync("HASH", 501);
            },
            needs: ["HASH"]);

        Check("HASH-5-1", Level.Must, "draft §5",
            "SHA-1 is supported; the default is not weaker than SHA-1; the default is SHA-256, never CRC32.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("OPTS HASH", "200 SHA-256");
                await s.DoAsync("OPTS HASH SHA-1", "200 SHA-1");
            },
            needs: ["HASH"]);

        Check("HASH-6-1", Level.Must, "draft §6",
            "HASH needs the right to read the file.",
            async c =>
            {
                (Session s, string closed) = await c.WalledAsync();
                await s.DoAsync($"HASH {closed}", 550);
            },
            needs: ["HASH"]);

        Check("HASH-6-2", Level.Choice, "",
            "Concurrent hash jobs per server are limited; beyond the limit 450.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await HugeFile.MakeAsync(s, $"{up}/huge");
                await s.SendAsync($"HASH {up}/huge");
                await Task.Delay(100);
                Verify.That(!s.Control.HasInput, "the long HASH is over at once");
                Session other = await c.LoginAsync();
                await other.DoAsync("HASH docs/a.txt", 450);
                await s.SendAsync("ABOR");
                await s.ReadAsync(TimeSpan.FromSeconds(20));
                await s.ReadAsync();
                await s.DoAsync($"DELE {up}/huge", 250);
            },
            profile: Profiles.ShortLimits, needs: ["HASH"], turn: Turn.Alone, seconds: 240);

        Check("HASH-DF-1", Level.DeFacto, "",
            "An argument wholly enclosed in double quotes is unquoted if no file has the quoted name.",
            async c =>
            {
                c.Need(FixturePart.OddNames);
                Session s = await c.LoginAsync();
                Reply plain = await s.DoAsync("HASH docs/sp ace.txt", 213);
                Reply quoted = await s.DoAsync("HASH \"docs/sp ace.txt\"", 213);
                Verify.Equal(plain.Text.Split(' ')[2], quoted.Text.Split(' ')[2], "digest of the quoted name");
            },
            needs: ["HASH"]);
    }
}

using System.Text.RegularExpressions;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Fixture;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, sections 29.3 to 29.5: dialogues of lftp, curl and wget.</summary>
internal sealed class S29b_Unix : Section
{
    public S29b_Unix()
        : base("29 lftp, curl and wget")
    {
        Check("CLI-LF-1", Level.DeFacto, "",
            "After FEAT: LANG if listed, CLNT, OPTS UTF8 ON, OPTS MLST …, HOST; commands are pipelined.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.LoginAsync(c.Alice);
                IReadOnlyList<string> features = await s.FeaturesAsync();
                List<(string Line, int Code)> lines = [("OPTS UTF8 ON", 200)];
                if (features.Any(line => line.StartsWith("LANG", StringComparison.Ordinal)))
                    lines.Insert(0, ("LANG", 200));
                if (features.Contains("CLNT"))
                    lines.Insert(0, ("CLNT lftp/4.9.2", 200));
                if (features.Any(line => line.StartsWith("MLST", StringComparison.Ordinal)))
                    lines.Add(("OPTS MLST type;size;modify;UNIX.mode;", 200));
                lines.AddRange([("SYST", 215), ("PWD", 257), ("TYPE I", 200), ("SIZE docs/a.txt", 213)]);
                await s.SendRawAsync(string.Concat(lines.Select(line => line.Line + "\r\n")));
                foreach ((string line, int code) in lines)
                    Verify.Equal(code, (await s.ReadAsync()).Code, $"reply to {line}");
                await s.ExpectSilenceAsync(0.2);
            });

        Check("CLI-LF-2", Level.DeFacto, "",
            "EPSV is used only if EPSV is in FEAT (IPv4), PRET only if listed.",
            async c =>
            {
                Session s = await c.LoginAsync();
                IReadOnlyList<string> features = await s.FeaturesAsync();
                Verify.Contains("EPSV", features, "FEAT");
                Verify.Lacks("PRET", features, "FEAT");
            });

        Check("CLI-LF-3", Level.DeFacto, "",
            "REST n may come before or after PASV; ALLO n precedes STOR (202 makes it stop sending it).",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("ALLO 5", 202, 200);
                await s.DoAsync("REST 6", 350);
                await using (DataTarget target = await s.PasvAsync())
                    Verify.Bytes("world\n", (await s.DownAsync("RETR docs/a.txt", target)).Data, "REST before PASV");
                await using (DataTarget target = await s.PasvAsync())
                {
                    await s.DoAsync("REST 6", 350);
                    Verify.Bytes("world\n", (await s.DownAsync("RETR docs/a.txt", target)).Data, "REST after PASV");
                }
            });

        Check("CLI-LF-4", Level.DeFacto, "",
            "ABOR is preceded by IAC IP and urgent IAC DM, in clear and (in line) in TLS; both 426/226 and 226/226 are handled.",
            async c =>
            {
                Session s = await c.LoginClearAsync();
                await using (DataConnection data = await s.BeginAsync("RETR /big.bin"))
                {
                    await data.ReadExactlyAsync(1000);
                    await s.SendRawAsync("\xff\xf4\xff");
                    await s.SendUrgentAsync("\xf2");
                    await s.SendRawAsync("ABOR\r\n");
                    await s.ExpectAsync(426);
                    await s.ExpectAsync(226, 225);
                }

                await s.InStepAsync();
                if (!await c.OffersAsync("AUTH TLS"))
                    return;
                Session t = await c.LoginTlsAsync();
                await using (DataConnection data = await t.BeginAsync("RETR /big.bin"))
                {
                    await data.ReadExactlyAsync(1000);
                    await t.SendRawAsync("\xff\xf4\xff\xf2" + "ABOR\r\n");
                    await t.ExpectAsync(426);
                    await t.ExpectAsync(226, 225);
                }

                await t.InStepAsync();
            });

        Check("CLI-LF-5", Level.DeFacto, "",
            "On 522 for a transfer it repeats with PROT P.",
            async c =>
            {
                Session s = await c.ConnectTlsAsync();
                await s.LoginAsync(c.Alice);
                await s.DoAsync("PBSZ 0", 200);
                await s.DoAsync("PROT C", 200, 534);
                s.IsPrivate = false;
                await s.RefusedAsync("LIST", 522);
                await s.DoAsync("PROT P", 200);
                Verify.That((await s.DownAsync("LIST")).Lines.Count > 0, "an empty listing");
            },
            profile: Profiles.TlsRequired);

        Check("CLI-LF-6", Level.DeFacto, "",
            "Unsupported SITE verbs are recognised by 500, 501 or 502, not by 504.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("SITE NOSUCH", 500, 501, 502);
            });

        Check("CLI-LF-7", Level.DeFacto, "",
            "STAT during transfer is used for progress in FXP.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await using DataConnection data = await s.BeginAsync("RETR /big.bin");
                await data.ReadExactlyAsync(1000);
                Reply status = await s.DoAsync("STAT", 213, 211);
                Verify.Matches(@"^213 Status: \d+ of \d+ bytes transferred", status.Line, "STAT during a transfer");
                byte[] rest = await data.ReadToEndAsync();
                Verify.Equal(FixtureTree.BigLength - 1000, rest.Length, "octets after STAT");
                await s.ExpectAsync(226);
            });

        Check("CLI-CU-1", Level.DeFacto, "",
            "Tries AUTH SSL first, then AUTH TLS; accepts 234.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync("AUTH SSL", 234);
                await s.SecureAsync();
                await s.DoAsync($"USER {c.Alice.Name}", 331);
                await s.DoAsync($"PASS {c.Alice.Password}", 230);
                await s.DoAsync("PBSZ 0", 200);
                await s.DoAsync("PROT P", 200);
            },
            needs: ["AUTH TLS"]);

        Check("CLI-CU-2", Level.DeFacto, "",
            "PWD must answer 257 with the path in quotes as the first quoted string.",
            async c =>
            {
                c.Need(FixturePart.OddNames);
                Session s = await c.LoginAsync();
                await s.DoAsync("CWD docs/q\"uote", 250);
                Reply where = await s.DoAsync("PWD", 257);
                Verify.Matches("^\"/docs/q\"\"uote\"[^\"]*$", where.Text, "PWD");
            });

        Check("CLI-CU-3", Level.DeFacto, "",
            "EPSV first even on IPv4, then PASV after a failure; 229 parsed strictly as (|||port|) with one delimiter.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply reply = await s.DoAsync("EPSV", 229);
                Verify.Matches(@"^[^(]*\(\|\|\|\d+\|\)[^(]*$", reply.Text, "EPSV");
                await s.DoAsync("PASV", 227);
            });

        Check("CLI-CU-4", Level.DeFacto, "",
            "SIZE then REST n (needs 350) then RETR (needs 150 or 125) then 226 or 250; the size is also read from the last (N bytes of 150.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("SIZE docs/a.txt", "213 12");
                await s.DoAsync("REST 6", 350);
                Transfer got = await s.DownAsync("RETR docs/a.txt");
                Verify.Bytes("world\n", got.Data, "data");
                Match count = Regex.Match(got.Preliminary.Text, @"\((\d+) bytes", RegexOptions.RightToLeft);
                Verify.That(!count.Success || count.Groups[1].Value is "6" or "12", $"size in {got.Preliminary}");
            });

        Check("CLI-CU-5", Level.DeFacto, "",
            "Empty listings: 226 without data or 450.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Transfer listing = await s.DownAsync("LIST empty");
                Verify.Equal(0, listing.Data.Length, "octets of the listing");
                Verify.Equal(226, listing.Final.Code, "final reply");
            });

        Check("CLI-CU-6", Level.DeFacto, "",
            "Multi-line replies end at the first line of any code followed by a space.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                Verify.That(s.Greeting.IsMultiline, $"the greeting has one line: {s.Greeting}");
                foreach (string line in s.Greeting.Middle)
                    Verify.NoMatch("^[0-9]{3}[ -]", line, "line of the greeting");
                Verify.That(s.Greeting.Middle.Append(s.Greeting.Line).Any(line => line.Contains("220 x", StringComparison.Ordinal)), $"the line \"220 x\" of the banner is not there: {s.Greeting}");
                await s.InStepAsync();
            },
            profile: Profiles.Texts);

        Check("CLI-CU-7", Level.DeFacto, "",
            "Directory changes one component at a time: CWD a, CWD b; creation on demand: MKD then CWD.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync($"CWD {up.Split('/')[0]}", 250);
                await s.DoAsync($"CWD {up.Split('/')[1]}", 250);
                await s.DoAsync("CWD new", 550);
                await s.DoAsync("MKD new", 257);
                await s.DoAsync("CWD new", 250);
                await s.DoAsync("CWD deeper", 550);
                await s.DoAsync("MKD deeper", 257);
                await s.DoAsync("CWD deeper", 250);
                await s.PutAsync("x", "1");
                await s.DoAsync("CWD /", 250);
                await s.GetAsync($"{up}/new/deeper/x", "1");
            });

        Check("CLI-WG-1", Level.DeFacto, "",
            "SYST must be 215 UNIX Type: L8 for Unix parsing; then LIST -a or LIST.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("SYST", "215 UNIX Type: L8…");
                await s.DoAsync("CWD /docs", 250);
                Transfer listing = await s.DownAsync("LIST -a", DataMode.Pasv);
                string? line = listing.Lines.FirstOrDefault(line => line.EndsWith(" a.txt", StringComparison.Ordinal));
                Verify.That(line is not null && line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4] == "12", $"line of a.txt: {line}");
                await s.GetAsync("a.txt", "hello\nworld\n");
            });

        Check("CLI-WG-2", Level.DeFacto, "",
            "In LIST the month name anchors parsing; owner and group must not look like one.",
            async c =>
            {
                Session s = await c.LoginAsync();
                foreach (string line in (await s.DownAsync("LIST docs")).Lines)
                {
                    string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                    int month = Array.FindIndex(fields, field => Regex.IsMatch(field, "^(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)$"));
                    Verify.Equal(5, month, $"field with the first month name in {line}");
                    Verify.Matches(@"^\d+$", fields[month - 1], "field before the month");
                }
            });

        Check("CLI-WG-3", Level.DeFacto, "",
            "227 is parsed from the first digit after the code.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply reply = await s.DoAsync("PASV", 227);
                Verify.Matches(@"^[^0-9]*(\d{1,3},){5}\d{1,3}\b", reply.Text, "PASV");
            });

        Check("CLI-WG-4", Level.DeFacto, "",
            "On IPv6, and with --no-passive-ftp on IPv4, EPSV 2/EPRT |2|…| and PORT are used.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Verify.Bytes("hello\nworld\n", await s.GetAsync("docs/a.txt", DataMode.Port), "data with PORT");
                if (await c.TryLogin6Async() is not { } six)
                    return;
                await six.DoAsync("EPSV 2", 229);
                Verify.Bytes("hello\nworld\n", await six.GetAsync("docs/a.txt", DataMode.Eprt), "data with EPRT over IPv6");
            });
    }
}

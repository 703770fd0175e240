using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Fixture;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 7: what RFC 1123 corrects in RFC 959.</summary>
internal sealed class S07_Rfc1123 : Section
{
    public S07_Rfc1123()
        : base("7 RFC 1123 corrections")
    {
        Check("F1123-4.1.2.1-1", Level.Must, "RFC 1123 §4.1.2.1",
            "TYPE I and TYPE L 8 are both supported and equivalent.",
            async c =>
            {
                Session s = await c.LoginWithoutTypeAsync();
                foreach (string type in (string[])["TYPE I", "TYPE A", "TYPE L 8"])
                {
                    await s.DoAsync(type, 200);
                    if (type != "TYPE A")
                        await s.GetAsync("/bin.dat", Octets.Text(FixtureTree.AllOctets()));
                }
            });

        Check("F1123-4.1.2.2-1", Level.Should, "RFC 1123 §4.1.2.2",
            "TYPE A T equals TYPE A N.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("TYPE A T", 200);
                await s.GetAsync("docs/a.txt", "hello\r\nworld\r\n");
            });

        Check("F1123-4.1.2.4-1", Level.Should, "RFC 1123 §4.1.2.4",
            "Record/file transformation is reversible where possible.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync("TYPE A", 200);
                await s.DoAsync("STRU R", 200);
                byte[] records = await s.GetAsync("docs/a.txt");
                await s.PutAsync($"{up}/r", records);
                await s.DoAsync("TYPE I", 200);
                await s.DoAsync("STRU F", 200);
                await s.GetAsync($"{up}/r", "hello\nworld\n");
            },
            needs: ["STRU R"]);

        Check("F1123-4.1.2.5-1", Level.Should, "RFC 1123 §4.1.2.5",
            "A PORT per transfer is accepted back to back without delay.",
            async c =>
            {
                Session s = await c.LoginAsync();
                for (int count = 0; count < 200; count++)
                    Verify.Bytes("", (await s.DownAsync("RETR /zero", DataMode.Port)).Data, $"transfer {count + 1}");
            });

        Check("F1123-4.1.2.6-1", Level.Must, "RFC 1123 §4.1.2.6",
            "PASV is implemented.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Verify.That((await s.DownAsync("LIST", DataMode.Pasv)).Lines.Count > 3, "LIST over PASV is too short");
            });

        Check("F1123-4.1.2.7-1", Level.Must, "RFC 1123 §4.1.2.7",
            "NLST names are usable as RETR arguments; listing type is implied A N.",
            async c =>
            {
                Session s = await c.LoginAsync();
                IReadOnlyList<string> names = (await s.DownAsync("NLST docs")).Lines;
                string? first = names.FirstOrDefault(name => name.EndsWith("a.txt", StringComparison.Ordinal));
                Verify.That(first is not null, $"NLST docs lacks a.txt: {string.Join(" | ", names)}");
                await s.GetAsync(first, "hello\nworld\n");
            });

        Check("F1123-4.1.2.8-1", Level.Should, "RFC 1123 §4.1.2.8",
            "Own non-standard functions are offered through SITE.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply help = await s.DoAsync("SITE HELP", 214);
                foreach (string feature in (await s.FeaturesAsync()).Where(line => line.StartsWith("SITE ", StringComparison.OrdinalIgnoreCase)))
                {
                    foreach (string name in feature.Split(' ', ';').Skip(1).Where(name => name.Length > 0))
                        Verify.That(help.Whole.Contains(name, StringComparison.OrdinalIgnoreCase), $"FEAT lists SITE {name}, SITE HELP does not: {help}");
                }

                foreach (string name in (string[])["CHMOD", "UTIME", "SYMLINK", "UMASK", "IDLE", "CPFR", "MKDIR", "RMDIR"])
                {
                    if (await c.OffersAsync($"SITE {name}"))
                        Verify.That(help.Whole.Contains(name, StringComparison.OrdinalIgnoreCase), $"SITE {name} works, SITE HELP does not list it: {help}");
                }
            });

        Check("F1123-4.1.2.9-1", "MUST if STOU", "RFC 1123 §4.1.2.9",
            "The name is in the 125/150 reply in the form FILE: pppp.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync($"CWD {await c.ScratchAsync(s)}", 250);
                Transfer transfer = await s.UpAsync("STOU", "x");
                Verify.Matches("\\A1(25|50) FILE: \\S+\r\n\\z", transfer.Preliminary.Whole, "preliminary reply of STOU");
            },
            needs: ["STOU"]);

        Check("F1123-4.1.2.10-1", Level.MustNot, "RFC 1123 §4.1.2.10",
            "No use of READ boundaries.",
            async c =>
            {
                Session s = await c.LoginAsync();
                foreach (char octet in "TYPE I\r\nSYST\r\n")
                {
                    await s.SendRawAsync($"{octet}");
                    await Task.Delay(10);
                }

                await s.ExpectAsync(200);
                await s.ExpectAsync(215);
            });

        Check("F1123-4.1.2.11-1", Level.Must, "RFC 1123 §4.1.2.11",
            "Only well-formed replies; RFC 959 codes where they apply; 4yz for transient causes.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.RefusedAsync("RETR nope", 550);
                IReadOnlyList<string> breaches = c.Observations.Breaches(Breach.Form, Breach.LineEnd);
                Verify.That(breaches.Count == 0, $"{breaches.Count} of {c.Observations.Replies} replies: {string.Join("; ", breaches.Take(5))}");
            },
            turn: Turn.Last);

        Check("F1123-4.1.2.12-1", Level.Must, "RFC 1123 §4.1.2.12",
            "Default data port is tied to the control connection's local address; Telnet options are refused.",
            async c =>
            {
                await S05e_DataLimits.SameAddressAsync(c);
                Session s = await c.LoginAsync();
                await s.SendRawAsync("\u00ff\u00fd\u0006NOOP\r\n");
                Verify.Bytes("\u00ff\u00fc\u0006", await s.Control.ReadExactlyAsync(3, c.Patience), "answer to DO 6");
                await s.ExpectAsync(200);
            });

        Check("F1123-4.1.2.13-1", Level.Must, "RFC 1123 §4.1.2.13",
            "Minimum set: TYPE AN, I, L 8.",
            async c =>
            {
                string[] lines =
                [
                    "TYPE A N", "TYPE L 8", "TYPE I", "MODE S", "STRU F", "RNFR nope", "RNTO x", "DELE nope", "CWD docs", "CDUP", "RMD nope", "MKD docs", "PWD", "SYST", "STAT", "HELP",
                    "NOOP", "ACCT x", "USER x", "PASS x", "QUIT",
                ];
                Session s = await c.LoginAsync();
                await (await s.PortAsync()).DisposeAsync();
                foreach (string line in (string[])["RETR nope", "STOR nodir/x", "APPE nodir/x", "LIST nope", "NLST nope"])
                {
                    // Some servers answer 150 first, and wait for the data connection before they look.
                    await using DataTarget target = await s.PasvAsync();
                    await using DataConnection data = await target.OpenAsync();
                    Reply reply = await s.AskAsync(line);
                    Verify.That(reply.Code is not (500 or 502), $"{line} was answered {reply}");
                    if (!reply.IsPreliminary)
                        continue;
                    await data.CloseAsync();
                    await s.ReadAsync();
                }

                foreach (string line in lines)
                {
                    Reply reply = await s.AskAsync(line);
                    Verify.That(reply.Code is not (500 or 502), $"{line} was answered {reply}");
                }
            });

        Check("F1123-4.1.3.1-1", Level.Should, "RFC 1123 §4.1.3.1",
            "XCUP XCWD XMKD XPWD XRMD are aliases with identical replies.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoAsync($"XMKD {up}/x", $"257 \"/{up}/x\"…");
                await s.DoAsync($"XCWD {up}/x", 250);
                await s.DoAsync("XPWD", $"257 \"/{up}/x\"…");
                await s.DoAsync("XCUP", 250);
                await s.DoAsync("XRMD x", 250);
                await s.DoAsync("CWD x", 550);
            });

        Check("F1123-4.1.3.2-1", Level.Should, "RFC 1123 §4.1.3.2",
            "An idle timeout exists, is configurable and is at least 5 minutes by default.",
            async c =>
            {
                Session s = await c.LoginAsync();
                if (c.Under(Profiles.ShortLimits))
                {
                    System.Diagnostics.Stopwatch clock = System.Diagnostics.Stopwatch.StartNew();
                    Verify.Equal(421, (await s.ReadAsync(TimeSpan.FromSeconds(10))).Code, "after the idle limit");
                    await s.ExpectEndAsync();
                    Verify.That(clock.Elapsed.TotalSeconds is > 1.5 and < 6, $"the connection was closed after {clock.Elapsed.TotalSeconds:0.0} s, the limit being 2 s");
                    return;
                }

                Reply limit = await s.AskAsync("SITE IDLE");
                if (limit.Code != 200)
                    throw new CheckSkippedException("SITE IDLE", $"the idle limit cannot be asked for: {limit}");
                int[] numbers = [.. System.Text.RegularExpressions.Regex.Matches(limit.Text, "[0-9]+").Select(match => int.Parse(match.Value, System.Globalization.CultureInfo.InvariantCulture))];
                Verify.That(numbers.Length > 0 && numbers[0] >= 300, $"the idle limit is below 300 s: {limit}");
            },
            profile: $"{Profiles.Default}|{Profiles.ShortLimits}");

        Check("F1123-4.1.3.2-2", Level.Should, "RFC 1123 §4.1.3.2",
            "Idle time does not run while a command or transfer is in progress.",
            async c =>
            {
                Session s = await c.LoginAsync();
                s.DataReceiveBuffer = 8192;
                await using DataConnection data = await s.BeginAsync("RETR /big.bin");
                List<byte> all = [];
                for (int piece = 0; piece < 12; piece++)
                {
                    all.AddRange(await data.ReadExactlyAsync(512 * 1024));
                    await Task.Delay(500);
                }

                all.AddRange(await data.ReadToEndAsync());
                await s.ExpectAsync(226, 250);
                // At once: to compare what came may take longer than the session may be idle.
                await s.InStepAsync();
                Verify.Bytes(FixtureTree.Big(), [.. all], "data");
            },
            profile: Profiles.ShortLimits);

        Check("F1123-4.1.3.3-1", Level.Must, "RFC 1123 §4.1.3.3",
            "STAT and ABOR arriving during a transfer are accepted (immediately or deferred), never lost.",
            async c =>
            {
                Session s = await c.LoginAsync();
                s.DataReceiveBuffer = 8192;
                await using DataTarget target = await s.EpsvAsync();
                await using DataConnection data = await target.OpenAsync();
                await s.SendAsync("RETR /big.bin");
                await s.ExpectAsync(150, 125);
                await data.SecureAsync();
                await s.SendRawAsync("STAT\r\nABOR\r\n");
                List<int> codes = [];
                while (codes.Count < 3)
                    codes.Add((await s.ReadAsync()).Code);
                Verify.That(codes[2] is 226 or 225 && codes.Count(code => code is 211 or 213) == 1 && codes.Count(code => code is 426 or 226 or 225) == 2, $"codes after STAT and ABOR: {string.Join(", ", codes)}");
                await s.InStepAsync();
            });

        Check("F1123-4.1.3.4-1", "MUST if markers", "RFC 1123 §4.1.3.4",
            "110 has the exact form 110 MARK ssss = rrrr.",
            async c => await S05c_Structures.MarkerAsync(c),
            needs: ["MODE B"]);

        Check("F1123-4.1.3.4-2", Level.Should, "RFC 1123 §4.1.3.4",
            "An impossible restart position gives 554 on the transfer verb.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("REST 999", 350);
                await s.RefusedAsync("RETR docs/a.txt", 554);
            });

        Check("F1123-4.1.4.1-1", "MUST for users; server consequence", "RFC 1123 §4.1.4.1",
            "Any printable ASCII and space may occur in pathnames up to the line limit.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                string name = string.Concat(Enumerable.Range(0x20, 0x5f).Select(octet => (char)octet).Where(octet => octet != '/'));
                await s.PutAsync($"{up}/{name}", "x");
                await s.GetAsync($"{up}/{name}", "x");
            });
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Fixture;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 29.9: what devices and other real clients need, and how transfers end.</summary>
internal sealed class S29f_DevicesAndEnds : Section
{
    public S29f_DevicesAndEnds()
        : base("29 Devices and ends")
    {
        Check("END-5", Level.Choice, "",
            "226 after a download comes when all of it is acknowledged, not before and not later; a reset before that is 426.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/f", new string('z', 60_000));
                s.DataReceiveBuffer = 2048;
                DataConnection slow = await s.BeginAsync($"RETR {up}/f");
                await slow.ReadExactlyAsync(100);
                await s.ExpectSilenceAsync(0.5);
                await slow.ReadExactlyAsync(59_900);
                await s.ExpectAsync(226);
                await slow.DisposeAsync();
                DataConnection broken = await s.BeginAsync($"RETR {up}/f");
                await broken.ReadExactlyAsync(100);
                broken.Reset();
                await s.ExpectAsync(426);
                if (!await c.OffersAsync("AUTH TLS"))
                    return;
                Session tls = await c.LoginTlsAsync(prot: true);
                await using DataConnection kept = await tls.BeginAsync($"RETR {up}/f");
                await kept.ReadExactlyAsync(60_000);
                long start = Stopwatch.GetTimestamp();
                await tls.ExpectAsync(226);
                Verify.That(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(1), $"226 came {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s after the last byte");
            });

        Check("END-6", Level.Choice, "",
            "The stall limit is a limit on the peer's silence: a download that is read slowly without a pause goes on.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/f", new string('y', 9_000_000));
                s.DataReceiveBuffer = 8192;
                await using DataConnection slow = await s.BeginAsync($"RETR {up}/f");
                for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(14);)
                {
                    await slow.ReadExactlyAsync(6000);
                    await Task.Delay(300);
                }

                await s.ExpectAsync(426);
            },
            seconds: 60, profile: Profiles.ShortLimits);

        Check("DEV-1", Level.DeFacto, "",
            "An account with any right in a directory may enter it.",
            async c =>
            {
                string up = await c.ScratchAsync(await c.LoginAsync());
                Session camera = await c.LoginAsync(c.Account("drop"));
                await camera.DoAsync("CWD /", 250);
                await camera.DoAsync($"CWD {up}", 250);
                await camera.DoAsync("MKD d", 257);
                await camera.DoAsync("CWD d", 250);
                await camera.DoAsync("CDUP", 250);
                await camera.PutAsync("d/image", "x");
                await camera.RefusedAsync("RETR d/image", 550);
            });

        Check("DEV-2", Level.DeFacto, "",
            "No punctuation follows a pathname in any reply.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                string name = $"{up}/n";
                await s.PutAsync(name, "x");
                foreach (string line in (string[])[$"CWD /{up}", "CDUP", "CWD /", $"CWD {name}", $"CWD {name}x", $"MKD {name}", $"RMD {name}", $"RMD {name}x", $"DELE {up}", $"DELE {name}x", $"SIZE {up}", $"MDTM {name}x",
                    $"RNFR {name}x", $"RETR {name}x", $"LIST {name}x", $"STAT {name}x", $"MKD {name}d", $"RMD {name}d", $"DELE {name}"])
                {
                    Reply reply = await s.AskAsync(line);
                    string path = line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..];
                    foreach (string text in reply.Lines)
                        Verify.NoMatch($@"{System.Text.RegularExpressions.Regex.Escape(path)}[.,:;!]|Directory changed to .*\.$", text, line);
                }
            });

        Check("DEV-3", Level.DeFacto, "",
            "Harmless forms are accepted: TYPE L8, TYPE I N, spaces in PORT, EPRT without its last bar, CR CR LF, NUL before CR or behind LF, CWD ~.",
            async c =>
            {
                Session s = await c.LoginWithoutTypeAsync();
                await s.DoAsync("TYPE A", 200);
                await s.DoAsync("TYPE L8", 200);
                await s.GetAsync("/bin.dat", Octets.Text(FixtureTree.AllOctets()));
                await s.DoAsync("TYPE A", 200);
                await s.DoAsync("TYPE I N", 200);
                await s.GetAsync("/bin.dat", Octets.Text(FixtureTree.AllOctets()));
                using (Socket listener = s.Listen())
                {
                    IPEndPoint ours = (IPEndPoint)listener.LocalEndPoint!;
                    await s.DoAsync($"PORT {SessionData.PortArgument(ours).Replace(",", ", ", StringComparison.Ordinal)}", 200);
                    await s.DoAsync($"EPRT |1|{ours.Address}|{ours.Port}", 200);
                }

                foreach (string line in (string[])["CWD docs\r\r\n", "SIZE a.txt\0\r\n", "SIZE a.txt\r\n\0NOOP\r\n"])
                {
                    await s.SendRawAsync(line);
                    await s.ExpectAsync(line[0] == 'C' ? 250 : 213);
                }

                await s.ExpectAsync(200);
                await s.DoAsync("CWD ~", 250);
                await s.DoAsync("PWD", "257 \"/\"…");
            });

        Check("DEV-4", Level.Must, "RFC 1123 §4.1.2.9",
            "STOU with a path announces the pathname.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                Transfer t = await s.UpAsync($"STOU {up}/n.txt", "hello");
                string name = t.Preliminary.Text[(t.Preliminary.Text.IndexOf("FILE: ", StringComparison.Ordinal) + "FILE: ".Length)..].TrimEnd();
                await s.GetAsync(name, "hello");
            });

        Check("DEV-5", Level.Must, "RFC 2389 §3.2",
            "Every feature beyond RFC 959 that works is in FEAT, MD5, MMD5 and XQUOTA too.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/n", "x");
                foreach (string line in (string[])[$"MD5 {up}/n", $"MMD5 {up}/n", "XQUOTA", $"XCRC {up}/n", $"SIZE {up}/n", $"MDTM {up}/n", $"MLST {up}/n", $"HASH {up}/n", "AVBL", $"DSIZ {up}"])
                {
                    if ((await s.AskAsync(line)).Code < 300)
                        Verify.That(await c.OffersAsync(line.Split(' ')[0]), $"{line} works and FEAT does not list it");
                }
            },
            profile: Profiles.EverythingOn);

        Check("DEV-6", Level.Must, "RFC 959 ALLO",
            "ALLO answered 202 has no effect; what is too much is refused at ALLO.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                Reply reply = await s.AskAsync("ALLO 1000000000000000");
                Verify.That(reply.Code is 200 or 202 or 452 or 552 or 504, $"ALLO: {reply}");
                await s.DoAsync("NOOP", 200);
                await s.PutAsync($"{up}/n", "small");
            });

        Check("DEV-7", Level.Must, "RFC 3659 §7.2",
            "The pathname of 257 and MLST leads back to the entry, byte for byte.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                Reply made = await s.DoRawAsync($"MKD {up}/a\x01" + "b");
                Skip.Unless(made.Code == 257, "names with control characters", $"a client cannot make such a name here: {made}");
                string told = made.Text.Split('"')[1];
                await s.DoAsync("CWD " + told, 250);
                Verify.Matches("a\x01" + "b", (await s.DoAsync("PWD", 257)).Text, "PWD");
                if (await c.OffersAsync("MLST"))
                    Verify.Matches("a\x01" + "b", (await s.DoAsync("MLST", 250)).Whole, "MLST");
            });

        Manual("DEV-8", Level.Choice, "",
            "Digests agree: HASH, XCRC and their kind answer for the stored content or 451, never differently.",
            "It takes a byte that changes in the store. Every digest is computed from a read through memory: VerifiedReadTests.A_changed_byte_ends_a_read_through_memory.");
    }
}

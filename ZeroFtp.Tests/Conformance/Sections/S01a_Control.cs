using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Fixture;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 1: the greeting, how a command line is cut and read, and how commands follow each other.</summary>
internal sealed class S01a_Control : Section
{
    public S01a_Control()
        : base("1 Control connection")
    {
        Check("F959-8-1", Level.Must, "RFC 959 §8",
            "The server listens for control connections on TCP port 21 by default and the port is configurable.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                Verify.Equal(c.Settings.Server.Port, s.Control.Remote.Port, "control port");
                Verify.Equal(220, s.Greeting.Code, "greeting");
            });

        Check("F959-5.4-1", Level.Must, "RFC 959 §5.4",
            "On accept the server sends exactly one 220 greeting without waiting for any client bytes.",
            async c =>
            {
                Session s = await c.DialAsync(c.Settings.Server);
                Reply greeting = await s.ReadAsync(TimeSpan.FromSeconds(2));
                Verify.Equal(220, greeting.Code, "first reply");
                await s.ExpectSilenceAsync(1);
            });

        Check("F959-5.4-2", Level.May, "RFC 959 §5.4",
            "If not ready the server may send 120 and then 220; prefer not to, several clients reject 120.",
            async c =>
            {
                Session s = await c.DialAsync(c.Settings.Server);
                Verify.Equal(220, (await s.ReadAsync()).Code, "first reply");
                Verify.Lacks("120", c.Observations.Codes.Keys.Select(code => $"{code}"), "codes seen in the run");
            });

        Check("F959-5.4-3", Level.Must, "RFC 959 §5.4",
            "When it cannot serve (too many clients, shutting down, address denied) the greeting is 421 followed by close.",
            async c =>
            {
                for (int count = 0; count < 200; count++)
                {
                    Session s = await c.DialAsync(c.Settings.Server);
                    Reply greeting = await s.ReadAsync();
                    if (greeting.Code == 220)
                        continue;
                    Verify.Equal(421, greeting.Code, $"greeting of connection {count + 1}");
                    Verify.That(count > 0, "no connection at all was accepted");
                    await s.ExpectEndAsync(TimeSpan.FromSeconds(2));
                    return;
                }

                Verify.Fail("200 connections were accepted: the server's limit was not reached");
            },
            profile: Profiles.ShortLimits,
            turn: Turn.Alone);

        Check("F959-5.3-1", Level.Must, "RFC 959 §5.3",
            "Verbs are case-insensitive.",
            async c =>
            {
                Session s = await c.LoginAsync();
                foreach (string verb in (string[])["noop", "NoOp", "NOOP"])
                    await s.DoAsync(verb, 200);
            });

        Check("F959-5.3-2", Level.Must, "RFC 959 §5.3",
            "Symbolic parameter values are case-insensitive.",
            async c =>
            {
                Session s = await c.LoginAsync();
                foreach (string line in (string[])["type i", "mode s", "stru f"])
                    await s.DoAsync(line, 200);
                if (!await c.OffersAsync("AUTH TLS"))
                    return;
                Session tls = await c.LoginTlsAsync(prot: false);
                await tls.DoAsync("PBSZ 0", 200);
                await tls.DoAsync("prot p", 200);
            });

        Check("F959-5.3-3", Level.Must, "RFC 959 §5.3",
            "No action is taken before the end-of-line is received.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.PutAsync($"{up}/x", "1");
                await s.SendRawAsync($"DELE {up}/x");
                await s.ExpectSilenceAsync(1);
                Session other = await c.LoginAsync();
                await other.DoAsync($"SIZE {up}/x", "213 1");
                await s.SendRawAsync("\r\n");
                await s.ExpectAsync(250);
                await other.DoAsync($"SIZE {up}/x", 550);
            });

        Check("F959-5.3-4", Level.Must, "RFC 959 §5.3 with RFC 2640 §3.1",
            "For verbs that take a pathname exactly one space separates verb and name; further spaces belong to the name.",
            async c =>
            {
                c.Need(FixturePart.OddNames);
                Session s = await c.LoginAsync();
                await s.DoAsync("SIZE docs/ lead", "213 2");
                await s.RefusedAsync("RETR  docs/a.txt", 550);
            });

        Check("F959-5.3-5", Level.Must, "RFC 959 §5.3",
            "For verbs whose argument is not a pathname, user name or password, runs of spaces between tokens are accepted.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("TYPE   I", 200);
                await s.DoAsync("ALLO  10  R  5", 202, 200);
            });

        Check("F959-5.3-6", Level.Must, "RFC 3659 §2.2",
            "Trailing spaces are part of a pathname.",
            async c =>
            {
                c.Need(FixturePart.OddNames);
                Session s = await c.LoginAsync();
                await s.DoAsync("SIZE docs/trail ", "213 2");
                await s.DoAsync("SIZE docs/trail", 550);
            });

        Check("F959-5.3-7", Level.Must, "RFC 959 §5.3.1",
            "A verb that requires an argument and gets none answers 501.",
            async c =>
            {
                Session s = await c.LoginAsync();
                foreach (string verb in (string[])["CWD", "RETR", "TYPE", "RNFR", "USER"])
                    await s.DoAsync(verb, 501);
            });

        Check("F959-5.3-8", Level.Choice, "",
            "A verb without arguments ignores trailing text, except FEAT which answers 501.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("PWD junk", 257);
                await s.DoAsync("NOOP junk", 200);
                await s.DoAsync("FEAT junk", 501);
            });

        Check("F959-4.2-10", Level.Must, "RFC 959 §4.2",
            "An unknown verb gets 500; a known but unimplemented verb gets 502.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("FOOB", 500);
                await s.DoAsync("SMNT /x", 502);
            });

        Check("CTL-1", Level.Choice, "",
            "An empty line (only CRLF) is ignored silently.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.SendRawAsync("\r\nNOOP\r\n");
                await s.ExpectAsync(200);
                await s.ExpectSilenceAsync(0.3);
            });

        Check("CTL-2", Level.DeFacto, "",
            "LF alone also terminates a command.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.SendRawAsync("NOOP\n");
                await s.ExpectAsync(200);
            });

        Check("CTL-3", Level.Choice, "RFC 959 §4.2",
            "Lines up to at least 4096 octets are accepted; a longer line is discarded to its end and answered once with 500.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync($"NOOP {new string('a', 4096 - 7)}", 200);
                await s.SendRawAsync($"NOOP {new string('a', 1 << 20)}\r\nNOOP\r\n");
                await s.ExpectAsync(500);
                await s.ExpectAsync(200);
                await s.ExpectSilenceAsync(0.3);
            });

        Check("CTL-4", Level.MustNot, "RFC 1123 §4.1.2.10",
            "The parser assumes nothing about TCP read boundaries.",
            async c =>
            {
                Session s = await c.LoginAsync();
                foreach (string piece in (string[])["N", "O", "OP\r", "\n"])
                {
                    await s.SendRawAsync(piece);
                    await Task.Delay(30);
                }

                await s.ExpectAsync(200);
                await s.SendRawAsync("NOOP\r\nPWD\r\nNOOP\r\n");
                await s.ExpectAsync(200);
                await s.ExpectAsync(257);
                await s.ExpectAsync(200);
                await s.ExpectSilenceAsync(0.3);
            });

        Check("CTL-5", Level.Should, "RFC 959 §4.2",
            "Commands received while another is in progress are queued and answered in order.",
            async c =>
            {
                c.Need(FixturePart.Times);
                Session s = await c.LoginAsync();
                await s.SendRawAsync("TYPE I\r\nSIZE /bin.dat\r\nMDTM /docs/a.txt\r\nSYST\r\n");
                await s.ExpectAsync(200);
                await s.ExpectAsync("213 256");
                await s.ExpectAsync("213 20200102030405");
                await s.ExpectAsync(215);
            });

        Check("CTL-6", Level.Choice, "",
            "The queue of unread pipelined input is bounded by TCP back-pressure, not by dropping.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Task sending = s.Control.SendAsync(Octets.Raw(string.Concat(Enumerable.Repeat("NOOP\r\n", 10_000))));
                await Task.Delay(1000);
                for (int count = 0; count < 10_000; count++)
                    await s.ExpectAsync(200);
                await sending;
                await s.ExpectSilenceAsync(0.3);
            });

        Check("CTL-7", Level.Must, "RFC 3659 §7",
            "The control connection is 8-bit clean in both directions.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                Reply made = await s.DoAsync($"MKD {up}/ü", 257);
                Verify.Matches($"^257 \"/{up}/\xc3\xbc\"", made.Line, "MKD reply");
            });

        Check("CTL-8", Level.Choice, "",
            "NUL inside a command, other than right after CR, makes the command invalid.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoRawAsync("SIZE a\0b", 501);
                await s.InStepAsync();
            });

        Check("CTL-9", Level.DeFacto, "",
            "EOF or reset on the control connection aborts any transfer, closes data sockets and frees the session without a further reply.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await using DataConnection data = await s.BeginAsync("RETR /big.bin");
                await data.ReadExactlyAsync(1000);
                await s.DisposeAsync();
                byte[] rest = await data.ReadToEndAsync();
                Verify.That(rest.Length < FixtureTree.BigLength - 1000, "the whole file was sent although control had been closed");
            });

        Manual("CTL-10", Level.Choice, "",
            "TCP keep-alive is enabled on control connections so that dead peers and NAT expiry are noticed during long transfers.",
            "The socket option is set inside the server: KeepAliveTests.Control_connections_have_keep_alive.");

        Check("CTL-11", Level.DeFacto, "",
            "TCP_NODELAY or equivalent is set so that short replies are not delayed.",
            async c =>
            {
                Session s = await c.LoginAsync();
                System.Diagnostics.Stopwatch clock = System.Diagnostics.Stopwatch.StartNew();
                for (int count = 0; count < 100; count++)
                    await s.DoAsync("NOOP", 200);
                Verify.That(clock.Elapsed < TimeSpan.FromSeconds(1), $"100 NOOP took {clock.Elapsed.TotalSeconds:0.00} s");
            },
            turn: Turn.Alone);
    }
}

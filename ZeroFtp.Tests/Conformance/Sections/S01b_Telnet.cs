using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 1: Telnet commands and urgent data inside the control connection.</summary>
internal sealed class S01b_Telnet : Section
{
    public S01b_Telnet()
        : base("1 Telnet")
    {
        Check("TEL-1", Level.Must, "RFC 959 §4.1, RFC 854",
            "IAC IAC in a command is one data octet 0xFF.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                Reply made = await s.DoRawAsync($"MKD {up}/a\xff\xff" + "b", 257);
                Verify.Matches($"^257 \"/{up}/a\xff\xff" + "b\"", made.Whole, "MKD reply as sent");
                Transfer names = await s.DownAsync($"NLST {up}");
                Verify.Contains("a\xff" + "b", names.Lines.Select(line => line.Split('/')[^1]), "NLST of the directory");
            });

        Check("TEL-2", Level.Must, "RFC 3659 §2.2",
            "An 0xFF octet in any reply is sent doubled.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoRawAsync($"MKD {up}/a\xff\xff" + "b", 257);
                await s.DoRawAsync($"CWD {up}/a\xff\xff" + "b", 250);
                Reply where = await s.DoAsync("PWD", 257);
                Verify.Matches($"^257 \"/{up}/a\xff\xff" + "b\"", where.Whole, "PWD reply as sent");
            });

        Check("TEL-3", Level.Must, "RFC 1123 §4.1.2.12",
            "Telnet option offers are refused: WILL x → DONT x, DO x → WONT x; WONT and DONT get no answer.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.SendRawAsync("\xff\xfb\x18NOOP\r\n");
                Verify.Bytes("\xff\xfe\x18", await s.Control.ReadExactlyAsync(3, c.Patience), "answer to WILL 24");
                await s.ExpectAsync(200);
                await s.SendRawAsync("\xff\xfd\x01NOOP\r\n");
                Verify.Bytes("\xff\xfc\x01", await s.Control.ReadExactlyAsync(3, c.Patience), "answer to DO 1");
                await s.ExpectAsync(200);
                await s.SendRawAsync("\xff\xfc\x01NOOP\r\n\xff\xfe\x01NOOP\r\n");
                await s.ExpectAsync(200);
                await s.ExpectAsync(200);
                await s.ExpectSilenceAsync(0.3);
            });

        Check("TEL-4", Level.MustNot, "RFC 1123 §4.1.2.12",
            "The server never starts option negotiation.",
            async c =>
            {
                Session s = await c.LoginAsync();
                int sent = 0;
                while (sent < 64 * 1024)
                    sent += (await s.AskAsync(sent % 2 == 0 ? "HELP" : "STAT")).Raw.Length;
                IReadOnlyList<string> breaches = c.Observations.Breaches(Breach.Telnet);
                Verify.That(breaches.Count == 0, $"Telnet commands from the server: {string.Join("; ", breaches.Take(5))}");
            },
            turn: Turn.Last);

        Check("TEL-5", Level.Must, "RFC 959 §4.1",
            "Two-byte Telnet commands (NOP, DM, BRK, IP, AO, AYT, EC, EL, GA) are removed wherever they occur.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoRawAsync("N\xff\xf1OO\xff\xf4P", 200);
                foreach (char command in "\xf2\xf3\xf5\xf6\xf7\xf8\xf9")
                    await s.DoRawAsync($"NO\xff{command}OP", 200);
                await s.ExpectSilenceAsync(0.3);
            });

        Check("TEL-6", Level.Choice, "",
            "A subnegotiation IAC SB … IAC SE is skipped.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoRawAsync("\xff\xfa\x18\x01\xff\xf0NOOP", 200);
                await s.ExpectSilenceAsync(0.3);
            });

        Check("TEL-7", Level.Must, "RFC 959 §4.1.3",
            "The sequence IAC IP, IAC DM (DM as TCP urgent data) before a command has no effect other than that the command is read.",
            async c =>
            {
                Session s = await c.LoginClearAsync();
                await s.SendRawAsync("\xff\xf4\xff");
                await s.SendUrgentAsync("\xf2");
                await s.SendRawAsync("STAT\r\n");
                await s.ExpectAsync(211);
                await s.InStepAsync();
            });

        Check("TEL-8", Level.DeFacto, "",
            "Urgent data is delivered in line (SO_OOBINLINE); no command byte may be lost because it was marked urgent.",
            async c =>
            {
                Session s = await c.LoginClearAsync();
                await s.SendUrgentAsync("ABOR\r\n");
                await s.ExpectAsync(226, 225);
                await s.InStepAsync();
            });

        Check("TEL-9", Level.DeFacto, "",
            "A DM byte 0xF2 that arrives without its IAC at the start of a line is dropped.",
            async c =>
            {
                Session s = await c.LoginClearAsync();
                await s.SendUrgentAsync("\xff\xf4\xff");
                await s.SendRawAsync("\xf2" + "ABOR\r\n");
                await s.ExpectAsync(226, 225);
                await s.InStepAsync();
            });

        Check("TEL-10", Level.Must, "RFC 4217 §14",
            "Inside TLS, Telnet sequences arrive in line without urgency and are handled identically.",
            async c =>
            {
                Session s = await c.LoginTlsAsync(prot: false);
                await s.SendRawAsync("\xff\xf4\xff\xf2" + "ABOR\r\n");
                await s.ExpectAsync(226, 225);
                await s.InStepAsync();
            });

        Check("TEL-11", Level.Must, "RFC 2640 §3.1",
            "In a pathname CR NUL means CR.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoRawAsync($"SIZE {up}/a\r\0b", 550);
                Reply made = await s.DoRawAsync($"MKD {up}/a\r\0b");
                if (made.Code == 553)
                    return;
                Verify.Equal(257, made.Code, "MKD of a name with CR, where such names are permitted");
                await s.DoRawAsync($"CWD {up}/a\r\0b", 250);
            });

        Check("TEL-12", Level.Choice, "RFC 2640 §3.1",
            "LF right after CR NUL is data, not end of line.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await using DataTarget target = await s.EpsvAsync();
                await using DataConnection data = await target.OpenAsync();
                await s.DoRawAsync($"STOR {up}/foo\r\0\nboo", 553);
                await s.DoAsync("NOOP", 200);
                await s.ExpectSilenceAsync(0.3);
            });

        Check("TEL-13", Level.Choice, "",
            "A CR that is followed by neither LF nor NUL is kept as a name octet and then refused by policy.",
            async c =>
            {
                Session s = await c.LoginAsync();
                string up = await c.ScratchAsync(s);
                await s.DoRawAsync($"MKD {up}/a\rb", 553);
                await s.InStepAsync();
            });
    }
}

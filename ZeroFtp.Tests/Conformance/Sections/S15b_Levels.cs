using System.Net.Sockets;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, sections 15.2 and 15.3: CCC, PBSZ and PROT of RFC 4217.</summary>
internal sealed class S15b_Levels : Section
{
    public S15b_Levels()
        : base("15 CCC, PBSZ and PROT")
    {
        Check("F4217-5-1", Level.Must, "RFC 4217 §5",
            "Checked in this order: CCC disabled → 500; not TLS → 533; refused now (before login, or user policy) → 534.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync("CCC", 533);
                Session t = await c.ConnectTlsAsync();
                await t.DoAsync("CCC", 534);
                await t.DoAsync("NOOP", 200);
            },
            profile: Profiles.EverythingOn, needs: ["CCC"]);

        Check("F4217-5-2", Level.Must, "RFC 4217 §5",
            "CCC accepted: 200 in TLS, TLS closure, connection stays open in clear.",
            async c =>
            {
                Session s = await c.LoginTlsAsync(prot: false);
                await s.DoAsync("CCC", 200);
                await s.Control.LeaveTlsAsync(c.Patience);
                Verify.That(s.Control.Tap!.LastIsAlert, "the last record of the server is no close_notify");
                await s.DoAsync("NOOP", 200);
            },
            profile: Profiles.EverythingOn, needs: ["CCC"]);

        Check("F4217-5-3", Level.Must, "RFC 4217 §5",
            "After CCC PBSZ and PROT are refused and data keeps its level.",
            async c =>
            {
                Session s = await c.LoginTlsAsync();
                await s.DoAsync("CCC", 200);
                await s.Control.LeaveTlsAsync(c.Patience);
                await s.DoAsync("PROT C", 503);
                await s.DoAsync("PBSZ 0", 503);
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
            },
            profile: Profiles.EverythingOn, needs: ["CCC"]);

        Check("F4217-5-4", Level.Choice, "",
            "CCC completes when the client's close_notify arrives or when clear text follows without it.",
            async c =>
            {
                Session s = await c.LoginTlsAsync(prot: false);
                await s.DoAsync("CCC", 200);
                await s.Control.Socket.SendAsync(Octets.Raw("NOOP\r\n"));
                string line = await TlsRaw.ReadClearLineAsync(s.Control.Socket, c.Patience);
                Verify.Matches("^200 ", line, "reply to NOOP in clear");
            },
            profile: Profiles.EverythingOn, needs: ["CCC"]);

        Check("F4217-15.3-1", Level.May, "RFC 4217 §15.3",
            "CCC is off by default and needs a logged-in user.",
            async c =>
            {
                Session s = await c.LoginTlsAsync(prot: false);
                await s.DoAsync("CCC", 500);
                await s.DoAsync("NOOP", 200);
            });

        Check("F4217-9-1", Level.Must, "RFC 4217 §9",
            "PBSZ 0 is accepted and answered 200 PBSZ=0; other sizes are answered with PBSZ=0 too.",
            async c =>
            {
                Session s = await c.ConnectTlsAsync();
                await s.DoAsync("PBSZ 0", "200 PBSZ=0");
                await s.DoAsync("PBSZ 32768", "200 PBSZ=0");
            });

        Check("F4217-9-2", Level.Must, "RFC 4217 §9",
            "PROT needs a prior PBSZ, PBSZ needs TLS.",
            async c =>
            {
                Session s = await c.LoginClearAsync();
                await s.DoAsync("PROT P", 503);
                await s.DoAsync("PBSZ 0", 503);
                Session t = await c.ConnectTlsAsync();
                await t.DoAsync("PROT P", 503);
                await t.DoAsync("PBSZ 0", 200);
                await t.DoAsync("PROT P", 200);
            });

        Check("F4217-9-3", Level.DeFactoOptional, "",
            "A setting accepts PROT without PBSZ; default strict.",
            async c =>
            {
                Session s = await c.ConnectTlsAsync();
                await s.DoAsync("PROT P", 200);
            },
            profile: Profiles.Alternatives);

        Check("F4217-9-4", Level.Must, "RFC 4217 §9",
            "Initial level is Clear; PROT P and PROT C switch at any time, also after PASV/PORT, and hold until changed, AUTH or REIN.",
            async c =>
            {
                Session s = await c.LoginTlsAsync();
                await using (DataTarget target = await s.EpsvAsync())
                {
                    await s.DoAsync("PROT C", 200);
                    Transfer clear = await s.DownAsync("RETR docs/a.txt", target);
                    Verify.Bytes("hello\nworld\n", clear.Data, "data in clear after PROT C");
                }

                await using (DataTarget target = await s.EpsvAsync())
                {
                    await s.DoAsync("PROT P", 200);
                    Transfer hidden = await s.DownAsync("RETR docs/a.txt", target);
                    Verify.Bytes("hello\nworld\n", hidden.Data, "data in TLS after PROT P");
                }

                // Another login does not change it, where a server takes one.
                Account account = c.HasAccount("bob") ? c.Account("bob") : c.Alice;
                if ((await s.AskAsync($"USER {account.Name}")).Code == 331)
                    await s.DoAsync($"PASS {account.Password}", 230);
                await s.DoAsync("TYPE I", 200);
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
            });

        Check("F4217-9-5", Level.Must, "RFC 4217 §9",
            "PROT S and E give 536.",
            async c =>
            {
                Session s = await c.ConnectTlsAsync();
                await s.DoAsync("PBSZ 0", 200);
                await s.DoAsync("PROT S", 536);
                await s.DoAsync("PROT E", 536);
            });

        Check("F4217-9-6", Level.Choice, "",
            "Both PBSZ and PROT are accepted before and after USER/PASS.",
            async c =>
            {
                Session s = await c.ConnectTlsAsync();
                await s.ProtectDataAsync();
                await s.LoginAsync(c.Alice);
                await s.DoAsync("TYPE I", 200);
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
                Session t = await c.ConnectTlsAsync();
                await t.LoginAsync(c.Alice);
                await t.DoAsync("TYPE I", 200);
                await t.ProtectDataAsync();
                await t.GetAsync("docs/a.txt", "hello\nworld\n");
            });

        Check("F4217-9-7", Level.Choice, "",
            "PBSZ and PROT arguments are checked strictly: missing argument 501.",
            async c =>
            {
                Session s = await c.ConnectTlsAsync();
                await s.DoAsync("PBSZ", 501);
                await s.DoAsync("PBSZ 0", 200);
                await s.DoAsync("PROT", 501);
                await s.DoAsync("PROT PP", 504);
            });
    }
}

using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 15.1: AUTH TLS of RFC 4217.</summary>
internal sealed class S15a_ControlTls : Section
{
    public S15a_ControlTls()
        : base("15 TLS on the control connection")
    {
        Check("F4217-4-1", Level.Must, "RFC 4217 §4.2",
            "AUTH TLS is answered 234, after which the TLS handshake starts with the server as TLS server; 334 is never used.",
            async c =>
            {
                Session s = await c.ConnectTlsAsync();
                await s.DoAsync("NOOP", 200);
            });

        Check("F4217-17-1", Level.Should, "RFC 4217 §17",
            "TLS-C is a synonym of TLS.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.AuthTlsAsync("TLS-C");
                await s.LoginAsync(c.Alice);
                await s.DoAsync("TYPE I", 200);
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
            },
            needs: ["AUTH TLS"]);

        Check("F4217-17-2", Level.DeFacto, "",
            "AUTH SSL is accepted with 234 like TLS (data level stays Clear); it is not listed in FEAT.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                Verify.NoMatch(@"(?m)^ AUTH .*\bSSL\b", (await s.AskAsync("FEAT")).Whole, "FEAT");
                await s.AuthTlsAsync("SSL");
                await s.LoginAsync(c.Alice);
                await s.DoAsync("TYPE I", 200);
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
                await s.ProtectDataAsync();
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
            },
            needs: ["AUTH TLS"]);

        Check("F4217-17-3", Level.DeFactoOptional, "",
            "AUTH TLS-P behaves as TLS with PROT P preset.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                Reply reply = await s.DoAsync("AUTH TLS-P", 234, 504);
                if (reply.Code == 504)
                    return;
                await s.SecureAsync();
                await s.LoginAsync(c.Alice);
                await s.DoAsync("TYPE I", 200);
                s.IsPrivate = true;
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
            },
            needs: ["AUTH TLS"]);

        Check("F4217-4-2", Level.Choice, "",
            "Octets received in clear after the AUTH line and before the TLS ClientHello are never treated as commands; the session is closed.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.SendRawAsync("AUTH TLS\r\nNOOP\r\n");
                Reply first = await s.ReadAsync();
                Verify.That(first.Code is 234 or 503 or 421, $"AUTH followed by octets in clear was answered {first}");
                if (first.Code == 234 && await ShakesHandsAsync(s))
                {
                    bool more = await Task.Run(() => s.Control.Socket.Poll(c.Patience, SelectMode.SelectRead));
                    Verify.That(more, "the octets were dropped, but the session goes on");
                    Verify.NoMatch("200", Octets.Text(await s.Control.ReadToEndAsync(c.Patience)), "what follows the handshake");
                }
                else
                {
                    Verify.NoMatch("200", Octets.Text(await TlsRaw.DrainAsync(s.Control.Socket, c.Patience)), "what follows AUTH");
                }
            },
            needs: ["AUTH TLS"]);

        Check("F4217-4-3", Level.Must, "RFC 4217 §4.2",
            "After AUTH all transfer parameters and identity are reset (USER, default ports, TYPE, STRU, MODE, cwd).",
            async c =>
            {
                Session s = await c.LoginClearAsync();
                await s.DoAsync("TYPE I", 200);
                await s.DoAsync("CWD docs", 250);
                await s.AuthTlsAsync();
                await s.LoginAsync(c.Alice);
                await s.DoAsync("PWD", "257 \"/\"…");
                Reply status = await s.DoAsync("STAT", 211);
                Verify.Matches(@"(?i)TYPE:? *A", status.Whole, "STAT");
                await s.GetAsync("docs/a.txt", "hello\r\nworld\r\n");
            },
            needs: ["AUTH TLS"]);

        Check("F4217-4-4", Level.Must, "RFC 4217 §4.2",
            "USER is still required after TLS, with or without client certificate.",
            async c =>
            {
                Session s = await c.ConnectTlsAsync();
                await s.DoAsync("PWD", 530);
            });

        Check("F4217-4-5", Level.Choice, "",
            "AUTH on an already protected connection gives 503; after CCC it gives 534.",
            async c =>
            {
                Session s = await c.ConnectTlsAsync();
                await s.DoAsync("AUTH TLS", 503);
                await s.DoAsync("NOOP", 200);
            });

        Check("F4217-10.1-1", Level.Should, "RFC 4217 §10.1",
            "Handshake failure closes the connection; if the session is still known to be clear a 421 is sent.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync("AUTH TLS", 234);
                await s.SendRawAsync("this is not TLS, and never was\r\n\r\n");
                await s.Control.ReadToEndAsync(TimeSpan.FromSeconds(5));
                Session other = await c.ConnectAsync();
                await other.InStepAsync();
            },
            needs: ["AUTH TLS"]);

        Check("F4217-10.1-2", Level.Choice, "",
            "The handshake has a time limit (default 30 s) and does not block other sessions.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                Session other = await c.LoginAsync();
                await s.DoAsync("AUTH TLS", 234);
                TimeSpan noop = await ContextExtras.TimeAsync(other.InStepAsync);
                Verify.That(noop < TimeSpan.FromSeconds(0.25), $"another session waited {noop.TotalSeconds:0.00} s for NOOP");
                await s.Control.ReadToEndAsync(TimeSpan.FromSeconds(40));
            },
            profile: Profiles.ShortLimits, turn: Turn.Alone, seconds: 60, needs: ["AUTH TLS"]);

        Check("F4217-10.1-3", Level.May, "RFC 4217 §10.1",
            "Policies: TLS off / optional / required for login / required for listed users; required is enforced by 533 on USER.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync($"USER {c.Alice.Name}", 533);
                await s.AuthTlsAsync();
                await s.DoAsync($"USER {c.Alice.Name}", 331);
                await s.DoAsync($"PASS {c.Alice.Password}", 230);
            },
            profile: Profiles.TlsRequired);

        Check("F4217-10.1-4", Level.May, "RFC 4217 §10.1",
            "If the client certificate is not acceptable the protected connection gets 421 and is closed, or USER gives 530.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                s.ControlTls = new TlsSettings { Certificate = TestCertificate.Create("stranger") };
                await s.DoAsync("AUTH TLS", 234);
                try
                {
                    await s.SecureAsync();
                    await s.SendAsync($"USER {c.Alice.Name}");
                    await s.ExpectAsync(421, 530);
                }
                catch (Exception refused) when (refused is AuthenticationException or IOException || refused.Message.Contains("closed the connection", StringComparison.Ordinal))
                {
                    Verify.That(s.Control.Tap!.FromServer.Count > 0, "the connection ended before the server said anything in TLS");
                }
            },
            profile: Profiles.ClientCertificates, needs: ["AUTH TLS"]);

        Check("F4217-6-1", Level.Must, "RFC 4217 §6",
            "FEAT lists AUTH TLS, PBSZ, PROT, before and after TLS, only when TLS is usable.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                Session t = await c.ConnectTlsAsync();
                foreach (Session session in (Session[])[s, t])
                {
                    IReadOnlyList<string> lines = await session.FeaturesAsync();
                    Verify.That(lines.Any(line => Regex.IsMatch(line, @"^AUTH\b.*\bTLS\b")), $"no AUTH TLS among {string.Join(" | ", lines)}");
                    Verify.Contains("PBSZ", lines, "FEAT");
                    Verify.Contains("PROT", lines, "FEAT");
                }
            },
            needs: ["AUTH TLS"]);

        Check("F4217-13-1", Level.Must, "RFC 4217 §13",
            "REIN on a protected session: reply 220 inside TLS, then TLS ends (close_notify) and both sides continue in clear, PROT C.",
            async c =>
            {
                Session s = await c.ConnectTlsAsync();
                await s.DoAsync("REIN", 220);
                await s.Control.LeaveTlsAsync(c.Patience);
                Verify.That(s.Control.Tap!.LastIsAlert, "the last record of the server is no close_notify");
                await s.DoAsync("NOOP", 200);
                await s.AuthTlsAsync();
                await s.LoginAsync(c.Alice);
                await s.DoAsync("TYPE I", 200);
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
            },
            needs: ["AUTH TLS", "REIN"]);

        Check("F4217-13-2", Level.MustNot, "RFC 4217 §13",
            "Session resumption is never mandatory on control connections.",
            async c =>
            {
                Session s = await c.ConnectTlsAsync(new TlsSettings { Resume = false });
                await s.DoAsync("NOOP", 200);
                Verify.That(!s.Control.Tap!.Resumed, "the handshake was a resumption although none was asked for");
            });

        Check("F4217-14-1", Level.ShouldNot, "RFC 4217 §14",
            "TCP urgent signalling is not relied on; ABOR/STAT in the TLS stream during transfers are handled.",
            async c =>
            {
                Session s = await c.LoginTlsAsync();
                await using DataConnection data = await s.BeginAsync("RETR /big.bin");
                await data.ReadExactlyAsync(1000);
                await s.DoAsync("ABOR", 426);
                await s.ExpectAsync(226);
                await s.InStepAsync();
            });

        Check("F4217-QUIT-1", Level.DeFacto, "",
            "After 221 the server sends close_notify before closing TCP.",
            async c =>
            {
                foreach (SslProtocols version in (SslProtocols[])[SslProtocols.Tls12, SslProtocols.Tls13])
                {
                    Session s = await c.ConnectTlsAsync(new TlsSettings { Protocols = version });
                    await s.DoAsync("QUIT", 221);
                    await s.ExpectEndAsync();
                    Verify.That(s.Control.Tap!.LastIsAlert, $"{version}: the last record of the server is no close_notify");
                }
            });
    }

    private static async Task<bool> ShakesHandsAsync(Session session)
    {
        try
        {
            await session.SecureAsync();
            return true;
        }
        catch (Exception refused) when (refused is IOException or AuthenticationException)
        {
            return false;
        }
    }
}

using System.Net.Sockets;
using System.Security.Authentication;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, sections 15.5 and 15.6: versions, ALPN, SNI, and the implicit port.</summary>
internal sealed class S15e_Parameters : Section
{
    public S15e_Parameters()
        : base("15 TLS parameters and implicit TLS")
    {
        Check("TLS-1", Level.DeFacto, "",
            "TLS 1.2 and 1.3 are enabled; SSLv3, TLS 1.0, 1.1 and renegotiation are off by default.",
            async c =>
            {
                foreach (SslProtocols version in (SslProtocols[])[SslProtocols.Tls12, SslProtocols.Tls13])
                {
                    Session s = await c.ConnectTlsAsync(new TlsSettings { Protocols = version });
                    Verify.Equal(version, s.Control.Tls!.SslProtocol, "version agreed on");
                }

                foreach (ushort version in (ushort[])[0x0300, 0x0301, 0x0302])
                {
                    Session s = await c.ConnectAsync();
                    await s.DoAsync("AUTH TLS", 234);
                    await s.Control.Socket.SendAsync(TlsRaw.ClientHello(version));
                    (int type, byte[] body) = await TlsRaw.ReadRecordAsync(s.Control.Socket, c.Patience);
                    Verify.That(type is -1 or TlsRaw.Alert, $"ClientHello of version {version:x4}: expected an alert or the end, saw a record of type {type}: {Octets.Show(body)}");
                }

                string said = await OpenSslClient.RenegotiateAsync(c.Settings.Server, c.Patience);
                Verify.NoMatch("depth=", said, "what openssl said after it asked for renegotiation (a certificate means that it took place)");
            },
            needs: ["AUTH TLS"], seconds: 60);

        Check("TLS-2", Level.Choice, "",
            "ALPN: ftp and x-filezilla-ftp accepted on control, ftp-data on data.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync("AUTH TLS", 234);
                s.ControlTls = new TlsSettings { Alpn = ["http/1.1"], Resume = false };
                try
                {
                    await s.SecureAsync();
                    Verify.Fail($"ALPN http/1.1 was accepted (\"{s.Control.Tls!.NegotiatedApplicationProtocol}\" selected)");
                }
                catch (Exception refused) when (refused is AuthenticationException or IOException)
                {
                    Verify.That(s.Control.Tap!.ClearAlerts.Contains(120), $"no alert 120 (no_application_protocol): {refused.Message}");
                }

                foreach (string name in (string[])["ftp", "x-filezilla-ftp"])
                {
                    Session t = await c.ConnectTlsAsync(new TlsSettings { Alpn = [name] });
                    Verify.Equal(name, $"{t.Control.Tls!.NegotiatedApplicationProtocol}", "ALPN selected on the control connection");
                }

                Session u = await c.LoginTlsAsync();
                u.DataTls = u.DataTls with { Alpn = ["ftp-data"] };
                await using DataConnection data = await u.BeginAsync("RETR docs/a.txt");
                Verify.Bytes("hello\nworld\n", await data.ReadToEndAsync(), "data");
                await u.ExpectAsync(226);
                Verify.Equal("ftp-data", $"{data.Tls!.NegotiatedApplicationProtocol}", "ALPN selected on the data connection");
            },
            needs: ["AUTH TLS"]);

        Check("TLS-3", Level.Should, "RFC 7151 §4",
            "SNI selects certificate and virtual host; unknown SNI gets the default certificate.",
            async c =>
            {
                Session a = await c.ConnectTlsAsync(new TlsSettings { Name = "a.example", Resume = false });
                Session b = await c.ConnectTlsAsync(new TlsSettings { Name = "b.example", Resume = false });
                Session other = await c.ConnectTlsAsync(new TlsSettings { Name = "unknown.example", Resume = false });
                Verify.Matches(@"\bb\.example\b", b.Control.Tls!.RemoteCertificate!.ToString(fVerbose: true), "certificate for SNI b.example");
                byte[] ofB = b.Control.Tls!.RemoteCertificate!.GetRawCertData();
                Verify.That(!ofB.SequenceEqual(a.Control.Tls!.RemoteCertificate!.GetRawCertData()), "SNI a.example gets the certificate of b.example");
                Verify.That(!ofB.SequenceEqual(other.Control.Tls!.RemoteCertificate!.GetRawCertData()), "an unknown SNI gets the certificate of b.example");
            },
            profile: Profiles.Hosts);

        Check("TLS-4", Level.Choice, "",
            "A resumed data session must stem from the same user session (shown with TLS 1.2, where the client can tell which one is resumed).",
            async c =>
            {
                // A ticket of TLS 1.3 is sealed on its way and carries no mark of the session it came from: neither side could say whose it was.
                TlsSettings one = new() { Protocols = SslProtocols.Tls12, Name = $"{Guid.NewGuid():N}.example" };
                Session first = await c.LoginTlsAsync(tls: one);
                Session second = await c.LoginTlsAsync(tls: one with { Name = $"{Guid.NewGuid():N}.example" });
                await first.GetAsync("docs/a.txt", "hello\nworld\n");
                second.DataTls = one;
                await using DataConnection data = await second.BeginAsync("RETR docs/a.txt");
                try
                {
                    await data.SecureAsync();
                }
                catch (Exception refused) when (refused is IOException or AuthenticationException)
                {
                    second.Note($"data handshake: {refused.Message}");
                }

                await second.ExpectAsync(522);
                Verify.That(data.Tap!.Resumed, "the client did not offer the ticket of the other session");
            },
            profile: Profiles.TlsStrict);

        Check("IMPL-1", Level.DeFacto, "",
            "On the implicit port the TLS handshake comes first, then 220 inside TLS.",
            async c =>
            {
                Session s = await c.DialAsync(c.ImplicitServer);
                await s.ExpectSilenceAsync(0.5);
                await s.SecureAsync();
                await s.GreetAsync();
            });

        Check("IMPL-2", Level.DeFacto, "",
            "The data level starts as Private there; PBSZ 0 and PROT P/C are still accepted with 200.",
            async c =>
            {
                Session s = await c.ConnectImplicitAsync();
                await s.LoginAsync(c.Alice);
                await s.DoAsync("TYPE I", 200);
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
                await s.DoAsync("PBSZ 0", 200);
                await s.DoAsync("PROT C", 200);
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
                await s.DoAsync("PROT P", 200);
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
            });

        Check("IMPL-3", Level.DeFacto, "",
            "AUTH gives 503, CCC follows section 15.2.",
            async c =>
            {
                Session s = await c.ConnectImplicitAsync();
                await s.DoAsync("AUTH TLS", 503);
                await s.LoginAsync(c.Alice);
                await s.DoAsync("PBSZ 0", 200);
                await s.DoAsync("PROT C", 200);
                await s.DoAsync("REIN", 220);
                await s.DoAsync("NOOP", 200);
                await s.LoginAsync(c.Alice);
                await s.DoAsync("TYPE I", 200);
                s.IsPrivate = true;
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
            });

        Check("IMPL-4", Level.DeFacto, "",
            "Default active source port is 989 where privileges permit.",
            async c =>
            {
                Session s = await c.ConnectImplicitAsync();
                await s.LoginAsync(c.Alice);
                await s.DoAsync("TYPE I", 200);
                await using DataConnection data = await s.BeginAsync("RETR docs/a.txt", DataMode.Port);
                s.Note($"the server connects from port {data.Remote.Port}");
                Verify.Bytes("hello\nworld\n", await data.ReadToEndAsync(), "data");
                await s.ExpectAsync(226);
                Verify.That(data.Remote.Port is 989 or > 1023, $"the server connects from port {data.Remote.Port}, which is neither 989 nor an unprivileged one");
            });
    }
}

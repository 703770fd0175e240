using System.Net.Sockets;
using System.Security.Authentication;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 15.4: who shakes hands, when, and with which session.</summary>
internal sealed class S15c_DataTls : Section
{
    public S15c_DataTls()
        : base("15 TLS on data connections")
    {
        Check("F4217-7-1", Level.Must, "RFC 4217 §7",
            "The server is always the TLS server on data connections, in PORT and PASV mode alike (exception: SSCN/CPSV).",
            async c =>
            {
                Session s = await c.LoginTlsAsync();
                foreach (DataMode mode in (DataMode[])[DataMode.Epsv, DataMode.Pasv, DataMode.Port, DataMode.Eprt])
                {
                    await using DataConnection data = await s.BeginAsync("RETR docs/a.txt", mode);
                    Verify.That(!data.Socket.Poll(TimeSpan.FromSeconds(0.3), SelectMode.SelectRead), $"{mode}: the server did not wait for ClientHello");
                    Verify.Bytes("hello\nworld\n", await data.ReadToEndAsync(), $"{mode}: data");
                    await s.ExpectAsync(226);
                }
            });

        Check("F4217-10.2-1", Level.Must, "RFC 4217 §10.2/§12",
            "150 is sent before the data TLS handshake starts.",
            async c =>
            {
                Session s = await c.LoginTlsAsync();
                await using DataTarget target = await s.EpsvAsync();
                await using DataConnection data = await target.OpenAsync();
                await s.DoAsync("RETR docs/a.txt", 150, 125);
                Verify.Bytes("hello\nworld\n", await data.ReadToEndAsync(), "data");
                await s.ExpectAsync(226);
            });

        Check("F4217-10.2-2", Level.Should, "RFC 4217 §10.2",
            "The level is checked at the transfer verb, not at PORT/PASV.",
            async c =>
            {
                Session s = await c.ConnectTlsAsync();
                await s.LoginAsync(c.Alice);
                await s.DoAsync("PBSZ 0", 200);
                await s.DoAsync("PROT C", 200, 534);
                s.IsPrivate = false;
                await using DataTarget target = await s.PasvAsync();
                await using DataConnection data = await target.OpenAsync();
                await s.DoAsync("LIST", 522);
            },
            profile: Profiles.TlsRequired);

        Check("F4217-11.4-1", Level.Choice, "RFC 4217 §11.4 vs §10.2",
            "The refusal code for an insufficient PROT level is 522 (the text also names 521).",
            async c =>
            {
                Session s = await c.ConnectTlsAsync();
                await s.LoginAsync(c.Alice);
                await s.DoAsync("PBSZ 0", 200);
                await s.DoAsync("PROT C", 200, 534);
                s.IsPrivate = false;
                await s.RefusedAsync("RETR docs/a.txt", 522);
                await s.DoAsync("PROT P", 200);
                await s.DoAsync("TYPE I", 200);
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
            },
            profile: Profiles.TlsRequired);

        Check("F4217-10.2-3", Level.Must, "RFC 4217 §10.2",
            "Failed data handshake or unacceptable parameters after 150 give 522 and the data connection is closed.",
            async c =>
            {
                Session s = await c.LoginTlsAsync();
                await using DataConnection data = await s.BeginAsync("RETR docs/a.txt");
                await data.Socket.SendAsync(Octets.Raw("this is not TLS, and never was\r\n\r\n"));
                await s.ExpectAsync(522);
                byte[] sent = await TlsRaw.DrainAsync(data.Socket, c.Patience);
                Verify.NoMatch("hello", Octets.Text(sent), "what the server sent on the data connection");
                await s.InStepAsync();
            });

        Check("F4217-10.2-4", Level.May, "RFC 4217 §10.2",
            "If session reuse is required and missing, the reply is 522 saying so; the requirement is off by default.",
            async c =>
            {
                Session s = await c.LoginTlsAsync();
                TlsSettings control = s.ControlTls;
                s.DataTls = control with { Resume = false };
                Reply refused = await HandshakeThenReplyAsync(s);
                Verify.Equal(522, refused.Code, "data connection without resumption");
                s.DataTls = control;
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
            },
            profile: Profiles.TlsStrict);

        Check("F4217-10.2-5", Level.DeFacto, "",
            "Resumption from the control session (TLS 1.2 id or ticket, TLS 1.3 PSK) is supported for data connections.",
            async c =>
            {
                foreach (SslProtocols version in Versions)
                {
                    Session s = await c.LoginTlsAsync(tls: new TlsSettings { Protocols = version, Name = $"{Guid.NewGuid():N}.example" });
                    await using DataConnection data = await s.BeginAsync("RETR docs/a.txt");
                    Verify.Bytes("hello\nworld\n", await data.ReadToEndAsync(), "data");
                    await s.ExpectAsync(226);
                    Verify.That(!s.Control.Tap!.Resumed, $"{version}: the control connection of a new name cannot have been a resumption");
                    Verify.That(data.Tap!.Resumed, $"{version}: the data connection did not resume the session of the control connection");
                }
            });

        Check("F4217-10.2-6", Level.DeFacto, "",
            "With TLS 1.3 at least two tickets are sent per connection, each data connection also issues new ones, and a ticket may be used more than once.",
            async c =>
            {
                Session s = await c.LoginTlsAsync(tls: new TlsSettings { Protocols = SslProtocols.Tls13, Name = $"{Guid.NewGuid():N}.example" });
                for (int transfer = 1; transfer <= 50; transfer++)
                {
                    await using DataConnection data = await s.BeginAsync("RETR docs/a.txt");
                    Verify.Bytes("hello\nworld\n", await data.ReadToEndAsync(), "data");
                    await s.ExpectAsync(226);
                    Verify.That(data.Tap!.Resumed, $"transfer {transfer} was not resumed");
                }
            });

        Check("F4217-15.1-1", Level.Should, "RFC 4217 §15.1.1",
            "Data connections present the same certificate as the control connection.",
            async c =>
            {
                Session s = await c.LoginTlsAsync(tls: new TlsSettings { Resume = false });
                await using DataConnection data = await s.BeginAsync("RETR docs/a.txt");
                await data.ReadToEndAsync();
                await s.ExpectAsync(226);
                Verify.Bytes(s.Control.Tls!.RemoteCertificate!.GetRawCertData(), data.Tls!.RemoteCertificate!.GetRawCertData(), "certificate of the data connection");
            });

        Check("F4217-15.1-2", Level.Should, "RFC 4217 §15.1.2",
            "If a client certificate was used on control, data must use the same one or resume that session.",
            async c =>
            {
                Skip.Unless(c.Settings.ClientCertificate is not null, "client certificate", "no client certificate given (--client-certificate)");
                Session s = await c.LoginTlsAsync(tls: new TlsSettings { Certificate = c.Settings.ClientCertificate, Resume = false });
                s.DataTls = s.ControlTls;
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
                s.DataTls = new TlsSettings { Certificate = TestCertificate.Create("another"), Resume = false };
                Verify.Equal(522, (await HandshakeThenReplyAsync(s)).Code, "data connection with another certificate");
                s.DataTls = new TlsSettings { Resume = false };
                Verify.Equal(522, (await HandshakeThenReplyAsync(s)).Code, "data connection without certificate");
            },
            profile: Profiles.EverythingOn);
    }

    private static readonly SslProtocols[] Versions = [SslProtocols.Tls12, SslProtocols.Tls13];

    /// <summary>RETR whose data handshake may fail on either side; the reply after 150.</summary>
    private static async Task<Reply> HandshakeThenReplyAsync(Session session)
    {
        await using DataConnection data = await session.BeginAsync("RETR docs/a.txt");
        try
        {
            await data.SecureAsync();
        }
        catch (Exception refused) when (refused is IOException or AuthenticationException)
        {
            session.Note($"data handshake: {refused.Message}");
        }

        return await session.ReadAsync();
    }
}

using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 17: virtual hosts by HOST of RFC 7151.</summary>
internal sealed class S17_Host : Section
{
    public S17_Host()
        : base("17 HOST")
    {
        Check("F7151-3-1", Level.Must, "RFC 7151 §3",
            "HOST before login selects the virtual host and answers 220.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync("HOST b.example", 220);
                await s.LoginAsync(c.Account("hostb"));
                await s.DoAsync("PWD", 257);
                Session other = await c.ConnectAsync();
                Account account = c.Account("hostb");
                await other.DoAsync($"USER {account.Name}", 331);
                await other.DoAsync($"PASS {account.Password}", 530);
            },
            profile: Profiles.Hosts);

        Check("F7151-3-2", Level.Must, "RFC 7151 §3",
            "After login HOST gives 503.",
            async c =>
            {
                Session s = await c.LoginClearAsync();
                await s.DoAsync("HOST ftp.example.com", 503);
            },
            needs: ["HOST"]);

        Check("F7151-3-3", Level.Must, "RFC 7151 §3",
            "Of several HOST commands only the last counts and the authentication environment is reset.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await HostAsync(s, "a.example");
                await s.DoAsync($"USER {c.Alice.Name}", 331);
                await HostAsync(s, "b.example");
                await s.DoAsync($"PASS {c.Alice.Password}", 503);
            },
            needs: ["HOST"]);

        Check("F7151-3.1-1", Level.Must, "RFC 7151 §3.1",
            "A port or other bad syntax gives 501; no argument 501.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                foreach (string bad in (string[])["HOST 192.0.2.1:21", "HOST [::1]:21", "HOST -x", "HOST a..b", "HOST"])
                    await s.DoAsync(bad, 501);
            },
            needs: ["HOST"]);

        Check("F7151-3.1-2", Level.Must, "RFC 7151 §3.1",
            "Names compare case-insensitively; A-labels are treated as plain names; a trailing dot is ignored.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync("HOST B.Example", 220);
                Session t = await c.ConnectAsync();
                await t.DoAsync("HOST b.example.", 220);
                await t.LoginAsync(c.Account("hostb"));
            },
            profile: Profiles.Hosts);

        Check("F7151-3.1-3", Level.Must, "RFC 7151 §3.1",
            "A literal address must be the server's own (IPv6 in brackets), else 504.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync($"HOST {s.Control.Remote.Address}", 220);
                await s.DoAsync("HOST 192.0.2.99", 504);
                if (c.Settings.Server6 is null || await c.TryLogin6Async() is null)
                    return;
                Session six = await c.Connect6Async();
                await six.DoAsync($"HOST [{six.Control.Remote.Address}]", 220);
            },
            needs: ["HOST"]);

        Check("F7151-3.2-1", Level.Should, "RFC 7151 §3.2",
            "An unknown host gives 504 and the session goes on as if HOST had not been sent.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync("HOST nosuch.example", 504);
                await s.LoginAsync(c.Alice);
                await s.DoAsync("PWD", 257);
            },
            profile: Profiles.Hosts);

        Check("F7151-3.2-2", Level.Should, "RFC 7151 §3.2",
            "A temporarily unavailable host gives 421 and close.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                Reply reply = await s.AskAsync("HOST maintenance.example");
                Skip.Unless(reply.Code != 504, "host in maintenance", "no host maintenance.example is configured");
                Verify.Equal(421, reply.Code, "HOST of a host in maintenance");
                await s.ExpectEndAsync();
            },
            profile: Profiles.Hosts);

        Check("F7151-3.2-3", Level.Choice, "",
            "With no virtual hosts configured every well-formed domain name gives 220.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync("HOST anything.example", 220);
                await s.LoginAsync(c.Alice);
            },
            needs: ["HOST"]);

        Check("F7151-3.2.1-1", Level.Must, "RFC 7151 §3.2.1",
            "REIN undoes HOST.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync("HOST b.example", 220);
                await s.DoAsync("REIN", 220);
                await s.LoginAsync(c.Alice);
                await s.DoAsync("PWD", 257);
                Session t = await c.ConnectAsync();
                Account account = c.Account("hostb");
                await t.DoAsync("HOST b.example", 220);
                await t.DoAsync("REIN", 220);
                await t.DoAsync($"USER {account.Name}", 331);
                await t.DoAsync($"PASS {account.Password}", 530);
            },
            profile: Profiles.Hosts);

        Check("F7151-3.3-1", Level.ShouldNot, "RFC 7151 §3.3",
            "USER without HOST is not refused; the default host is used.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync($"USER {c.Alice.Name}", 331);
                await s.DoAsync($"PASS {c.Alice.Password}", 230);
            });

        Check("F7151-3.4-1", Level.Must, "RFC 7151 §3.4",
            "FEAT lists HOST.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await c.NeedAsync("HOST");
                Verify.Contains("HOST", await s.FeaturesAsync(), "FEAT");
            });

        Check("F7151-4-1", Level.Must, "RFC 7151 §3.2.2/§4",
            "When SNI was sent, HOST must equal it, otherwise 504.",
            async c =>
            {
                Session s = await c.ConnectTlsAsync(new TlsSettings { Name = "a.example", Resume = false });
                await s.DoAsync("HOST b.example", 504);
                await s.DoAsync("HOST a.example", 220);
            },
            needs: ["HOST", "AUTH TLS"]);

        Check("F7151-4-2", Level.Should, "RFC 7151 §4",
            "HOST before AUTH selects the certificate.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                s.ControlTls = new TlsSettings { Name = "", Resume = false };
                await s.DoAsync("HOST b.example", 220);
                await s.AuthTlsAsync();
                Verify.Matches(@"\bb\.example\b", s.Control.Tls!.RemoteCertificate!.ToString(fVerbose: true), "certificate after HOST b.example");
            },
            profile: Profiles.Hosts);
    }

    private static Task<Reply> HostAsync(Session session, string name) => session.DoAsync($"HOST {name}", 220);
}

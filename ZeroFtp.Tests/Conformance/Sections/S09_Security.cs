using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 9: the security extensions of RFC 2228.</summary>
internal sealed class S09_Security : Section
{
    public S09_Security()
        : base("9 Security framework")
    {
        Check("F2228-3-1", Level.Must, "RFC 2228 AUTH",
            "AUTH mechanism names are case-insensitive; an unknown mechanism gives 504.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync("AUTH GSSAPI", 504);
                await s.DoAsync("AUTH KERBEROS_V4", 504);
                await s.DoAsync("AUTH", 501);
                await s.DoAsync("auth tls", 234);
            },
            needs: ["AUTH TLS"]);

        Check("F2228-3-2", Level.Should, "RFC 2228 AUTH",
            "A known mechanism barred by policy gives 534 (or 504); missing resources, such as no certificate, give 431.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync("AUTH TLS", 534, 504, 431);
                await s.InStepAsync();
            },
            profile: Profiles.NoTls);

        Check("F2228-3-3", Level.Must, "RFC 2228 AUTH",
            "If the server is built without any mechanism AUTH gives 502.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                Reply reply = await s.AskAsync("AUTH TLS");
                Skip.Unless(reply.Code is not (534 or 504 or 431), "build without TLS", "the server is built with TLS: it only has no certificate");
                Verify.Equal(502, reply.Code, "AUTH TLS");
            },
            profile: $"{Profiles.NoTls}|{Profiles.Bare}");

        Check("F2228-3-4", Level.Must, "RFC 2228 AUTH",
            "An accepted AUTH removes earlier security state and forces a new login.",
            async c =>
            {
                Session s = await c.LoginClearAsync();
                await s.AuthTlsAsync();
                await s.DoAsync("PWD", 530);
            },
            needs: ["AUTH TLS"]);

        Check("F2228-3-5", Level.Should, "RFC 2228 ADAT",
            "ADAT without a pending AUTH that needs data gives 503.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync("ADAT AAAA", 503);
                if (!await c.OffersAsync("AUTH TLS"))
                    return;
                Session t = await c.ConnectTlsAsync();
                await t.DoAsync("ADAT AAAA", 503);
            });

        Check("F2228-3-6", Level.Should, "RFC 2228 ADAT",
            "With a data-driven mechanism: undecodable base64 → 501, rejected data → 535, more needed → 335, complete → 235.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                Reply reply = await s.AskAsync("AUTH GSSAPI");
                Skip.Unless(reply.Code is 334 or 335, "AUTH GSSAPI", "the server has no mechanism that uses ADAT");
                await s.DoAsync("ADAT ***", 501);
                await s.DoAsync("ADAT AAAA", 535, 335);
            });

        Check("F2228-3-7", Level.Should, "RFC 2228 PBSZ",
            "PBSZ before a security exchange gives 503; a non-number or a value ≥ 2^32 gives 501.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync("PBSZ 0", 503);
                Session t = await c.ConnectTlsAsync();
                await t.DoAsync("PBSZ x", 501);
                await t.DoAsync("PBSZ 4294967296", 501);
                await t.DoAsync("PBSZ 4294967295", 200);
            });

        Check("F2228-3-8", Level.Must, "RFC 2228 PBSZ",
            "If a smaller size is used the 200 text contains PBSZ=n.",
            async c =>
            {
                Session s = await c.ConnectTlsAsync();
                Reply reply = await s.DoAsync("PBSZ 16384", 200);
                Verify.Matches(@"PBSZ=\d+", reply.Text, "text of 200");
            });

        Check("F2228-3-9", Level.Must, "RFC 2228 PROT",
            "PROT before PBSZ gives 503; unknown level 504; unsupported level 536; refused by policy 534.",
            async c =>
            {
                Session s = await c.ConnectTlsAsync();
                await s.DoAsync("PROT P", 503);
                await s.DoAsync("PBSZ 0", 200);
                await s.DoAsync("PROT X", 504);
                await s.DoAsync("PROT S", 536);
                await s.DoAsync("PROT E", 536);
                await s.DoAsync("PROT P", 200);
            });

        Check("F2228-3-10", Level.Must, "RFC 2228 PROT",
            "Default level is Clear until PROT succeeds.",
            async c =>
            {
                Session s = await c.LoginTlsAsync(prot: false);
                await using DataTarget target = await s.EpsvAsync();
                await using DataConnection data = await target.OpenAsync();
                Reply reply = await s.AskAsync("RETR docs/a.txt");
                if (reply.Code is 521 or 522)
                    return;
                Verify.That(reply.Code is 150 or 125, $"RETR without PROT was answered {reply}");
                Verify.Bytes("hello\nworld\n", await data.ReadToEndAsync(), "data in clear");
                await s.ExpectAsync(226);
            });

        Check("F2228-3-11", Level.Must, "RFC 2228 CCC",
            "CCC on an unprotected connection gives 533, unwanted 534.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync("CCC", 533);
                Session t = await c.ConnectTlsAsync();
                await t.DoAsync("CCC", 534);
            },
            profile: Profiles.EverythingOn, needs: ["CCC"]);

        Check("F2228-3-12", Level.Should, "RFC 2228 MIC/CONF/ENC",
            "MIC, CONF, ENC give 503 before a security exchange, 537 when the mechanism (TLS) does not use them, 502 if not known at all.",
            async c =>
            {
                Session s = await c.LoginClearAsync();
                foreach (string verb in (string[])["MIC", "CONF", "ENC"])
                {
                    Reply clear = await s.AskAsync($"{verb} AAAA");
                    Verify.That(clear.Code is 503 or 502, $"{verb} before AUTH: expected 503 (or 502 where unknown), saw {clear}");
                }

                Session t = await c.ConnectTlsAsync();
                foreach (string verb in (string[])["MIC", "CONF", "ENC"])
                {
                    await t.DoAsync($"{verb} AAAA", 537, 502);
                    await t.DoAsync($"{verb}", 501, 502);
                }
            });

        Check("F2228-4-1", Level.May, "RFC 2228 §4",
            "A user identified by the security exchange is logged in by USER alone with 232.",
            async c =>
            {
                Account account = c.Account("certuser");
                Skip.Unless(c.Settings.ClientCertificate is not null, "client certificate", "no client certificate given (--client-certificate)");
                Session s = await c.ConnectTlsAsync(new TlsSettings { Certificate = c.Settings.ClientCertificate });
                await s.DoAsync($"USER {account.Name}", 232);
                await s.DoAsync("PWD", 257);
            },
            profile: Profiles.EverythingOn);

        Check("F2228-4-2", Level.May, "RFC 2228 §4",
            "336 carries a challenge for one-time passwords; otherwise it is not used.",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync($"USER {c.Alice.Name}", 331, 533);
            });

        Check("F2228-5.2-1", Level.MustNot, "RFC 2228 §5.2",
            "631, 632, 633 are never sent without a mechanism that defines protected replies.",
            async c =>
            {
                await c.LoginAsync();
                Verify.That(c.Observations.Replies > 0, "no reply was seen in the whole run");
                IEnumerable<string> wrong = c.Observations.Codes.Where(seen => seen.Key / 100 == 6).Select(seen => seen.Value);
                Verify.That(!wrong.Any(), $"6yz replies: {string.Join("; ", wrong)}");
            },
            turn: Turn.Last);

        Check("F2228-6-1", Level.Should, "RFC 2228 §6",
            "Data refused because the PROT level is too low gets a 5yz before 150; use 522 with TLS (see F4217-11.4-1).",
            async c =>
            {
                Session s = await c.ConnectTlsAsync();
                await s.LoginAsync(c.Alice);
                await s.DoAsync("PBSZ 0", 200);
                Reply level = await s.AskAsync("PROT C");
                Verify.That(level.Code is 200 or 534, $"PROT C: expected 200 or 534, saw {level}");
                s.IsPrivate = false;
                await s.RefusedAsync("LIST", 522);
            },
            profile: Profiles.TlsRequired);

        Check("F2228-7-1", Level.Should, "RFC 2228 §3/§7",
            "A clear-text USER/PASS refused by policy gets 533 (accept that others use 530/534/421).",
            async c =>
            {
                Session s = await c.ConnectAsync();
                await s.DoAsync($"USER {c.Alice.Name}", 533);
                await s.DoAsync("PASS x", 503);
                await s.DoAsync("AUTH TLS", 234);
            },
            profile: Profiles.TlsRequired);
    }
}

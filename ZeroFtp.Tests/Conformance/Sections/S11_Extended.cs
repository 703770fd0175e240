using System.Net;
using System.Net.Sockets;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 11: EPRT and EPSV of RFC 2428.</summary>
internal sealed class S11_Extended : Section
{
    public S11_Extended()
        : base("11 EPRT and EPSV")
    {
        Check("F2428-2-1", Level.Must, "RFC 2428 §2",
            "EPRT accepts any delimiter from 33–126 and answers 200.",
            async c =>
            {
                Session s = await c.LoginAsync();
                using Socket listener = s.Listen();
                int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
                await s.DoAsync($"EPRT |1|{s.Control.Local.Address}|{port}|", 200);
                await s.DoAsync($"EPRT !1!{s.Control.Local.Address}!{port}!", 200);
                await s.DoAsync($"EPRT ~1~{s.Control.Local.Address}~{port}~", 200);
                if (await c.TryLogin6Async() is not { } six)
                    return;
                using Socket listener6 = six.Listen();
                await six.DoAsync($"EPRT |2|{six.Control.Local.Address}|{((IPEndPoint)listener6.LocalEndPoint!).Port}|", 200);
            });

        Check("F2428-2-2", Level.Must, "RFC 2428 §2",
            "Syntax errors give 501.",
            async c =>
            {
                Session s = await c.LoginAsync();
                foreach (string bad in (string[])["EPRT", "EPRT |1|127.0.0.1|", "EPRT |1|127.0.0.1|70000|", "EPRT |1|999.0.0.1|5000|", "EPRT |1|127.0.0.1|50001|x"])
                    await s.DoAsync(bad, 501);
                if (await c.TryLogin6Async() is { } six)
                    await six.DoAsync("EPRT |2|127.0.0.1|5000|", 501);
            });

        Check("F2428-2-3", Level.Must, "RFC 2428 §2",
            "An unsupported protocol gives 522 with a parenthesised list of supported ones and no other parentheses.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply reply = await s.DoAsync("EPRT |9|x|1|", 522);
                Verify.Matches(@"^[^()]*\([12](,[12])?\)[^()]*$", reply.Text, "text of 522");
            });

        Check("F2428-2-4", Level.Choice, "",
            "A family different from the control connection's is answered 522 naming the usable one.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply reply = await s.DoAsync("EPRT |2|::1|50001|", 522);
                Verify.Matches(@"\(1\)", reply.Text, "text of 522");
            });

        Check("F2428-3-1", Level.Must, "RFC 2428 §3",
            "EPSV answers 229 with only the port, in the form (|||port|).",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply reply = await s.DoAsync("EPSV", 229);
                Verify.Matches(@"\A229 [^()]*\(\|\|\|\d{1,5}\|\)\r\n\z", reply.Whole, "EPSV");
            });

        Check("F2428-3-2", Level.Must, "RFC 2428 §3",
            "The listener is on the local address of the control connection and of the same family.",
            async c =>
            {
                Session? s = await c.TryLogin6Async();
                Skip.Unless(s is not null, "IPv6", "the server has no IPv6 address");
                await using DataTarget target = await s.EpsvAsync();
                Verify.Equal(AddressFamily.InterNetworkV6, target.Server.AddressFamily, "family of the control connection");
                Transfer got = await s.DownAsync("RETR docs/a.txt", target);
                Verify.Bytes("hello\nworld\n", got.Data, "docs/a.txt over IPv6");
            });

        Check("F2428-3-3", Level.Should, "RFC 2428 §3",
            "EPSV 1 / EPSV 2 selects the family if usable, else 522 with list.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("EPSV 1", 229);
                Reply reply = await s.DoAsync("EPSV 2", 522);
                Verify.Matches(@"\(1\)", reply.Text, "text of 522");
                await s.DoAsync("EPSV 9", 522);
                await s.DoAsync("EPSV x", 501);
            });

        Check("F2428-3-4", Level.Must, "RFC 2428 §3",
            "After EPSV ALL (200) every other set-up verb is refused.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await EpsvAllAsync(s, "EPSV ALL");
                foreach (string line in (string[])["PORT 127,0,0,1,195,81", "EPRT |1|127.0.0.1|50001|", "PASV", "LPRT 4,4,127,0,0,1,2,195,81", "LPSV", "CPSV"])
                    await BarredAsync(s, line);
                await s.DoAsync("EPSV", 229);
                Session t = await c.LoginAsync();
                await EpsvAllAsync(t, "epsv all");
                await BarredAsync(t, "PASV");
            });

        Check("F2428-3-5", Level.Choice, "",
            "EPSV ALL lasts until REIN or AUTH.",
            async c =>
            {
                Session s = await c.LoginClearAsync();
                await s.DoAsync("EPSV ALL", 200);
                await s.DoAsync("PASV", 501);
                await s.DoAsync("REIN", 220);
                await s.LoginAsync(c.Alice);
                await s.DoAsync("PASV", 227);
            });

        Check("F2428-3-6", Level.DeFacto, "",
            "EPSV works on IPv4 as well (curl, lftp and FluentFTP try it first).",
            async c =>
            {
                Session s = await c.LoginAsync();
                Verify.Equal(AddressFamily.InterNetwork, s.Control.Remote.AddressFamily, "family of the control connection");
                await s.DoAsync("EPSV", 229);
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
            });

        Check("F2428-3-8", Level.Choice, "",
            "IPv4-mapped IPv6 peers count as IPv4 for PORT, PASV, EPRT and EPSV checks.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Verify.Equal(AddressFamily.InterNetwork, s.Control.Local.AddressFamily, "family of the control connection");
                using Socket listener = s.Listen();
                await s.DoAsync($"EPRT |1|{s.Control.Local.Address}|{((IPEndPoint)listener.LocalEndPoint!).Port}|", 200);
                await s.DoAsync("EPSV 1", 229);
                await s.DoAsync("PASV", 227);
            });

        Check("F2428-3-7", Level.May, "RFC 1639 / RFC 5797 §2.5",
            "LPRT and LPSV are recognised and refused with 502, or implemented (228); 521 lists supported families.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply reply = await s.AskAsync("LPSV");
                Verify.That(reply.Code is 502 or 228, $"LPSV: expected 502 or 228, saw {reply}");
            });
    }

    /// <summary>RFC 2428 names no code for the acknowledgement, nor for the refusals after it.</summary>
    private static async Task EpsvAllAsync(Session session, string line)
    {
        Reply reply = await session.AskAsync(line);
        Verify.That(reply.IsCompletion, $"{line} was answered {reply}");
    }

    private static async Task BarredAsync(Session session, string line)
    {
        Reply reply = await session.AskAsync(line);
        Verify.That(reply.Code / 100 == 5, $"{line} after EPSV ALL was answered {reply}");
    }
}

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 27: transfers between servers.</summary>
internal sealed class S27_Fxp : Section
{
    public S27_Fxp()
        : base("27 Server to server")
    {
        Check("FXP-1", Level.May, "RFC 959 §5.2",
            "With FXP enabled for the user, PORT to a foreign address ≥ 1024 is accepted and PASV accepts any peer.",
            async c =>
            {
                Session a = await c.LoginClearAsync();
                Session b = await c.LoginClearAsync();
                string up = await c.ScratchAsync(a);
                await using (DataTarget target = await a.PasvAsync())
                {
                    await b.DoAsync($"PORT {SessionData.PortArgument(target.Server)}", 200);
                    await a.SendAsync($"STOR {up}/copy");
                    await b.SendAsync("RETR docs/a.txt");
                    await a.ExpectAsync(150);
                    await b.ExpectAsync(150);
                    await a.ExpectAsync(226);
                    await b.ExpectAsync(226);
                }

                await a.GetAsync($"{up}/copy", "hello\nworld\n");
                IPAddress foreign = c.SecondLocalAddress();
                using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                listener.Bind(new IPEndPoint(foreign, 0));
                listener.Listen();
                await b.DoAsync($"PORT {SessionData.PortArgument((IPEndPoint)listener.LocalEndPoint!)}", 200);
                await using DataTarget open = await b.PasvAsync();
                await using DataConnection stranger = await open.OpenAsync(from: foreign);
                await b.DoAsync("RETR docs/a.txt", 150);
                Verify.Bytes("hello\nworld\n", await stranger.ReadToEndAsync(), "data to another peer");
                await b.ExpectAsync(226);
            },
            profile: Profiles.EverythingOn);

        Check("FXP-2", Level.Should, "RFC 2577 §3",
            "FXP is off by default.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.DoAsync("PORT 192,0,2,1,195,81", 504);
            });

        Check("FXP-3", Level.DeFacto, "",
            "SSCN ON makes the server act as TLS client on data connections; SSCN OFF restores; SSCN alone reports.",
            async c =>
            {
                Session s = await c.LoginTlsAsync();
                await s.DoAsync("SSCN ON", "200 SSCN:CLIENT METHOD");
                await s.DoAsync("SSCN", "200 SSCN:CLIENT METHOD");
                await s.DoAsync("SSCN OFF", "200 SSCN:SERVER METHOD");
                await s.DoAsync("SSCN", "200 SSCN:SERVER METHOD");
                await s.DoAsync("SSCN X", 501);
                Session clear = await c.LoginClearAsync();
                await clear.DoAsync("SSCN ON", 503);
            },
            needs: ["SSCN"], profile: Profiles.EverythingOn);

        Check("FXP-4", Level.DeFacto, "",
            "With SSCN ON the server starts its ClientHello right after 150 in PORT or PASV mode.",
            async c =>
            {
                Session s = await c.LoginTlsAsync();
                await s.DoAsync("SSCN ON", 200);
                foreach (DataMode mode in (DataMode[])[DataMode.Port, DataMode.Epsv])
                    await ServesAsync(s, await s.AgreeAsync(mode), $"{mode}");
                await s.DoAsync("SSCN OFF", 200);
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
            },
            needs: ["SSCN"], profile: Profiles.EverythingOn);

        Check("FXP-5", Level.DeFacto, "",
            "CPSV is PASV with the server as TLS client for the next transfer only; needs PROT P; IPv4 only.",
            async c =>
            {
                Session s = await c.LoginTlsAsync();
                await ServesAsync(s, await CpsvAsync(s), "CPSV");
                Transfer after = await s.DownAsync("RETR docs/a.txt", DataMode.Pasv);
                Verify.Bytes("hello\nworld\n", after.Data, "data after the transfer of CPSV");
                await s.DoAsync("PROT C", 200);
                await s.DoAsync("CPSV", 503, 522, 536, 501);
            },
            needs: ["CPSV"], profile: Profiles.EverythingOn);

        Check("FXP-6", Level.Choice, "",
            "With EPSV ALL, CPSV and SSCN ON are refused with 501.",
            async c =>
            {
                Session s = await c.LoginTlsAsync();
                await s.DoAsync("EPSV ALL", 200);
                await s.DoAsync("CPSV", 501);
                await s.DoAsync("SSCN ON", 501);
            },
            needs: ["CPSV"], profile: Profiles.EverythingOn);

        Check("FXP-7", Level.Must, "RFC 4217 §7",
            "Without SSCN/CPSV a protected server-to-server transfer fails in the handshake and gives 522.",
            async c =>
            {
                Session a = await c.LoginTlsAsync();
                Session b = await c.LoginTlsAsync();
                string up = await c.ScratchAsync(a);
                await using DataTarget target = await a.PasvAsync();
                Reply port = await b.AskAsync($"PORT {SessionData.PortArgument(target.Server)}");
                Skip.Unless(port.Code == 200, "FXP", $"the server refuses the port of its own passive socket: {port}");
                await a.SendAsync($"STOR {up}/copy");
                await b.SendAsync("RETR docs/a.txt");
                await a.ExpectAsync(150, 125);
                await b.ExpectAsync(150, 125);
                Reply one = await a.ReadAsync(TimeSpan.FromSeconds(35));
                Reply other = await b.ReadAsync(TimeSpan.FromSeconds(35));
                Verify.That(one.Code == 522 || other.Code == 522, $"expected 522 on at least one, saw {one} and {other}");
                Verify.That(one.Code != 226 && other.Code != 226, $"a transfer was reported complete: {one} and {other}");
            });
    }

    /// <summary>RETR over a data connection on which we are the TLS server: the first record must be the server's ClientHello.</summary>
    private static async Task ServesAsync(Session session, DataTarget target, string what)
    {
        await using DataTarget agreed = target;
        DataConnection? early = agreed.IsPassive ? await agreed.OpenAsync() : null;
        await session.SendAsync("RETR docs/a.txt");
        await session.ExpectAsync(150);
        await using DataConnection data = early ?? await agreed.OpenAsync();
        byte[] start = new byte[6];
        await WaitForAsync(data, start, session.Patience, what);
        Verify.That(start[0] == TlsRaw.Handshake && start[5] == 1, $"{what}: the first record of the server is no ClientHello: {Octets.Show(start)}");
        SslServerAuthenticationOptions options = new() { ServerCertificate = TestCertificate.Create("client") };
        await data.HandshakeAsync(session.DataTls, session.Patience, options);
        Verify.Bytes("hello\nworld\n", await data.ReadToEndAsync(), $"{what}: data");
        await session.ExpectAsync(226);
    }

    private static async Task WaitForAsync(DataConnection data, byte[] start, TimeSpan patience, string what)
    {
        for (int waited = 0; waited < patience.TotalMilliseconds; waited += 20)
        {
            if (data.Socket.Available >= start.Length)
            {
                data.Socket.Receive(start, SocketFlags.Peek);
                return;
            }

            await Task.Delay(20);
        }

        Verify.Fail($"{what}: the server sent no ClientHello within {patience.TotalSeconds} s");
    }

    private static async Task<DataTarget> CpsvAsync(Session session)
    {
        Reply reply = await session.DoAsync("CPSV", 227);
        int[] numbers = [.. Regex.Match(reply.Text, @"\d+,\d+,\d+,\d+,\d+,\d+").Value.Split(',').Select(int.Parse)];
        return new(session, new IPEndPoint(session.Control.Remote.Address, (numbers[4] << 8) + numbers[5]), null);
    }
}

using System.Net;
using System.Net.Sockets;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Fixture;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 5.4, second part: limits, the default data port, and when the server closes.</summary>
internal sealed class S05e_DataLimits : Section
{
    public S05e_DataLimits()
        : base("5.4 PORT, PASV and default port")
    {
        Check("F959-4.1.2-29", Level.Choice, "",
            "No free passive port gives 425.",
            async c =>
            {
                for (int count = 0; count < 18; count++)
                {
                    Session s = await c.LoginAsync();
                    Reply reply = await s.AskAsync("PASV");
                    if (reply.Code == 227)
                        continue;
                    Verify.Equal(425, reply.Code, $"PASV in session {count + 1}");
                    Verify.That(count > 0, "no session at all got a passive port");
                    return;
                }

                Verify.Fail("18 sessions got a passive port each: the range was not used up");
            },
            profile: Profiles.ShortLimits,
            turn: Turn.Alone);

        Check("F959-4.1.2-30", Level.Choice, "",
            "PASV accept waits a configurable time (default 60 s) and then fails the transfer with 425.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.EpsvAsync();
                await s.SendAsync("RETR docs/a.txt");
                Reply reply = await s.ReadAsync(TimeSpan.FromSeconds(10));
                if (reply.Code == 150)
                    reply = await s.ReadAsync(TimeSpan.FromSeconds(10));
                Verify.Equal(425, reply.Code, "after the accept limit");
                await s.InStepAsync();
            },
            profile: Profiles.ShortLimits);

        Check("F959-4.1.2-34", Level.Choice, "",
            "A passive listener is closed after the accept limit even if no transfer verb follows.",
            async c =>
            {
                Session s = await c.LoginAsync();
                DataTarget target = await s.EpsvAsync();
                for (int second = 0; second < 4; second++)
                {
                    await Task.Delay(1000);
                    await s.DoAsync("NOOP", 200);
                }

                Verify.That(await target.RefusesAsync(), "the port still accepts");
                await s.DoAsync("LIST", 425);
            },
            profile: Profiles.ShortLimits);

        Check("F959-5.2-1", "MUST in text", "RFC 959 §3.3/§5.2",
            "A transfer without PORT or PASV uses the default data port: the server connects to the client's control port.",
            async c =>
            {
                IPAddress local = c.SecondLocalAddress();
                int port = FreePort(local);
                Session s = await c.DialAsync(c.Settings.Server, local, port);
                await s.GreetAsync();
                await s.LoginAsync(c.Alice);
                Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
                listener.Bind(new IPEndPoint(local, port));
                listener.Listen(1);
                await using DataTarget target = new(s, null, listener);
                Verify.That((await s.DownAsync("LIST", target)).Data.Length > 0, "the listing is empty");
            },
            profile: Profiles.EverythingOn);

        Check("F959-5.2-2", Level.Choice, "",
            "By default F959-5.2-1 is off and a transfer verb without data set-up answers 425 at once.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.SendAsync("RETR docs/a.txt");
                Verify.Equal(425, (await s.ReadAsync(TimeSpan.FromSeconds(1))).Code, "reply without data set-up");
            });

        Check("F959-5.2-3", Level.Must, "RFC 1123 §4.1.2.12",
            "Active connections originate from the same local IP address as the control connection.",
            async c => await SameAddressAsync(c));

        Check("F959-5.2-4", Level.May, "RFC 959 §5.2",
            "The source port of active connections is L−1 (20) when privileges permit, otherwise ephemeral.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await using DataTarget target = await s.PortAsync();
                await s.SendAsync("RETR docs/a.txt");
                await using DataConnection data = await target.OpenAsync();
                int port = data.Remote.Port;
                await s.ExpectAsync(150, 125);
                Verify.Bytes("hello\nworld\n", await data.ReadToEndAsync(), "data");
                await s.ExpectAsync(226, 250);
                Verify.That(port == 20 || port >= 1024, $"the active connection came from port {port}");
                s.Note($"active connections come from port {port}");
            });

        Check("F959-3.2-1", Level.Must, "RFC 959 §3.2",
            "The server closes the data connection after sending in stream mode, on ABOR, when a new port is set, when control closes, and on fatal error.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
                s.DataReceiveBuffer = 8192;
                await using (DataConnection aborted = await s.BeginAsync("RETR /big.bin"))
                {
                    await s.SendAsync("ABOR");
                    await s.ExpectAsync(426, 226);
                    await s.ExpectAsync(226, 225);
                    Verify.That((await aborted.ReadToEndAsync()).Length < FixtureTree.BigLength, "ABOR: the whole file was sent");
                }

                DataTarget replaced = await s.EpsvAsync();
                await using DataConnection waiting = await replaced.OpenAsync();
                await using DataTarget port = await s.PortAsync();
                await waiting.ExpectNothingAsync();
                await using DataConnection orphan = await s.BeginAsync("RETR /big.bin");
                await s.Control.DisposeAsync();
                Verify.That((await orphan.ReadToEndAsync()).Length < FixtureTree.BigLength, "control closed: the whole file was sent");
            });

        Check("F959-3.2-2", Level.DeFacto, "",
            "A failing active connection attempt gives 425 and no 150 hang longer than the connect timeout.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await using (DataTarget target = await s.PortAsync())
                    await target.DisposeAsync();
                await s.SendAsync("LIST");
                Reply reply = await s.ReadAsync(TimeSpan.FromSeconds(30));
                if (reply.Code == 150)
                    reply = await s.ReadAsync(TimeSpan.FromSeconds(30));
                Verify.Equal(425, reply.Code, "when nobody listens at the PORT address");
                await s.InStepAsync();
            },
            seconds: 60);

        Check("F959-3.2-3", Level.Choice, "",
            "A data connection without progress for a configurable time (default 300 s) is aborted with 426.",
            async c =>
            {
                Session s = await c.LoginAsync();
                s.DataReceiveBuffer = 8192;
                await using DataConnection data = await s.BeginAsync("RETR /big.bin");
                await data.SecureAsync();
                Verify.Equal(426, (await s.ReadAsync(TimeSpan.FromSeconds(15))).Code, "after the data idle limit");
                await s.InStepAsync();
            },
            profile: Profiles.ShortLimits);
    }

    /// <summary>Active connections come from the address that the control connection goes to; also serves F1123-4.1.2.12-1.</summary>
    internal static async Task SameAddressAsync(Context c)
    {
        Session s = await c.LoginAsync();
        await using DataTarget target = await s.PortAsync();
        await s.SendAsync("RETR docs/a.txt");
        await using DataConnection data = await target.OpenAsync();
        Verify.Equal(s.Control.Remote.Address, data.Remote.Address, "address the active connection comes from");
        await s.ExpectAsync(150, 125);
        await data.ReadToEndAsync();
        await s.ExpectAsync(226, 250);
    }

    private static int FreePort(IPAddress address)
    {
        using Socket probe = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(address, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}

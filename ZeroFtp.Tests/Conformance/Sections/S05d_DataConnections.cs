using System.Net;
using System.Net.Sockets;
using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Fixture;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Sections;

/// <summary>Requirements, section 5.4, first part: PORT and PASV.</summary>
internal sealed class S05d_DataConnections : Section
{
    public S05d_DataConnections()
        : base("5.4 PORT, PASV and default port")
    {
        Check("F959-4.1.2-20", Level.Must, "RFC 959 PORT",
            "PORT takes six decimal octets and answers 200.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await using DataTarget target = await s.PortAsync();
                await s.SendAsync("RETR docs/a.txt");
                await using DataConnection data = await target.OpenAsync();
                await s.ExpectAsync(150, 125);
                Verify.Equal(target.Ours.Port, data.Local.Port, "port the server connected to");
                Verify.Bytes("hello\nworld\n", await data.ReadToEndAsync(), "data");
                await s.ExpectAsync(226, 250);
            });

        Check("F959-4.1.2-21", Level.Must, "RFC 959 §5.4",
            "Malformed PORT arguments give 501.",
            async c =>
            {
                Session s = await c.LoginAsync();
                foreach (string argument in (string[])["1,2,3,4,5", "1,2,3,4,5,6,7", "256,0,0,1,1,1", "a,b,c,d,e,f", "127,0,0,1,195,81x", "-1,0,0,1,1,1", ""])
                    await s.DoAsync($"PORT {argument}", 501);
            });

        Check("F959-4.1.2-22", Level.Must, "RFC 959 §3.2",
            "A PORT address stays valid for following transfers until changed.",
            async c =>
            {
                Session s = await c.LoginAsync();
                int port;
                await using (DataTarget first = await s.PortAsync())
                {
                    port = first.Ours.Port;
                    Transfer transfer = await s.DownAsync("RETR docs/a.txt", first);
                    Verify.Bytes("hello\nworld\n", transfer.Data, "first RETR");
                }

                await using DataTarget again = new(s, null, Reopen(s, port));
                Verify.Bytes("hello\nworld\n", (await s.DownAsync("RETR docs/a.txt", again)).Data, "second RETR");
            });

        Check("F959-4.1.2-23", Level.Must, "RFC 959 PASV",
            "PASV makes the server listen on a non-default port and report address and port in 227.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply reply = await s.DoAsync("PASV", 227);
                Verify.Matches("\\((\\d{1,3},){5}\\d{1,3}\\)", reply.Text, "PASV reply");
                await using DataTarget target = await s.PasvAsync();
                Verify.That(target.Server.Port != 20, "the passive port is 20");
                await using DataConnection data = await target.OpenAsync();
                await s.SendAsync("RETR docs/a.txt");
                await s.ExpectAsync(150, 125);
                Verify.Bytes("hello\nworld\n", await data.ReadToEndAsync(), "data");
                await s.ExpectAsync(226, 250);
            });

        Check("F959-4.1.2-24", Level.DeFacto, "",
            "The 227 text is on one line, no digit precedes the address, and after ) only . follows.",
            async c =>
            {
                Session s = await c.LoginAsync();
                Reply reply = await s.DoAsync("PASV", 227);
                Verify.Matches("\\A227 [^0-9(]*\\((\\d{1,3},){5}\\d{1,3}\\)\\.?\r\n\\z", reply.Whole, "PASV reply");
            });

        Check("F959-4.1.2-25", Level.Must, "RFC 1123 §4.1.2.6",
            "PASV is per transfer: each PASV opens a new listener, and a used or replaced listener is closed.",
            async c =>
            {
                Session s = await c.LoginAsync();
                DataTarget first = await s.PasvAsync();
                DataTarget second = await s.PasvAsync();
                Verify.That(first.Server.Port != second.Server.Port, "two PASV gave the same port");
                Verify.That(await first.RefusesAsync(), "the replaced listener still accepts");
                await s.DownAsync("RETR docs/a.txt", second);
                Verify.That(await second.RefusesAsync(), "the used listener still accepts");
            });

        Check("F959-4.1.2-26", Level.DeFacto, "",
            "The advertised address is the local address of the control connection unless an external address is configured.",
            async c =>
            {
                Session s = await c.LoginAsync();
                VerifyAddress(s, await s.DoAsync("PASV", 227));
                if (!c.Settings.IsLocal)
                    return;
                try
                {
                    Session other = await c.DialAsync(new(IPAddress.Parse("127.0.0.3"), c.Settings.Server.Port));
                    await other.GreetAsync();
                    await other.LoginAsync(c.Alice);
                    VerifyAddress(other, await other.DoAsync("PASV", 227));
                }
                catch (SocketException)
                {
                    s.Note("the server listens on one address only");
                }
            });

        Check("F959-4.1.2-27", Level.Choice, "",
            "PASV on an IPv6 control connection gives 501 (or 522) and suggests EPSV; a v4-mapped peer counts as IPv4.",
            async c =>
            {
                Session s = await c.Connect6Async();
                await s.LoginAsync(c.Alice);
                await s.DoAsync("PASV", 501, 522);
                Session four = await c.LoginAsync();
                await four.DoAsync("PASV", 227);
            });

        Check("F959-4.1.2-28", Level.DeFacto, "",
            "PORT cancels a PASV listener and PASV cancels a PORT address.",
            async c =>
            {
                Session s = await c.LoginAsync();
                DataTarget passive = await s.PasvAsync();
                await using DataTarget active = await s.PortAsync();
                Transfer transfer = await s.DownAsync("RETR docs/a.txt", active);
                Verify.Bytes("hello\nworld\n", transfer.Data, "data over the PORT address");
                Verify.That(await passive.RefusesAsync(), "the passive port still accepts after PORT");
                await using DataTarget unused = await s.PortAsync();
                Transfer back = await s.DownAsync("RETR docs/a.txt", await s.PasvAsync());
                Verify.Bytes("hello\nworld\n", back.Data, "data over the passive port after PORT");
            });

        Check("F959-4.1.2-31", Level.DeFacto, "",
            "The client may connect before or after sending the transfer verb.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await s.GetAsync("docs/a.txt", "hello\nworld\n");
                await using DataTarget target = await s.EpsvAsync();
                await s.SendAsync("RETR docs/a.txt");
                await s.ExpectAsync(150);
                await using DataConnection data = await target.OpenAsync();
                Verify.Bytes("hello\nworld\n", await data.ReadToEndAsync(), "data of a connection made after 150");
                await s.ExpectAsync(226, 250);
            });

        Check("F959-4.1.2-32", Level.Choice, "",
            "The listen backlog accepts only the control peer's address; others are closed and waiting goes on.",
            async c => await OnlyThePeerAsync(c));

        Check("F959-4.1.2-36", Level.Choice, "",
            "PORT on an IPv6 control connection gives 501.",
            async c =>
            {
                Session s = await c.Connect6Async();
                await s.LoginAsync(c.Alice);
                await s.DoAsync("PORT 127,0,0,1,195,81", 501);
            });

        Check("F959-4.1.2-33", Level.Choice, "",
            "EPSV and PASV replace each other: only the newest listener exists.",
            async c =>
            {
                Session s = await c.LoginAsync();
                DataTarget old = await s.PasvAsync();
                await using DataTarget target = await s.EpsvAsync();
                Verify.That(await old.RefusesAsync(), "the PASV port still accepts after EPSV");
                Verify.Bytes("hello\nworld\n", (await s.DownAsync("RETR docs/a.txt", target)).Data, "data over the EPSV port");
                await s.DownAsync("LIST");
            });

        Check("F959-4.1.2-35", Level.Choice, "",
            "Only one data connection per transfer is used; further connections to the listener are refused or reset.",
            async c =>
            {
                Session s = await c.LoginAsync();
                await using DataTarget target = await s.EpsvAsync();
                await using DataConnection first = await target.OpenAsync();
                await using DataConnection? second = await TryOpenAsync(target);
                await s.SendAsync("RETR docs/a.txt");
                await s.ExpectAsync(150, 125);
                Verify.Bytes("hello\nworld\n", await first.ReadToEndAsync(), "data of the first connection");
                await s.ExpectAsync(226, 250);
                if (second is not null)
                    await second.ExpectNothingAsync();
            });
    }

    /// <summary>A listener of ours on a port that has just been in use.</summary>
    private static Socket Reopen(Session s, int port)
    {
        Socket listener = new(s.Control.Local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(s.Control.Local.Address, port));
        listener.Listen(1);
        return listener;
    }

    private static void VerifyAddress(Session s, Reply reply)
        => Verify.Matches($"\\({s.Control.Remote.Address.ToString().Replace('.', ',')},", reply.Text, $"address in 227, connected to {s.Control.Remote.Address}");

    /// <summary>A stranger's connection to the passive port gets nothing, the peer's own gets the data; also serves F2577-4-1.</summary>
    internal static async Task OnlyThePeerAsync(Context c)
    {
        IPAddress stranger = c.SecondLocalAddress();
        Session s = await c.LoginAsync();
        await using DataTarget target = await s.EpsvAsync();
        await using DataConnection? foreign = await TryOpenAsync(target, stranger);
        await using DataConnection own = await target.OpenAsync();
        await s.SendAsync("RETR docs/a.txt");
        await s.ExpectAsync(150, 125);
        Verify.Bytes("hello\nworld\n", await own.ReadToEndAsync(), "data of the peer's own connection");
        await s.ExpectAsync(226, 250);
        if (foreign is not null)
            await foreign.ExpectNothingAsync();
    }

    /// <summary>Connects; null when the server refuses or resets the connection at once.</summary>
    private static async Task<DataConnection?> TryOpenAsync(DataTarget target, IPAddress? from = null)
    {
        try
        {
            return await target.OpenAsync(from);
        }
        catch (CheckFailedException)
        {
            return null;
        }
    }
}

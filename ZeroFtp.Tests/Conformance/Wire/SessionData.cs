using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ZeroFtp.Conformance.Checks;

namespace ZeroFtp.Conformance.Wire;

/// <summary>Setting up data connections.</summary>
internal static partial class SessionData
{
    public static Task<DataTarget> AgreeAsync(this Session session, DataMode mode) => mode switch
    {
        DataMode.Epsv => session.EpsvAsync(),
        DataMode.Pasv => session.PasvAsync(),
        DataMode.Port => session.PortAsync(),
        _ => session.EprtAsync(),
    };

    /// <summary>EPSV; a server that does not know it is asked by PASV.</summary>
    public static async Task<DataTarget> EpsvAsync(this Session session)
    {
        Reply reply = await session.AskAsync("EPSV");
        if (reply.Code is 500 or 502 && session.Control.Remote.AddressFamily == AddressFamily.InterNetwork)
            return await session.PasvAsync();
        Match match = ExtendedPort().Match(reply.Text);
        Verify.That(reply.Code == 229 && match.Success, $"EPSV: expected 229 (|||port|), saw {reply}");
        int port = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        return new(session, new IPEndPoint(session.Control.Remote.Address, port), null);
    }

    /// <summary>PASV; the connection goes to the address of the control connection, whatever the reply says.</summary>
    public static async Task<DataTarget> PasvAsync(this Session session)
    {
        Reply reply = await session.AskAsync("PASV");
        Match match = SixNumbers().Match(reply.Text);
        Verify.That(reply.Code == 227 && match.Success, $"PASV: expected 227 with six numbers, saw {reply}");
        return new(session, new IPEndPoint(session.Control.Remote.Address, Port(match)), null);
    }

    /// <summary>Listens and sends PORT.</summary>
    public static async Task<DataTarget> PortAsync(this Session session)
    {
        Socket listener = session.Listen();
        await session.DoAsync($"PORT {PortArgument((IPEndPoint)listener.LocalEndPoint!)}", 200);
        return new(session, null, listener);
    }

    /// <summary>Listens and sends EPRT.</summary>
    public static async Task<DataTarget> EprtAsync(this Session session)
    {
        Socket listener = session.Listen();
        await session.DoAsync($"EPRT {EprtArgument((IPEndPoint)listener.LocalEndPoint!)}", 200);
        return new(session, null, listener);
    }

    /// <summary>A listener on our address of the control connection.</summary>
    public static Socket Listen(this Session session, int port = 0)
    {
        Socket listener = new(session.Control.Local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (session.DataReceiveBuffer > 0)
            listener.ReceiveBufferSize = session.DataReceiveBuffer;
        listener.Bind(new IPEndPoint(session.Control.Local.Address, port));
        listener.Listen(8);
        return listener;
    }

    public static string PortArgument(IPEndPoint point)
        => string.Join(',', point.Address.GetAddressBytes().Append((byte)(point.Port >> 8)).Append((byte)point.Port));

    public static string EprtArgument(IPEndPoint point)
        => $"|{(point.AddressFamily == AddressFamily.InterNetwork ? 1 : 2)}|{point.Address}|{point.Port}|";

    private static int Port(Match match)
        => (int.Parse(match.Groups[5].ValueSpan, CultureInfo.InvariantCulture) << 8) + int.Parse(match.Groups[6].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\(\|\|\|(\d{1,5})\|\)")]
    private static partial Regex ExtendedPort();

    [GeneratedRegex(@"(\d+),(\d+),(\d+),(\d+),(\d+),(\d+)")]
    private static partial Regex SixNumbers();
}

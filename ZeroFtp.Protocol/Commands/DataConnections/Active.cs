using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Data;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.DataConnections;

/// <summary>PORT (RFC 959) and EPRT (RFC 2428), guarded against bounce attacks (RFC 2577 section 3).</summary>
internal static class Active
{
    private const int LowestPort = 1024;
    private static readonly Reply PortAccepted = Reply.Constant(200, "PORT command successful.");
    private static readonly Reply EprtAccepted = Reply.Constant(200, "EPRT command successful.");
    private static readonly Reply BadPort = Reply.Constant(501, "PORT requires six numbers from 0 to 255.");
    private static readonly Reply BadEprt = Reply.Constant(501, "EPRT syntax is |protocol|address|port|.");
    private static readonly Reply NotAllowed = Reply.Constant(504, "Address or port not allowed.");
    private static readonly Reply PortNotNow = Reply.Constant(501, "PORT not allowed now; use EPRT or EPSV.");
    private static readonly Reply EprtNotNow = Reply.Constant(501, "EPRT not allowed after EPSV ALL.");

    public static readonly Verb Port = new("PORT", Needs.Login | Needs.Argument, RunPort)
    {
        Help = "PORT h1,h2,h3,h4,p1,p2",
        IsOffered = static session => session.Options.Data.AllowActive,
        WhenOff = Reply.Of(502, "Active mode is disabled; use PASV or EPSV."),
        ArgumentMissing = BadPort,
    };

    public static readonly Verb Eprt = new("EPRT", Needs.Login | Needs.Argument, RunEprt)
    {
        Help = "EPRT |protocol|address|port|",
        Feature = static _ => "EPRT",
        IsOffered = static session => session.Options.Data.AllowActive,
        WhenOff = Reply.Of(502, "Active mode is disabled; use EPSV."),
        ArgumentMissing = BadEprt,
    };

    /// <summary>The 522 that names the one network protocol this session can use.</summary>
    public static Reply UseFamily(FtpSession session) => Reply.Of(522, $"Network protocol not supported, use ({(session.IsIPv6 ? 2 : 1)})");

    private static ValueTask<Outcome> RunPort(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (session.IsEpsvAll || session.IsIPv6)
            return (Outcome)PortNotNow;
        string[] parts = argument.Trim(' ').Split(',');
        Span<byte> numbers = stackalloc byte[6];
        if (parts.Length != 6)
            return (Outcome)BadPort;
        for (int i = 0; i < 6; i++)
        {
            // Some devices put spaces behind the commas.
            if (!byte.TryParse(parts[i].Trim(' '), NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                return (Outcome)BadPort;
        }
        return (Outcome)Set(session, new IPAddress(numbers[..4]), (numbers[4] << 8) | numbers[5], PortAccepted);
    }

    private static ValueTask<Outcome> RunEprt(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (session.IsEpsvAll)
            return (Outcome)EprtNotNow;
        string text = argument.Trim(' ');
        // The last delimiter may be missing, as some clients leave it out.
        string[] fields = text.Length < 5 || text[0] is < '!' or > '~' ? [] : text.Split(text[0]);
        if (fields is not (["", _, _, _, ""] or ["", _, _, _]))
            return (Outcome)BadEprt;
        (string family, string address, string port) = (fields[1], fields[2], fields[3]);
        if (family is not ("1" or "2"))
            return (Outcome)(family.Length > 0 && family.All(char.IsAsciiDigit) ? Reply.Of(522, $"Network protocol not supported, use ({(session.IsIPv6 ? "1,2" : "1")})") : BadEprt);
        if (!ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number) || !Addresses.TryParse(address, family == "1" ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6, out IPAddress? parsed))
            return (Outcome)BadEprt;
        return (Outcome)(family != (session.IsIPv6 ? "2" : "1") ? UseFamily(session) : Set(session, parsed, number, EprtAccepted));
    }

    private static Reply Set(FtpSession session, IPAddress address, int port, Reply accepted)
    {
        address = Addresses.Plain(address);
        bool isOwn = Addresses.AreSame(address, session.PeerAddress);
        // Transfers between servers, where allowed, are none between this server and itself; a client of this host could connect to it anyway.
        bool isForeign = session.AllowsFxp && (Addresses.IsLoopback(session.PeerAddress) || !(Addresses.IsNoHost(address) || Addresses.AreSame(address, session.LocalAddress)));
        if (port < LowestPort || !(isOwn || isForeign))
            return NotAllowed;
        session.SetTarget(new DataTarget.Active(new IPEndPoint(address, port)));
        return accepted;
    }
}

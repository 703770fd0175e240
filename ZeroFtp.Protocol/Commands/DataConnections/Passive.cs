using System.Net;
using System.Net.Sockets;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Data;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Options;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.DataConnections;

/// <summary>PASV (RFC 959), EPSV (RFC 2428) and CPSV (de facto).</summary>
internal static class Passive
{
    private static readonly Reply EpsvAllAccepted = Reply.Constant(200, "EPSV ALL accepted.");
    private static readonly Reply BadEpsv = Reply.Constant(501, "EPSV argument must be 1, 2 or ALL.");
    private static readonly Reply NeedsIPv4 = Reply.Constant(501, "PASV needs IPv4; use EPSV.");
    private static readonly Reply PassiveOff = Reply.Constant(502, "Passive mode is disabled; use PORT.");
    private static readonly Reply CpsvNeedsTls = Reply.Constant(503, "Use AUTH TLS and PROT P first.");
    private static readonly Reply CpsvNotNow = Reply.Constant(501, "CPSV not allowed now; use EPSV.");

    public static readonly Verb Pasv = new("PASV", Needs.Login, PasvAsync)
    {
        Help = "PASV",
        IsOffered = static session => session.Options.Data.AllowPassive,
        WhenOff = PassiveOff,
    };

    public static readonly Verb Epsv = new("EPSV", Needs.Login, EpsvAsync)
    {
        Help = "EPSV [1|2|ALL]",
        Feature = static _ => "EPSV",
        IsOffered = static session => session.Options.Data.AllowPassive,
        WhenOff = PassiveOff,
    };

    public static readonly Verb Cpsv = new("CPSV", Needs.Login, CpsvAsync)
    {
        Help = "CPSV",
        Feature = static session => session.IsTlsUsable && session.AllowsFxp ? "CPSV" : null,
        IsOffered = static session => !session.IsLoggedIn || session.AllowsFxp,
    };

    private static ValueTask<Outcome> PasvAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (session.IsEpsvAll)
            return (Outcome)Reply.Of(501, "PASV not allowed after EPSV ALL.");
        return session.IsIPv6 ? (Outcome)NeedsIPv4 : OpenAsync(session, tlsClient: false, cancellationToken);
    }

    private static ValueTask<Outcome> CpsvAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (session.IsEpsvAll || session.IsIPv6)
            return (Outcome)CpsvNotNow;
        return session is { IsProtected: true, Security.ProtectData: true } ? OpenAsync(session, tlsClient: true, cancellationToken) : (Outcome)CpsvNeedsTls;
    }

    private static ValueTask<Outcome> EpsvAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        string family = argument.Trim(' ').ToUpperInvariant();
        switch (family)
        {
            case "":
                break;
            case "ALL":
                session.IsEpsvAll = true;
                return (Outcome)EpsvAllAccepted;
            case var number when number.All(char.IsAsciiDigit):
                if (family != (session.IsIPv6 ? "2" : "1"))
                    return (Outcome)Active.UseFamily(session);
                break;
            default:
                return (Outcome)BadEpsv;
        }
        return (Outcome)(Listen(session, tlsClient: false) is { } wait ? Reply.Of(229, $"Entering Extended Passive Mode (|||{wait.Port}|)") : Replies.NoPassivePort);
    }

    private static async ValueTask<Outcome> OpenAsync(FtpSession session, bool tlsClient, CancellationToken cancellationToken)
    {
        byte[] octets = (await AdvertisedAsync(session, cancellationToken).ConfigureAwait(false)).GetAddressBytes();
        if (Listen(session, tlsClient) is not { } wait)
            return Replies.NoPassivePort;
        return Reply.Of(227, $"Entering Passive Mode ({octets[0]},{octets[1]},{octets[2]},{octets[3]},{wait.Port >> 8},{wait.Port & 0xFF}).");
    }

    private static PassiveWait? Listen(FtpSession session, bool tlsClient)
    {
        FtpDataOptions options = session.Options.Data;
        // The old port goes first, so that a range of one port can be used again.
        session.SetTarget(null);
        if (session.DataTransport.Listen(session.LocalAddress) is not { } port)
            return null;
        bool anyPeer = session.AllowsFxp;
        IPAddress? peer = session.PeerAddress;
        PassiveWait wait = new(
            port, address => anyPeer || Addresses.AreSame(address, peer), options.AcceptTimeout, session.Clock, DataProxy.For(session.Options.Proxy, session.Clock));
        session.SetTarget(new DataTarget.Passive(wait) { TlsClient = tlsClient });
        return wait;
    }

    /// <summary>The address that 227 tells: the external one, unless the client is near (F959-4.1.2-26).</summary>
    private static async ValueTask<IPAddress> AdvertisedAsync(FtpSession session, CancellationToken cancellationToken)
    {
        FtpDataOptions options = session.Options.Data;
        bool isNear = session.PeerAddress is null || Addresses.IsPrivate(session.PeerAddress);
        if (options.ExternalAddress is not { } resolve || (isNear && !options.ExternalAddressForPrivatePeers))
            return session.LocalAddress;
        IPAddress? external = await resolve(cancellationToken).ConfigureAwait(false);
        return external is { AddressFamily: AddressFamily.InterNetwork } ? external : session.LocalAddress;
    }
}

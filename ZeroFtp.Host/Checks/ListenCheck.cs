using System.Net;
using System.Net.Sockets;
using ZeroFtp.Host.Configuration;
using ZeroFtp.Protocol.Options;

namespace ZeroFtp.Host.Checks;

/// <summary>Checks that the configured addresses can be bound, by binding each for a moment.</summary>
internal static class ListenCheck
{
    /// <param name="loaded">The configuration.</param>
    /// <param name="allowsInUse">True where the server itself may be running, as for <c>config check</c>: an address that is in use is no fault then.</param>
    public static IEnumerable<ConfigurationFault> Find(LoadedConfiguration loaded, bool allowsInUse)
    {
        IEnumerable<(string Key, IPEndPoint Address)> addresses = loaded.Configuration.Server.EndPoints.Select(endPoint => (KeyOf(endPoint), endPoint.Address));
        if (loaded.Configuration.Metrics is { } metrics)
            addresses = addresses.Append(("metrics", metrics));
        foreach ((string key, IPEndPoint address) in addresses)
        {
            if (TryBind(address) is { } error && !(allowsInUse && error.SocketErrorCode == SocketError.AddressAlreadyInUse))
                yield return loaded.Fault(key, $"cannot listen on {EndPoints.Format(address)}: {Describe(error, address)}");
        }
    }

    private static string KeyOf(FtpEndPoint endPoint) => endPoint.ImplicitTls ? "listenImplicit" : "listen";

    private static SocketException? TryBind(IPEndPoint address)
    {
        try
        {
            using Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (address.Address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            socket.Bind(address);
            return null;
        }
        catch (SocketException e)
        {
            return e;
        }
    }

    private static string Describe(SocketException error, IPEndPoint address) => error.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "another program listens there; stop it or choose another port",
        SocketError.AddressNotAvailable => "this machine has no such address; name one that it has, or *",
        SocketError.AccessDenied =>
            $"port {address.Port} is privileged; grant the capability CAP_NET_BIND_SERVICE (systemd: AmbientCapabilities=CAP_NET_BIND_SERVICE) or choose a port from 1024 up",
        SocketError.AddressFamilyNotSupported => "this machine has no IPv6; name an IPv4 address, such as 0.0.0.0 for all",
        _ => error.Message,
    };
}

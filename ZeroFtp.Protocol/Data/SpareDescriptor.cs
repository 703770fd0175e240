using System.Net.Sockets;

namespace ZeroFtp.Protocol.Data;

/// <summary>A descriptor held in reserve, so that a process that has run out of them can still accept a connection to refuse it. Used by one task at a time.</summary>
internal sealed class SpareDescriptor : IDisposable
{
    private Socket? _held;

    public SpareDescriptor() => Take();

    /// <summary>Reserves a descriptor if none is held and one is available.</summary>
    public void Take()
    {
        try
        {
            _held ??= new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        }
        catch (SocketException)
        {
            // None is available; the next call retries.
        }
    }

    /// <summary>Releases the descriptor for the next open.</summary>
    /// <returns>False if none was held.</returns>
    public bool Release()
    {
        if (_held is null)
            return false;
        _held.Dispose();
        _held = null;
        return true;
    }

    public void Dispose() => Release();
}

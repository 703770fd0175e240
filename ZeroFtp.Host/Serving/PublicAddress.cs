using System.Net;
using System.Net.Sockets;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Host.Serving;

/// <summary>Resolves the IPv4 address of the public host, again once a minute so that a changing address is followed. While resolving fails, the last known address stays.</summary>
internal sealed class PublicAddress(string host, TimeProvider time, ILogger logger) : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _resolving = new(1, 1);
    private readonly bool _isFixed = AddressText.TryParse(host, out _);
    private IPAddress? _known = AddressText.TryParse(host, out IPAddress? address) ? address : null;
    private long _resolvedAt;

    public async ValueTask<IPAddress?> GetAsync(CancellationToken cancellationToken)
    {
        if (_isFixed || IsFresh())
            return _known;
        await _resolving.WaitAsync(cancellationToken);
        try
        {
            if (!IsFresh())
                await ResolveAsync(cancellationToken);
            return _known;
        }
        finally
        {
            _resolving.Release();
        }
    }

    public void Dispose() => _resolving.Dispose();

    private bool IsFresh() => Volatile.Read(ref _resolvedAt) is not 0 and var at && time.GetElapsedTime(at) < Lifetime;

    private async Task ResolveAsync(CancellationToken cancellationToken)
    {
        try
        {
            IPAddress[] found = await Dns.GetHostAddressesAsync(host, AddressFamily.InterNetwork, cancellationToken);
            _known = found.FirstOrDefault() ?? _known;
        }
        catch (SocketException e)
        {
            logger.PublicHostUnknown(host, e.Message);
        }
        Volatile.Write(ref _resolvedAt, Math.Max(1, time.GetTimestamp()));
    }
}

using System.Collections.Concurrent;
using System.Net;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Sessions;

/// <summary>The sessions that are open, counted in total and by address.</summary>
/// <param name="ipv6PrefixLength">How many bits of an IPv6 address count as one.</param>
internal sealed class SessionRegistry(int ipv6PrefixLength)
{
    private readonly ConcurrentDictionary<long, SessionLoop> _loops = new();
    private readonly Dictionary<IPNetwork, int> _byAddress = [];
    private readonly Lock _lock = new();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public IEnumerable<SessionLoop> All => _loops.Values;

    /// <summary>Takes a place for a connection from an address.</summary>
    public bool TryEnter(IPAddress? address, int maxTotal, int maxPerAddress)
    {
        lock (_lock)
        {
            if (_count >= maxTotal)
                return false;
            if (Addresses.ClientOf(address, ipv6PrefixLength) is { } key)
            {
                int here = _byAddress.GetValueOrDefault(key);
                if (here >= maxPerAddress)
                    return false;
                _byAddress[key] = here + 1;
            }
            _count++;
            return true;
        }
    }

    public void Leave(IPAddress? address)
    {
        lock (_lock)
        {
            _count--;
            if (Addresses.ClientOf(address, ipv6PrefixLength) is not { } key)
                return;
            int here = _byAddress.GetValueOrDefault(key) - 1;
            if (here <= 0)
                _byAddress.Remove(key);
            else
                _byAddress[key] = here;
        }
    }

    public void Add(SessionLoop loop) => _loops[loop.Session.Id] = loop;

    public void Remove(SessionLoop loop) => _loops.TryRemove(loop.Session.Id, out _);

    public SessionLoop? Find(long id) => _loops.GetValueOrDefault(id);
}

using System.Collections.Concurrent;

namespace ZeroFtp.Conformance.Wire;

/// <summary>What the whole run has seen of the server's replies; the checks that run last judge it.</summary>
internal sealed class Observations
{
    private readonly ConcurrentDictionary<int, string> _codes = new();
    private readonly ConcurrentQueue<(Breach Kind, string Where)> _breaches = new();
    private long _replies;

    /// <summary>Each reply code seen, with an example.</summary>
    public IReadOnlyDictionary<int, string> Codes => _codes;

    public long Replies => Interlocked.Read(ref _replies);

    public IReadOnlyList<string> Breaches(params Breach[] kinds)
        => [.. _breaches.Where(breach => kinds.Contains(breach.Kind)).Select(breach => breach.Where)];

    public void Seen(Reply reply, string checkId)
    {
        _codes.TryAdd(reply.Code, $"{checkId}: {Octets.Escape(reply.Raw)}");
        Interlocked.Increment(ref _replies);
    }

    public void Note(Breach kind, string checkId, ReadOnlySpan<byte> line) => _breaches.Enqueue((kind, $"{checkId}: {Octets.Escape(line)}"));
}

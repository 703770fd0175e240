namespace ZeroFtp.Protocol.Sessions;

/// <summary>What REST or RANG said: where the next transfer starts, and for RANG its last octet.</summary>
internal readonly record struct RestartMarker(long Start, long? End)
{
    /// <summary>Octets of the range; null without an end.</summary>
    public long? Length => End is { } end ? (end - Start == long.MaxValue ? long.MaxValue : end - Start + 1) : null;
}

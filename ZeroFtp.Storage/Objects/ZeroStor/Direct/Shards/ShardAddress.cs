namespace ZeroFtp.Storage.Objects.ZeroStor.Direct.Shards;

/// <summary>A namespace of a 0-db server, as configuration names it.</summary>
/// <param name="Id">What references call it: <c>namespace@host:port</c>, exactly as the daemons' configuration has it.</param>
/// <param name="Host">The host to connect to.</param>
/// <param name="Port">The port to connect to.</param>
/// <param name="Namespace">The namespace.</param>
/// <param name="Password">Its password; empty for none.</param>
internal sealed record ShardAddress(string Id, string Host, int Port, string Namespace, string Password)
{
    /// <summary>Reads <c>namespace@host:port</c>; an IPv6 address stands in brackets.</summary>
    public static bool TryParse(string text, string password, out ShardAddress? address)
    {
        address = null;
        int at = text.LastIndexOf('@'), colon = text.LastIndexOf(':');
        if (at < 1 || colon <= at + 1 || !ushort.TryParse(text.AsSpan(colon + 1), out ushort port) || port == 0)
            return false;
        string host = text[(at + 1)..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
            host = host[1..^1];
        else if (host.Contains(':'))
            return false;
        address = new ShardAddress(text, host, port, text[..at], password);
        return host.Length > 0;
    }

    public override string ToString() => Id;
}

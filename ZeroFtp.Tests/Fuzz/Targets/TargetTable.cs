using ZeroFtp.Fuzz.Planted;

namespace ZeroFtp.Fuzz.Targets;

/// <summary>What is fuzzed. A target gets octets, and throws if what the engine makes of them is not what a slow and obvious implementation makes of them.</summary>
public static class TargetTable
{
    /// <summary>The engine's own code.</summary>
    public static IReadOnlyDictionary<string, Action<byte[]>> Create() => new Dictionary<string, Action<byte[]>>(StringComparer.Ordinal)
    {
        ["command-reader"] = new CommandReaderTarget(EngineCode.ReadLines).Run,
        ["path"] = new PathTarget(EngineCode.Resolve).Run,
        ["listing-options"] = ListingOptionsTarget.Run,
        ["glob"] = new GlobTarget(EngineCode.Matches).Run,
        ["proxy-header"] = new ProxyHeaderTarget(EngineCode.ParseProxy).Run,
        ["mode-z"] = new ModeZTarget(EngineCode.Inflate).Run,
    };

    /// <summary>Code with a mistake that was made elsewhere or is easily made, under the same oracles. It is never shipped.</summary>
    public static IReadOnlyDictionary<string, Action<byte[]>> CreatePlanted() => new Dictionary<string, Action<byte[]>>(StringComparer.Ordinal)
    {
        ["planted-command-reader"] = new CommandReaderTarget(SubnegotiationReader.ReadLines).Run,
        ["planted-path"] = new PathTarget(EscapingResolver.Resolve).Run,
        ["planted-glob"] = new GlobTarget(OverrunningGlob.Matches).Run,
        ["planted-proxy-header"] = new ProxyHeaderTarget(TrustingProxyParser.Parse).Run,
        ["planted-mode-z"] = new ModeZTarget(LenientInflater.Inflate).Run,
    };
}

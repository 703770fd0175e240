using System.Collections.Concurrent;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Checks;

/// <summary>Finds out, once for each, what the server offers beyond the minimum.</summary>
internal sealed class ServerFacts(Settings settings, Observations observations)
{
    private static readonly string[] Success = ["MODE", "STRU", "TYPE", "OPTS", "PROT"];
    private readonly ConcurrentDictionary<string, Lazy<Task<bool>>> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly Transcript _transcript = new("what the server offers", observations);
    private Lazy<Task<IReadOnlyList<string>>>? _features;

    public IReadOnlyList<string> Transcript => _transcript.Lines;

    public Task<bool> OffersAsync(string feature)
        => _known.GetOrAdd(feature, name => new(() => FindAsync(name))).Value;

    public Task<IReadOnlyList<string>> FeaturesAsync()
    {
        Lazy<Task<IReadOnlyList<string>>> mine = new(async () => await WithSessionAsync(login: true, session => session.FeaturesAsync()));
        return (Interlocked.CompareExchange(ref _features, mine, null) ?? mine).Value;
    }

    private async Task<bool> FindAsync(string feature)
    {
        if ((await FeaturesAsync()).Any(line => IsLabel(line, feature)))
            return true;
        if (feature.StartsWith("AUTH ", StringComparison.OrdinalIgnoreCase))
            return await WithSessionAsync(login: false, async session => (await session.AskAsync(feature)).Code == 234);
        Reply reply = await WithSessionAsync(login: true, session => session.AskAsync(feature));
        return Success.Contains(feature.Split(' ')[0].ToUpperInvariant()) ? reply.Code == 200 : reply.Code is not (500 or 502 or 504);
    }

    /// <summary>FEAT lists "AUTH TLS", "MLST type*;...", or several mechanisms on one line: "AUTH TLS;SSL".</summary>
    private static bool IsLabel(string line, string feature)
        => line.StartsWith(feature, StringComparison.OrdinalIgnoreCase)
            && (line.Length == feature.Length || line[feature.Length] is ' ' or ';' or '-');

    private async Task<T> WithSessionAsync<T>(bool login, Func<Session, Task<T>> ask)
    {
        await using Context context = new(settings, this, Fixture.FixtureParts.None, _transcript);
        return await ask(login ? await context.LoginAsync() : await context.ConnectAsync());
    }
}

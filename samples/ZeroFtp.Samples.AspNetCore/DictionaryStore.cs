using System.Collections.Concurrent;

namespace ZeroFtp.Samples.AspNetCore;

/// <summary>What one upload left.</summary>
internal sealed record StoredFile(byte[] Content, DateTime ModifiedUtc);

/// <summary>The files: one flat directory in memory.</summary>
internal sealed class DictionaryStore
{
    public ConcurrentDictionary<string, StoredFile> Files { get; } = new(StringComparer.Ordinal);
}

using ZeroFtp.Conformance.Checks;

namespace ZeroFtp.Conformance.Wire;

/// <summary>FEAT, MLST and MLSD, read.</summary>
internal static class SessionFeatures
{
    /// <summary>The FEAT line that begins with a label; fails the check when there is none.</summary>
    public static async Task<string> FeatureAsync(this Session session, string label)
    {
        IReadOnlyList<string> lines = await session.FeaturesAsync();
        string? line = lines.FirstOrDefault(line => line == label || line.StartsWith(label + " ", StringComparison.Ordinal));
        Verify.That(line is not null, $"FEAT lists no {label}: {string.Join(" | ", lines)}");
        return line;
    }

    /// <summary>MLST: 250, three lines, the middle one read.</summary>
    public static async Task<MlsxEntry> MlstAsync(this Session session, string path = "")
    {
        Reply reply = await session.DoAsync(path.Length == 0 ? "MLST" : $"MLST {path}", 250);
        Verify.Equal(3, reply.Lines.Count, $"lines of the reply to MLST {path}");
        Verify.That(reply.Lines[1].StartsWith(' '), $"the line of facts does not begin with a space: {reply}");
        return MlsxEntry.Parse(reply.Lines[1][1..]);
    }

    /// <summary>MLSD: 150, entries, 226.</summary>
    public static async Task<IReadOnlyList<MlsxEntry>> MlsdAsync(this Session session, string path = "")
    {
        Transfer transfer = await session.DownAsync(path.Length == 0 ? "MLSD" : $"MLSD {path}");
        return [.. transfer.Lines.Select(MlsxEntry.Parse)];
    }

    /// <summary>The entry of that name; fails the check when there is none.</summary>
    public static MlsxEntry Named(this IReadOnlyList<MlsxEntry> entries, string name)
    {
        MlsxEntry? entry = entries.FirstOrDefault(entry => entry.Name == name);
        Verify.That(entry is not null, $"no entry {Octets.Show(name)} among {string.Join(" | ", entries.Take(40).Select(entry => Octets.Show(entry.Name)))}");
        return entry;
    }
}

using System.Text.RegularExpressions;

namespace ZeroFtp.Tests.Faults;

/// <summary>
/// Reads a log of system calls (<c>strace -f -y</c>) and says whether each acknowledgement of an upload was preceded by the syncs that it promises: the object's file, the object's directory,
/// and the database's log, each after the acknowledgement before it.
/// </summary>
internal static partial class SyncOrder
{
    /// <summary>What is missing, one sentence for each acknowledgement that came too early; and how many acknowledgements there were.</summary>
    public static (int Acknowledged, List<string> Faults) Check(IEnumerable<string> lines)
    {
        List<string> faults = [];
        int acknowledged = 0;
        bool file = false, directory = false, log = false;
        foreach (string line in lines)
        {
            if (Synced().Match(line) is { Success: true } sync)
            {
                string path = sync.Groups[1].Value;
                file |= ObjectFile().IsMatch(path);
                directory |= ObjectDirectory().IsMatch(path);
                log |= path.EndsWith("metadata.db-wal", StringComparison.Ordinal);
            }
            else if (line.Contains("226 Transfer complete", StringComparison.Ordinal))
            {
                acknowledged++;
                if (!file)
                    faults.Add($"upload {acknowledged}: the object was not synced");
                if (!directory)
                    faults.Add($"upload {acknowledged}: the object's directory was not synced");
                if (!log)
                    faults.Add($"upload {acknowledged}: the database's log was not synced");
                file = directory = log = false;
            }
        }
        return (acknowledged, faults);
    }

    [GeneratedRegex(@"\b(?:fsync|fdatasync)\(\d+<([^>]+)>")]
    private static partial Regex Synced();

    [GeneratedRegex("/objects/[^/]+/[^/]+$")]
    public static partial Regex ObjectFile();

    [GeneratedRegex("/objects/[^/]+$")]
    public static partial Regex ObjectDirectory();
}

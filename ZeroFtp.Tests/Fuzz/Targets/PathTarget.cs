using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Fuzz.Targets;

/// <summary>The path resolver: a directory and a pathname, parted by LF. The path is the one that a slow resolver finds, never leaves the root, and keeps every octet of its names.</summary>
internal sealed class PathTarget(Func<string, string, string?> resolve)
{
    public void Run(byte[] input)
    {
        int end = Array.IndexOf(input, (byte)'\n');
        string directory = "/" + FtpText.Decode(end < 0 ? [] : input.AsSpan(0, end));
        byte[] octets = input[(end + 1)..];
        string pathname = FtpText.Decode(octets);
        DefectException.Demand("Octets come back", octets.AsSpan().SequenceEqual(FtpText.Encode(pathname)));
        string? path = resolve(directory, pathname);
        DefectException.Demand("The path", Slowly(directory, pathname), path);
        if (path is null)
            return;
        DefectException.Demand("No way out", path.StartsWith('/') && !path.Split('/').Contains(".."));
        FtpPath parsed = FtpPath.Parse(path);
        DefectException.Demand("A path resolves to itself", path, parsed.Text);
        if (!parsed.IsRoot)
            DefectException.Demand("A path is its parent and its name", parsed, parsed.Parent.Append(parsed.Name));
        DefectException.Demand("Each lies within its parent", parsed.IsWithin(parsed.Parent) && parsed.IsWithin(FtpPath.Root));
    }

    private static string? Slowly(string directory, string pathname)
    {
        if (pathname.Length == 0 || (directory + pathname).Contains('\0', StringComparison.Ordinal))
            return null;
        List<string> names = [];
        foreach (string part in (pathname[0] == '/' ? pathname : directory + "/" + pathname).Split('/'))
        {
            if (part == ".." && names.Count > 0)
                names.RemoveAt(names.Count - 1);
            else if (part is not ("" or "." or ".."))
                names.Add(part);
        }
        return "/" + string.Join('/', names);
    }
}

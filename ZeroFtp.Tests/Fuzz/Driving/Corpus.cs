namespace ZeroFtp.Fuzz.Driving;

/// <summary>The inputs of one target in a text file: a line of hexadecimal digits each, the shortest first.</summary>
public sealed class Corpus(string file)
{
    /// <summary>All inputs in the order of the file.</summary>
    public IReadOnlyList<byte[]> Read() => !File.Exists(file) ? [] : [.. File.ReadLines(file).Select(static line => Convert.FromHexString(line.Trim()))];

    /// <summary>Puts the inputs in place of what is there.</summary>
    public void Write(IEnumerable<byte[]> inputs)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, string.Concat(InOrder(inputs).Select(static input => Convert.ToHexString(input) + "\n")));
    }

    /// <summary>The fewest inputs, picked greedily from the shortest on, that together do all that the given ones do.</summary>
    public static IReadOnlyList<byte[]> Minimise(Action<byte[]> target, IEnumerable<byte[]> inputs)
    {
        byte[][] ordered = [.. InOrder(inputs)];
        // The first round takes what happens only once in a process out of the count.
        new Campaign(target, seed: 0).Replay(ordered);
        Campaign second = new(target, seed: 0);
        return second.Replay(ordered) is { } failure ? throw new InvalidOperationException(failure.ToString()) : second.Kept;
    }

    private static IEnumerable<byte[]> InOrder(IEnumerable<byte[]> inputs) => inputs.OrderBy(static input => input.Length).ThenBy(Convert.ToHexString, StringComparer.Ordinal);
}

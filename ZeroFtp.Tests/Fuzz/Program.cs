using System.Globalization;
using SharpFuzz;
using ZeroFtp.Fuzz.Driving;

namespace ZeroFtp.Fuzz;

/// <summary>The command line: <c>run</c>, <c>replay</c>, <c>minimise</c>, <c>unpack</c> and <c>afl</c>. CONTRIBUTING.md says how to use it.</summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        Dictionary<string, string> options = new(StringComparer.Ordinal);
        foreach (string[] pair in arguments.Where(static argument => argument.StartsWith("--", StringComparison.Ordinal)).Select(static argument => argument[2..].Split('=', 2)))
            options[pair[0]] = pair.Length == 2 ? pair[1] : "";
        string[] words = [.. arguments.Where(static argument => !argument.StartsWith("--", StringComparison.Ordinal))];
        string corpus = options.GetValueOrDefault("corpus", Path.Combine("ZeroFtp.Tests", "Fuzz", "Corpus"));
        string failures = options.GetValueOrDefault("failures", Path.Combine("artifacts", "fuzz"));
        string[] names = words.Length > 1 ? words[1..] : [.. InstrumentedTargets.Names];
        if (words.Length == 0 || names.Except(InstrumentedTargets.Names).Except(InstrumentedTargets.PlantedNames).Any())
        {
            Console.Error.WriteLine($"zeroftp-fuzz run|replay|minimise|unpack|afl [TARGET...] [--seconds=60] [--seed=N] [--corpus=FOLDER] [--failures=FOLDER] [--keep]\nTargets: {string.Join(' ', InstrumentedTargets.Names)}");
            return 2;
        }
        InstrumentedTargets targets = InstrumentedTargets.Load();
        int failed = 0;
        foreach (string name in names)
        {
            Corpus folder = new(Path.Combine(corpus, name.Replace("planted-", "", StringComparison.Ordinal) + ".txt"));
            switch (words[0])
            {
                case "run":
                    TimeSpan time = TimeSpan.FromSeconds(double.Parse(options.GetValueOrDefault("seconds", "60"), CultureInfo.InvariantCulture));
                    int seed = int.Parse(options.GetValueOrDefault("seed", Random.Shared.Next().ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);
                    failed += Session.Run(name, targets[name], folder, time, seed, failures, keeps: options.ContainsKey("keep")) ? 0 : 1;
                    break;
                case "replay":
                    failed += Session.Run(name, targets[name], folder, TimeSpan.Zero, 0, failures, keeps: false) ? 0 : 1;
                    break;
                case "minimise":
                    IReadOnlyList<byte[]> fewest = Corpus.Minimise(targets[name], folder.Read());
                    folder.Write(fewest);
                    Console.WriteLine($"{name}: {fewest.Count} inputs");
                    break;
                case "unpack":
                    Directory.CreateDirectory(Path.Combine(failures, name + ".in"));
                    foreach ((int index, byte[] input) in folder.Read().Index())
                        File.WriteAllBytes(Path.Combine(failures, name + ".in", index.ToString(CultureInfo.InvariantCulture)), input);
                    break;
                case "afl":
                    // afl-fuzz gives the map and the inputs.
                    Fuzzer.Run(stream =>
                    {
                        MemoryStream input = new();
                        stream.CopyTo(input);
                        targets[name](input.ToArray());
                    });
                    break;
                default:
                    Console.Error.WriteLine($"There is no {words[0]}.");
                    return 2;
            }
        }
        return failed == 0 ? 0 : 1;
    }
}

using System.Reflection;
using System.Runtime.Loader;
using SharpFuzz;
using ZeroFtp.Fuzz.Targets;

namespace ZeroFtp.Fuzz.Driving;

/// <summary>
/// The targets over a copy of the engine that tells which branches it takes. SharpFuzz writes that into the copy, which is loaded beside the ordinary engine and never leaves this process.
/// There is one map of branches in a process, so that one campaign at a time can run.
/// </summary>
public sealed class InstrumentedTargets
{
    private const string Engine = "ZeroFtp.Protocol";
    private const string Own = "ZeroFtp.Fuzz";
    private readonly IReadOnlyDictionary<string, Action<byte[]>> _targets;

    private InstrumentedTargets(IReadOnlyDictionary<string, Action<byte[]>> targets) => _targets = targets;

    /// <summary>The targets that must never fail.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. TargetTable.Create().Keys.Order(StringComparer.Ordinal)];

    /// <summary>The targets with a defect built in, which a campaign has to find.</summary>
    public static IReadOnlyList<string> PlantedNames { get; } = [.. TargetTable.CreatePlanted().Keys.Order(StringComparer.Ordinal)];

    /// <summary>The target of that name: it throws if an input shows a defect.</summary>
    public Action<byte[]> this[string name] => _targets[name];

    /// <summary>Instruments and loads.</summary>
    public static InstrumentedTargets Load()
    {
        // Instrumented code writes to the map without asking whether there is one.
        EdgeMap.Attach();
        string folder = Directory.CreateTempSubdirectory("zeroftp-fuzz-").FullName;
        try
        {
            Context context = new(new Dictionary<string, byte[]>(StringComparer.Ordinal)
            {
                [Engine] = Instrument(folder, Engine, static _ => true),
                // The harness would be noise; only what is planted belongs to what is looked into.
                [Own] = Instrument(folder, Own, static type => type.StartsWith("ZeroFtp.Fuzz.Planted.", StringComparison.Ordinal)),
            });
            Type table = context.LoadFromAssemblyName(new AssemblyName(Own)).GetType(typeof(TargetTable).FullName!, throwOnError: true)!;
            Dictionary<string, Action<byte[]>> targets = new(StringComparer.Ordinal);
            foreach (string method in new[] { nameof(TargetTable.Create), nameof(TargetTable.CreatePlanted) })
            {
                foreach ((string name, Action<byte[]> run) in (IReadOnlyDictionary<string, Action<byte[]>>)table.GetMethod(method)!.Invoke(null, null)!)
                    targets.Add(name, run);
            }
            return new InstrumentedTargets(targets);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[] Instrument(string folder, string assembly, Func<string, bool> matches)
    {
        string copy = Path.Combine(folder, assembly + ".dll");
        File.Copy(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"), copy);
        Fuzzer.Instrument(copy, matches, Options.Value);
        return File.ReadAllBytes(copy);
    }

    private sealed class Context(Dictionary<string, byte[]> assemblies) : AssemblyLoadContext("fuzz", isCollectible: false)
    {
        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name is { } name && assemblies.TryGetValue(name, out byte[]? octets) ? LoadFromStream(new MemoryStream(octets)) : null;
    }
}

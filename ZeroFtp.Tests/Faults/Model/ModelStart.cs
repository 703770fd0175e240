using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Sql;

namespace ZeroFtp.Tests.Faults.Model;

/// <summary>What is there before: front-ends, the names a and perhaps b, and garbage if there is any.</summary>
internal sealed class ModelStart
{
    private static readonly SqlUnit NamesUnit = new("Names", """
        SELECT group_concat(x, ' ') FROM (
          SELECT CASE WHEN is_dir THEN name || '/' ELSE name || '=' || COALESCE((SELECT group_concat(o || '.', '') FROM (SELECT object AS o FROM extent e WHERE e.stor_key = file.stor_key ORDER BY start)), '') END AS x
          FROM file WHERE path_id = 1 ORDER BY name);
        """);

    private static readonly SqlUnit LeakUnit = new("Leaks", """
        WITH RECURSIVE named (part, rest) AS (
          SELECT '', ref || ',' FROM extent
          UNION SELECT substr(rest, 1, instr(rest, ',') - 1), substr(rest, instr(rest, ',') + 1) FROM named WHERE rest <> ''
        )
        SELECT COUNT(*) FROM part WHERE name NOT IN (SELECT part FROM named);
        """);

    private readonly Func<ModelWorld, ModelFront, NameTree> _make;

    private ModelStart(Func<ModelWorld, ModelFront, NameTree> make) => _make = make;

    /// <summary>A file whose object has lost one of its two parts.</summary>
    public static ModelStart File { get; } = new(static (world, front) =>
    {
        Wait(front.UploadAsync("a", 101, UploadKind.Replace));
        ModelObjects.Lose(world, "101y");
        return NameTree.Empty.Set("a", "101.");
    });

    /// <summary>Two files, of which the first was replaced, so that the collector has work.</summary>
    public static ModelStart Files { get; } = new(static (world, front) =>
    {
        Wait(front.UploadAsync("a", 100, UploadKind.Replace));
        Wait(front.UploadAsync("a", 101, UploadKind.Replace));
        Wait(front.UploadAsync("b", 102, UploadKind.Replace));
        ModelObjects.Lose(world, "101y");
        return NameTree.Empty.Set("a", "101.").Set("b", "102.");
    });

    /// <summary>An empty directory.</summary>
    public static ModelStart Directory { get; } = new(static (_, front) =>
    {
        Wait(front.Driver.MakeDirectoryAsync(FtpPath.Parse("/a"), 0b111_101_101, CancellationToken.None));
        return NameTree.Empty.Make("a")!.Value;
    });

    /// <summary>Nothing.</summary>
    public static ModelStart Nothing { get; } = new(static (_, _) => NameTree.Empty);

    public NameTree Make(ModelWorld world)
    {
        ModelFront front = new(world, new ModelRunner(world, 5_000), ModelActor.Server(0));
        _ = new ModelFront(world, new ModelRunner(world, 6_000), ModelActor.Server(1));
        world.IsSetUp = true;
        return _make(world, front);
    }

    /// <summary>The names as they are, as <see cref="NameTree"/> writes them.</summary>
    public static string Find(ModelWorld world) => world.Text(NamesUnit);

    /// <summary>Lets time pass and a new front-end end what the others left and collect all garbage. Then the invariants hold.</summary>
    /// <returns>What does not hold; null if all does.</returns>
    public static string? Settle(ModelWorld world, bool isUndisturbed)
    {
        if (Check(world) is { } fault)
            return fault;
        const long Server = 9_000_000;
        world.IsSetUp = false;
        world.Clock.Steps += 2;
        ModelFront front = new(world, new ModelRunner(world, 900_000), Server);
        world.IsSetUp = true;
        for (int i = 0; i < 3; i++)
        {
            Wait(front.CollectAsync());
            world.Clock.Steps++;
        }
        if (Check(world) is { } left)
            return left + " when everything has settled";
        long leaks = world.Session.Run(LeakUnit, new SqlArgs(), Rows.NumberAsync) ?? 0;
        return isUndisturbed && leaks > 0 ? $"{leaks} parts are left that nothing names" : world.CountMissingParts() > 0 ? "parts that files name are gone when everything has settled" : null;
    }

    private static string? Check(ModelWorld world)
    {
        Dictionary<string, long> counts = world.Session.Run(CheckSql.All, new SqlArgs(), static async (reader, token) =>
        {
            Dictionary<string, long> counts = [];
            while (await reader.ReadAsync(token))
                counts[reader.GetString(0)] = reader.GetInt64(1);
            return counts;
        });
        KeyValuePair<string, long>[] broken = [.. counts.Where(static x => x.Value != 0)];
        return broken.Length == 0 ? null : string.Join(", ", broken.Select(static x => $"{x.Key}: {x.Value}"));
    }

    private static void Wait(ValueTask task) => task.AsTask().GetAwaiter().GetResult();
}

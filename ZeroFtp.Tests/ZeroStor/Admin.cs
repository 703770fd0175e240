using System.Globalization;
using System.Reflection;
using ZeroFtp.ZeroStor.Shards;

namespace ZeroFtp.ZeroStor;

/// <summary>The switches over HTTP, for a stand-in in a process of its own.</summary>
internal static class Admin
{
    public static void Map(WebApplication application, StandIn standIn, ShardSet shards)
    {
        application.MapGet("/state", () => Results.Text(State(standIn, shards)));
        application.MapPost("/faults", (HttpRequest request) => Each(request, (name, value) => Set(standIn.Faults, name, value)));
        application.MapPost("/faults/clear", () =>
        {
            standIn.Faults.Clear();
            return Results.Ok();
        });
        application.MapPost("/shards/{shard:int}", (int shard, HttpRequest request) =>
            shard >= shards.Count ? Results.NotFound() : Each(request, (name, value) => SetShard(shards, shard, name, value)));
    }

    private static IResult Each(HttpRequest request, Func<string, string, bool> set)
    {
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues value) in request.Query)
        {
            try
            {
                if (!set(name, value.ToString()))
                    return Results.BadRequest($"There is no switch '{name}'.\n");
            }
            catch (FormatException)
            {
                return Results.BadRequest($"'{value}' does not fit the switch '{name}'.\n");
            }
        }

        return Results.Ok();
    }

    private static bool Set(Faults faults, string name, string value)
    {
        PropertyInfo? property = typeof(Faults).GetProperty(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);
        switch (property?.PropertyType)
        {
            case { } type when type == typeof(int):
                property.SetValue(faults, int.Parse(value, CultureInfo.InvariantCulture));
                return true;
            case { } type when type == typeof(bool):
                property.SetValue(faults, bool.Parse(value));
                return true;
            case { } type when type == typeof(TimeSpan):
                property.SetValue(faults, TimeSpan.FromMilliseconds(int.Parse(value, CultureInfo.InvariantCulture)));
                return true;
            default:
                return false;
        }
    }

    private static bool SetShard(ShardSet shards, int shard, string name, string value)
    {
        switch (name)
        {
            case "down":
                shards.SetDown(shard, bool.Parse(value));
                return true;
            case "full":
                shards.SetFull(shard, bool.Parse(value));
                return true;
            case "delay":
                shards.SetDelay(shard, TimeSpan.FromMilliseconds(int.Parse(value, CultureInfo.InvariantCulture)));
                return true;
            case "left":
                shards.SetLeft(shard, bool.Parse(value));
                return true;
            case "stale":
                shards.SetStale(shard, int.Parse(value, CultureInfo.InvariantCulture));
                return true;
            case "capacity":
                shards.SetCapacity(shard, long.Parse(value, CultureInfo.InvariantCulture));
                return true;
            case "empty" when bool.Parse(value):
                shards.Empty(shard);
                return true;
            case "corrupt":
                shards.Corrupt(shard, int.Parse(value, CultureInfo.InvariantCulture));
                return true;
            case "lose":
                shards.Lose(shard, int.Parse(value, CultureInfo.InvariantCulture));
                return true;
            default:
                return false;
        }
    }

    private static string State(StandIn standIn, ShardSet shards)
    {
        List<string> lines = [];
        foreach (Shard shard in shards.Shards)
            lines.Add($"shard {shard.Id}: {(shard.Down ? "down" : "up")}{(shard.Full ? ", full" : "")}{(shard.Left ? ", left" : "")}, {shard.Count} parts, {shard.DelayMilliseconds} ms late");
        foreach (PropertyInfo property in typeof(Faults).GetProperties())
            lines.Add($"fault {property.Name}: {property.GetValue(standIn.Faults)}");
        foreach ((string method, int count) in standIn.Counters.AllCalls.OrderBy(c => c.Key, StringComparer.Ordinal))
            lines.Add($"calls {method}: {count}");
        lines.Add($"leaked streams: {standIn.Counters.LeakedStreams}");
        lines.Add($"truncated commits: {standIn.Counters.TruncatedCommits}");
        lines.Add($"hung streams: {standIn.Counters.HungStreams}");
        return string.Join('\n', lines) + "\n";
    }
}

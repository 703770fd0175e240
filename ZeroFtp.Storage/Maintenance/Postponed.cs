using System.Globalization;

namespace ZeroFtp.Storage.Maintenance;

/// <summary>Groups objects whose deletion is postponed by reason: one outage postpones thousands for a single reason.</summary>
internal sealed class Postponed
{
    /// <summary>Maximum number of reasons and examples kept; the rest is only counted.</summary>
    private const int MaxReasons = 20;
    private const int MaxExamples = 3;

    private readonly Dictionary<string, Group> _groups = new(StringComparer.Ordinal);

    /// <summary>One line per reason, with the number of objects and the first of them.</summary>
    public IReadOnlyList<string> Lines =>
        [.. _groups.OrderByDescending(static group => group.Value.Count).Select(static group =>
            string.Create(CultureInfo.InvariantCulture, $"{group.Value.Count} postponed: {group.Key} ({string.Join(", ", group.Value.Examples)}{(group.Value.Count > group.Value.Examples.Count ? ", ..." : "")})"))];

    public void Add(long objectId, string reason)
    {
        if (!_groups.ContainsKey(reason) && _groups.Count >= MaxReasons)
            reason = "for other reasons, which the log tells";
        if (!_groups.TryGetValue(reason, out Group? group))
            _groups.Add(reason, group = new Group());
        group.Count++;
        if (group.Examples.Count < MaxExamples)
            group.Examples.Add(string.Create(CultureInfo.InvariantCulture, $"object {objectId:x16}"));
    }

    private sealed class Group
    {
        public long Count { get; set; }

        public List<string> Examples { get; } = [];
    }
}

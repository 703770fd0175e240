using System.Diagnostics;

namespace ZeroFtp.Conformance.Wire;

/// <summary>What one check saw and did, in the notation of the requirements: <c>C:</c>, <c>S:</c>, <c>D&gt;</c>, <c>D&lt;</c>.</summary>
internal sealed class Transcript(string checkId, Observations observations)
{
    private const int MostLines = 400;
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _sessions;
    private int _left;

    public string CheckId { get; } = checkId;

    public Observations Observations { get; } = observations;

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
                return _left == 0 ? [.. _lines] : [.. _lines, $"({_left} lines left out)"];
        }
    }

    public int NextSession() => Interlocked.Increment(ref _sessions);

    public void Add(int session, string mark, ReadOnlySpan<byte> octets)
        => Add(session, mark, octets.Length > 512 ? $"{Octets.Escape(octets[..96])}… ({octets.Length} octets)" : Octets.Escape(octets));

    public void Note(int session, string text) => Add(session, "--", text);

    private void Add(int session, string mark, string text)
    {
        double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        lock (_gate)
        {
            if (_lines.Count >= MostLines)
                _left++;
            else
                _lines.Add(FormattableString.Invariant($"{seconds,7:0.000} {session}{mark} {text}"));
        }
    }
}

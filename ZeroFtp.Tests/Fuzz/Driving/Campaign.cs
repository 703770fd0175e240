using System.Diagnostics;

namespace ZeroFtp.Fuzz.Driving;

/// <summary>
/// A coverage-guided search for an input that a target fails on: inputs are changed at random, and each that makes the engine go a new way is kept, to be changed further.
/// </summary>
public sealed class Campaign
{
    /// <summary>No input of at most this many octets may take longer; it is a defect if one does.</summary>
    public static readonly TimeSpan SlowestRun = TimeSpan.FromSeconds(2);

    /// <summary>Inputs are no longer than this.</summary>
    public const int MaxLength = 256;

    private readonly Action<byte[]> _target;
    private readonly Mutator _mutator;
    private readonly EdgeMap _map = new();
    private readonly List<byte[]> _kept = [];
    private byte[]? _running;
    private long _runningSince;

    public Campaign(Action<byte[]> target, int seed)
    {
        _target = target;
        _mutator = new Mutator(seed, MaxLength);
    }

    /// <summary>The inputs that made something new happen, in the order in which they were found.</summary>
    public IReadOnlyList<byte[]> Kept => _kept;

    /// <summary>How many inputs were tried.</summary>
    public long Runs { get; private set; }

    /// <summary>How many pairs of successive branches were seen.</summary>
    public int Edges => _map.Edges;

    /// <summary>Whether what the engine does is looked at. Without it this is a blind search, to compare with.</summary>
    public bool IsGuided { get; init; } = true;

    /// <summary>The input that is being tried and since when, for a watchdog of another thread.</summary>
    public (byte[]? Input, TimeSpan Since) Running => (_running, Stopwatch.GetElapsedTime(Volatile.Read(ref _runningSince)));

    /// <summary>Tries the inputs of a corpus, each as it is.</summary>
    /// <returns>The first failure, or null.</returns>
    public Failure? Replay(IEnumerable<byte[]> corpus)
    {
        foreach (byte[] input in corpus)
        {
            if (Try(input, keepAlways: !IsGuided) is { } failure)
                return failure;
        }
        return null;
    }

    /// <summary>Searches until something fails or <paramref name="goesOn"/> says no, which is asked now and then.</summary>
    public Failure? Search(Func<Campaign, bool> goesOn)
    {
        if (_kept.Count == 0)
            _kept.Add([]);
        while (goesOn(this))
        {
            for (int i = 0; i < 64; i++)
            {
                if (Try(_mutator.Change(Choose(), _kept[_mutator.Pick(_kept.Count)]), keepAlways: false) is { } failure)
                    return failure;
            }
        }
        return null;
    }

    /// <summary>Makes a failing input as short as simple removals allow.</summary>
    public byte[] Shorten(byte[] input)
    {
        for (int length = input.Length / 2; length > 0; length = length == 1 ? 0 : (length + 1) / 2)
        {
            for (int at = 0; at + length <= input.Length;)
            {
                byte[] shorter = [.. input[..at], .. input[(at + length)..]];
                if (Fails(shorter) is not null)
                    input = shorter;
                else
                    at += length;
            }
        }
        return input;
    }

    /// <summary>The newer half of what was kept is chosen twice as often.</summary>
    private byte[] Choose()
    {
        int count = _kept.Count;
        return _kept[_mutator.Pick(3) == 0 ? _mutator.Pick(count) : (count / 2) + _mutator.Pick(count - (count / 2))];
    }

    private Failure? Try(byte[] input, bool keepAlways)
    {
        Runs++;
        EdgeMap.Clear();
        if (Fails(input) is { } failure)
            return failure;
        if (keepAlways || (IsGuided && _map.TakeNews()))
            _kept.Add(input);
        return null;
    }

    private Failure? Fails(byte[] input)
    {
        Volatile.Write(ref _runningSince, Stopwatch.GetTimestamp());
        _running = input;
        try
        {
            _target([.. input]);
        }
        catch (Exception exception)
        {
            return new Failure(input, exception.GetType().Name + ": " + exception.Message);
        }
        finally
        {
            _running = null;
        }
        return Stopwatch.GetElapsedTime(_runningSince) > SlowestRun ? new Failure(input, "It takes too long.") : null;
    }
}

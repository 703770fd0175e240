using System.Reflection;
using System.Runtime.InteropServices;

namespace ZeroFtp.Fuzz.Driving;

/// <summary>
/// How often each pair of successive branches was taken in one run, and which counts were ever seen. Counts are put into eight classes, as afl-fuzz does, so that another round of a loop is no news.
/// </summary>
public sealed unsafe class EdgeMap
{
    private const int Size = 64 * 1024;
    private static readonly byte[] Classes = MakeClasses();

    // SharpFuzz refuses to instrument an assembly that refers to this one, and ours is instrumented in part, so it is found by name.
    private static readonly Type Trace = Assembly.Load("SharpFuzz.Common").GetType("SharpFuzz.Common.Trace", throwOnError: true)!;
    private static readonly FieldInfo PreviousLocation = Trace.GetField("PrevLocation")!;
    private static readonly object Start = 0;
    private static byte* _octets;
    private readonly byte[] _seen = new byte[Size];

    private static Span<byte> Octets => new(_octets, Size);

    /// <summary>How many pairs were ever taken.</summary>
    public int Edges { get; private set; }

    /// <summary>Gives the instrumented code a map to write to.</summary>
    public static void Attach()
    {
        if (_octets is null)
            _octets = (byte*)NativeMemory.AllocZeroed(Size);
        FieldInfo map = Trace.GetField("SharedMem")!;
        map.SetValue(null, Pointer.Box(_octets, map.FieldType));
    }

    /// <summary>Forgets the last run.</summary>
    public static void Clear()
    {
        Octets.Clear();
        PreviousLocation.SetValue(null, Start);
    }

    /// <summary>Whether the last run did anything that no run before did. It counts as seen from now on.</summary>
    public bool TakeNews()
    {
        Span<byte> octets = Octets;
        bool news = false;
        for (int at = 0; at < Size; at++)
        {
            int skip = octets[at..].IndexOfAnyExcept((byte)0);
            if (skip < 0)
                break;
            at += skip;
            byte known = _seen[at], now = (byte)(known | Classes[octets[at]]);
            if (now == known)
                continue;
            news = true;
            _seen[at] = now;
            if (known == 0)
                Edges++;
        }
        return news;
    }

    private static byte[] MakeClasses()
    {
        byte[] classes = new byte[256];
        for (int count = 1; count < classes.Length; count++)
            classes[count] = (byte)(count switch { 1 => 1, 2 => 2, 3 => 4, < 8 => 8, < 16 => 16, < 32 => 32, < 128 => 64, _ => 128 });
        return classes;
    }
}

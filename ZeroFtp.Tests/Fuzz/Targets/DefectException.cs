namespace ZeroFtp.Fuzz.Targets;

/// <summary>Thrown by a target that sees something wrong.</summary>
public sealed class DefectException(string message) : Exception(message)
{
    /// <summary>Throws unless both are the same.</summary>
    public static void Demand<T>(string what, T expected, T actual)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
            throw new DefectException($"{what}: expected {expected}, got {actual}.");
    }

    /// <summary>Throws unless the condition holds.</summary>
    public static void Demand(string what, bool condition)
    {
        if (!condition)
            throw new DefectException(what);
    }
}

namespace ZeroFtp.Tests.Faults.Torture;

/// <summary>What may be found where an operation was not acknowledged.</summary>
/// <param name="Paths">The names; the content is at one of them at most.</param>
/// <param name="Whole">Contents that are allowed.</param>
/// <param name="Begun">A content of which any beginning is allowed, since what arrived of an upload to a new name is kept.</param>
/// <param name="MayBeAbsent">Whether none of the names may exist.</param>
internal sealed record TortureDoubt(string[] Paths, byte[][] Whole, byte[]? Begun, bool MayBeAbsent)
{
    /// <summary>Says what is wrong with what was found, or null.</summary>
    public string? Judge(IReadOnlyList<byte[]?> found)
    {
        byte[][] there = [.. found.OfType<byte[]>()];
        if (there.Length == 0)
            return MayBeAbsent ? null : "it is gone";
        if (there.Length > 1)
            return "it is there twice";
        return Whole.Any(content => there[0].AsSpan().SequenceEqual(content)) || (Begun is not null && Begun.AsSpan().StartsWith(there[0])) ? null : $"its {there[0].Length} bytes are none of what was stored";
    }
}

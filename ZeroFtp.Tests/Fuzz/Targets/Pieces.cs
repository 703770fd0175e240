namespace ZeroFtp.Fuzz.Targets;

/// <summary>Ways to cut octets.</summary>
internal static class Pieces
{
    public static IReadOnlyList<byte[]> Single(byte[] octets) => [.. octets.Select(static octet => new[] { octet })];

    public static IReadOnlyList<byte[]> At(byte[] octets, int cut) => [octets[..(cut % (octets.Length + 1))], octets[(cut % (octets.Length + 1))..]];

    /// <summary>A stream that gives one piece a read, at once.</summary>
    public sealed class Source(IEnumerable<byte[]> pieces) : MemoryStream
    {
        private readonly Queue<byte[]> _left = new(pieces.Where(static piece => piece.Length > 0));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!_left.TryDequeue(out byte[]? piece))
                return ValueTask.FromResult(0);
            piece.CopyTo(buffer);
            return ValueTask.FromResult(piece.Length);
        }
    }
}

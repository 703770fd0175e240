namespace ZeroFtp.Fuzz.Targets;

/// <summary>The reader of MODE Z: the first octet says where to cut, the rest comes over the data connection. It is accepted exactly if it is one whole zlib stream, whose content is that of a slow inflater.</summary>
internal sealed class ModeZTarget(Func<byte[], int, byte[]?> inflate)
{
    public void Run(byte[] input)
    {
        if (input.Length == 0)
            return;
        byte[] octets = input[1..];
        byte[]? expected = SlowInflater.InflateZlib(octets);
        byte[]? content = inflate(octets, input[0]);
        DefectException.Demand("Whether the stream is accepted", expected is not null, content is not null);
        DefectException.Demand("The content", expected is null || expected.AsSpan().SequenceEqual(content));
    }
}

using CsCheck;
using Google.Protobuf;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;
using ZeroFtp.Storage.Objects.ZeroStor.Wire;
using Part = ZeroFtp.Storage.Objects.ZeroStor.Schema.Object;

namespace ZeroFtp.Tests.Storage.ZeroStor.Wire;

public sealed class ChunkReferenceTests
{
    private static readonly Gen<Part> Parts = Gen.Select(Gen.Byte.Array[0, 12], Gen.Int[0, 5]).Select((key, shard) => new Part { Key = ByteString.CopyFrom(key), ShardID = "ns@10.0.0." + shard + ":9900" });

    private static readonly Gen<Chunk> Chunks = Gen.Select(Gen.Long, Gen.Byte.Array[0, 40], Parts.Array[0, 6]).Select((size, hash, parts) => new Chunk { ChunkSize = size, Hash = ByteString.CopyFrom(hash), Objects = { parts } });

    [Fact]
    public void Any_list_of_chunks_comes_back() => Chunks.Array[1, 8].Sample(chunks =>
    {
        string reference = ChunkReference.Encode(chunks);
        Assert.DoesNotContain(reference, character => character is <= ' ' or > '~');
        Assert.Equal(chunks, ChunkReference.Decode(reference));
    });

    [Fact]
    public void An_extent_of_usual_size_has_a_short_reference()
    {
        Chunk[] chunks = [.. Enumerable.Range(0, 4).Select(_ => MakeChunk(4))];
        Assert.InRange(ChunkReference.Encode(chunks).Length, 1, 600);
        Assert.InRange(ChunkReference.Encode([.. Enumerable.Range(0, 4).Select(_ => MakeChunk(16))]).Length, 1, 2048);
    }

    [Fact]
    public void Too_many_chunks_are_refused_with_a_reason()
    {
        FtpDriverException failure = Assert.Throws<FtpDriverException>(() => ChunkReference.Encode(Enumerable.Range(0, 200).Select(_ => MakeChunk(4))));
        Assert.Contains("block_size", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("z1:")]
    [InlineData("z2:AAAA")]
    [InlineData("z1:!!!!")]
    [InlineData("000/0123456789abcdef")]
    [InlineData("z1:_____w8")]
    public void What_is_no_reference_is_told_from_one(string text) => Assert.Equal(FtpError.Unavailable, Assert.Throws<FtpDriverException>(() => ChunkReference.Decode(text)).Error);

    [Fact]
    public void A_cut_or_changed_reference_never_fails_in_another_way() => Gen.Select(Chunks.Array[1, 3], Gen.Int[0, 10_000], Gen.Char.AlphaNumeric).Sample((chunks, at, character) =>
    {
        string reference = ChunkReference.Encode(chunks);
        at %= reference.Length;
        foreach (string damaged in new[] { reference[..at], reference[..at] + character + reference[(at + 1)..] })
        {
            try
            {
                ChunkReference.Decode(damaged);
            }
            catch (FtpDriverException)
            {
            }
        }
    });

    private static Chunk MakeChunk(int parts) => new()
    {
        ChunkSize = 1 << 20,
        Hash = ByteString.CopyFrom(new byte[32]),
        Objects = { Enumerable.Range(0, parts).Select(i => new Part { Key = ByteString.CopyFrom(new byte[8]), ShardID = $"namespace@10.20.30.{i}:9900" }) },
    };
}

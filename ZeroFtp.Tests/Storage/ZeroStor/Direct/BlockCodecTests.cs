using System.Text.Json.Nodes;
using ZeroFtp.Storage.Objects.ZeroStor.Direct.Coding;

namespace ZeroFtp.Tests.Storage.ZeroStor.Direct;

/// <summary>
/// The format of the daemon, both ways: what it wrote is read, also without parts, and what is written is the same byte for byte where the compressor
/// leaves no choice.
/// </summary>
public sealed class BlockCodecTests
{
    public static TheoryData<string> Files => [.. BlockVectors.Files];

    public static TheoryData<int> Damages => [.. Enumerable.Range(0, BlockVectors.Read("reader.json")["reader"]!.AsArray().Count)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Reads_what_the_daemon_wrote_from_any_parts_that_suffice(string file)
    {
        JsonNode vector = BlockVectors.Read(file);
        BlockCodec codec = new(BlockVectors.FormatOf(vector));
        BlockRecovery recovery = new(codec);
        foreach (JsonNode? one in vector["cases"]!.AsArray())
        {
            byte[] content = BlockVectors.ContentOf(one!["content"]!);
            int at = 0;
            foreach (VectorBlock block in BlockVectors.BlocksOf(one))
            {
                byte[] expected = content[at..(at + Math.Min(codec.Format.BlockSize, content.Length - at))];
                at += expected.Length;
                for (int missing = 0; missing < 1 << block.Parts.Length; missing++)
                {
                    ReadOnlyMemory<byte>[] parts = [.. block.Parts.Select((part, i) => (missing >> i & 1) == 0 ? part : default)];
                    byte[] plain = new byte[expected.Length];
                    int length = recovery.Read(block.Size, block.Hash, parts, plain).Length;
                    bool suffices = parts.Count(static part => !part.IsEmpty) >= codec.Format.PartsToRead;
                    Assert.Equal(suffices ? expected.Length : -1, length);
                    Assert.True(!suffices || plain.AsSpan().SequenceEqual(expected));
                }
            }
            Assert.Equal(content.Length, at);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Divides_a_processed_block_as_the_daemon_does(string file)
    {
        JsonNode vector = BlockVectors.Read(file);
        BlockCodec codec = new(BlockVectors.FormatOf(vector));
        foreach (VectorBlock block in vector["cases"]!.AsArray().SelectMany(static one => BlockVectors.BlocksOf(one!)))
        {
            byte[] processed = new byte[codec.RoomToJoin(block.Size)];
            codec.Join(block.Size, block.Parts, [.. Enumerable.Range(0, codec.Format.PartsToRead)], processed);
            using EncodedBlock divided = codec.Divide(processed.AsSpan(0, block.Size), block.Hash);
            Assert.Equal(block.Parts.Length, divided.Count);
            for (int i = 0; i < divided.Count; i++)
                Assert.True(divided[i].Span.SequenceEqual(block.Parts[i].Span));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Writes_what_it_reads_and_without_compression_and_encryption_what_the_daemon_wrote(string file)
    {
        JsonNode vector = BlockVectors.Read(file);
        BlockCodec codec = new(BlockVectors.FormatOf(vector));
        BlockRecovery recovery = new(codec);
        foreach (JsonNode? one in vector["cases"]!.AsArray())
        {
            byte[] content = BlockVectors.ContentOf(one!["content"]!);
            int at = 0;
            foreach (VectorBlock block in BlockVectors.BlocksOf(one))
            {
                ReadOnlySpan<byte> plain = content.AsSpan(at, Math.Min(codec.Format.BlockSize, content.Length - at));
                at += plain.Length;
                using EncodedBlock encoded = codec.Encode(plain);
                Assert.Equal(block.Hash, encoded.Hash.ToArray());
                ReadOnlyMemory<byte>[] parts = [.. Enumerable.Range(0, encoded.Count).Select(i => encoded[i])];
                if (codec.Format is { Compression: BlockCompression.None, EncryptionKey.IsEmpty: true })
                {
                    Assert.Equal(block.Size, encoded.Size);
                    Assert.All(parts.Zip(block.Parts), static pair => Assert.True(pair.First.Span.SequenceEqual(pair.Second.Span)));
                }
                byte[] again = new byte[plain.Length];
                Assert.Equal(plain.Length, recovery.Read(encoded.Size, encoded.Hash.Span, parts, again).Length);
                Assert.True(plain.SequenceEqual(again));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void Makes_of_a_damage_what_can_be_made(int row)
    {
        JsonNode damage = BlockVectors.Read("reader.json")["reader"]![row]!;
        JsonNode vector = BlockVectors.Read((string)damage["vector"]!);
        BlockCodec codec = new(BlockVectors.FormatOf(vector));
        BlockRecovery recovery = new(codec);
        JsonNode one = vector["cases"]![(int)damage["case"]!]!;
        byte[] content = BlockVectors.ContentOf(one["content"]!);
        List<VectorBlock> blocks = BlockVectors.BlocksOf(one);
        foreach (JsonNode? operation in damage["ops"]!.AsArray())
            Apply(operation!, blocks);

        using MemoryStream read = new();
        bool failed = false;
        int[] used = [];
        for (int i = 0; i < blocks.Count; i++)
        {
            byte[] plain = new byte[content.Length];
            RecoveredBlock recovered = recovery.Read(blocks[i].Size, blocks[i].Hash, blocks[i].Parts, plain);
            failed |= recovered.Length < 0;
            if (i == 0)
                used = recovered.Used;
            read.Write(plain.AsSpan(0, Math.Max(recovered.Length, 0)));
        }
        string outcome = failed ? "fail" : content.AsSpan().SequenceEqual(read.ToArray()) ? "content" : "swapped";
        Assert.Equal((string)damage["expect"]!["read"]!, outcome);
        if (damage["expect"]!["damaged"] is JsonArray damaged)
            Assert.Equal(damaged.Select(static part => (int)part!), recovery.FindDamaged(blocks[0].Size, blocks[0].Parts, used));
    }

    private static void Apply(JsonNode operation, List<VectorBlock> blocks)
    {
        int number = (int?)operation["block"] ?? 0;
        VectorBlock block = blocks[number];
        int part = (int?)operation["part"] ?? 0;
        switch ((string)operation["op"]!)
        {
            case "missing":
                block.Parts[part] = default;
                break;
            case "xor":
                byte[] bytes = block.Parts[part].ToArray();
                int offset = (int?)operation["offset"] ?? 0;
                offset = offset < 0 ? offset + bytes.Length : offset;
                int length = operation["all"] is not null ? bytes.Length : (int)operation["length"]!;
                for (int i = offset; i < Math.Min(offset + length, bytes.Length); i++)
                    bytes[i] ^= Convert.ToByte((string)operation["value"]!, 16);
                block.Parts[part] = bytes;
                break;
            case "truncate":
                block.Parts[part] = block.Parts[part][..(int)operation["length"]!];
                break;
            case "swap":
                int[] two = [.. operation["parts"]!.AsArray().Select(static x => (int)x!)];
                (block.Parts[two[0]], block.Parts[two[1]]) = (block.Parts[two[1]], block.Parts[two[0]]);
                break;
            case "drop":
                blocks[number] = block with { Parts = [.. block.Parts.Where((_, i) => i != part)] };
                break;
            case "size":
                blocks[number] = block with { Size = block.Size + (int)operation["add"]! };
                break;
            case "hash":
                block.Hash[0] = (byte)(block.Hash[0] >> 4 == 0 ? block.Hash[0] | 0x10 : block.Hash[0] & 0x0f);
                break;
            case "swapblocks":
                (blocks[0], blocks[1]) = (blocks[1], blocks[0]);
                break;
            default:
                Assert.Fail($"There is no such operation: {operation}");
                break;
        }
    }
}

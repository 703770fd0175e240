using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ZeroFtp.Storage.Objects.ZeroStor.Direct.Coding;
using ZeroFtp.Tests.Guards;

namespace ZeroFtp.Tests.Storage.ZeroStor.Direct;

/// <summary>Objects that real daemons wrote; see the README beside them.</summary>
internal static class BlockVectors
{
    private static string Folder => Path.Combine(Sources.Root, "ZeroFtp.Tests", "Storage", "ZeroStor", "Direct", "Vectors");

    public static IEnumerable<string> Files => Directory.EnumerateFiles(Folder, "c*.json").Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    public static JsonNode Read(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file)))!;

    public static BlockFormat FormatOf(JsonNode vector)
    {
        JsonNode config = vector["config"]!;
        JsonNode? compression = config["compression"], encryption = config["encryption"], hashing = config["hashing"], distribution = config["distribution"];
        bool isCompressed = Text(compression, "mode").Length > 0;
        int data = (int?)distribution?["data_shards"] ?? 0;
        return new BlockFormat
        {
            BlockSize = (int)config["block_size"]! is > 0 and int size ? size : int.MaxValue,
            Compression = !isCompressed ? BlockCompression.None : Text(compression, "type").ToLowerInvariant() switch { "lz4" => BlockCompression.Lz4, "gzip" => BlockCompression.Gzip, _ => BlockCompression.Snappy },
            EncryptionKey = Encoding.UTF8.GetBytes(Text(encryption, "private_key")),
            Hash = Text(hashing, "type").ToLowerInvariant() switch { "blake2b_512" => BlockHash.Blake2b512, "sha_256" => BlockHash.Sha256, "sha_512" => BlockHash.Sha512, _ => BlockHash.Blake2b256 },
            HashKey = Encoding.UTF8.GetBytes(Text(hashing, "private_key")),
            DataParts = Math.Max(data, 1),
            ParityParts = data > 0 ? (int?)distribution?["parity_shards"] ?? 0 : 0,
        };
    }

    public static byte[] ContentOf(JsonNode content)
    {
        string seed = (string?)content["seed"] ?? "";
        int size = (int)content["size"]!;
        using MemoryStream bytes = new();
        for (int i = 0; bytes.Length < size; i++)
        {
            bytes.Write((string)content["kind"]! switch
            {
                "zero" => new byte[size],
                "random" => SHA256.HashData(Encoding.ASCII.GetBytes($"{seed}:{i}")),
                _ => Encoding.ASCII.GetBytes($"line {i:D8} of {seed}\n"),
            });
        }
        byte[] cut = bytes.ToArray()[..size];
        Assert.Equal((string)content["sha256"]!, Convert.ToHexStringLower(SHA256.HashData(cut)));
        return cut;
    }

    public static List<VectorBlock> BlocksOf(JsonNode vectorCase) =>
    [
        .. vectorCase["chunks"]!.AsArray().Select(static chunk => new VectorBlock(
            (int)chunk!["size"]!,
            Convert.FromHexString((string)chunk["hash"]!),
            [.. chunk["objects"]!.AsArray().Select(static part => (ReadOnlyMemory<byte>)part!["value"]!.GetValue<JsonElement>().GetBytesFromBase64())])),
    ];

    private static string Text(JsonNode? node, string name) => (string?)node?[name] ?? "";
}

/// <summary>One block as a reader gets it.</summary>
internal sealed record VectorBlock(int Size, byte[] Hash, ReadOnlyMemory<byte>[] Parts);

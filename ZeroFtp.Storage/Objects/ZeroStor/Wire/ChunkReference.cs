using System.Buffers.Text;
using Google.Protobuf;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;
using Part = ZeroFtp.Storage.Objects.ZeroStor.Schema.Object;

namespace ZeroFtp.Storage.Objects.ZeroStor.Wire;

/// <summary>
/// Encodes the daemon's list of chunks as a reference: a prefix with the format's version, then the list in base64url, with the name of each shard stored once.
/// For 4 MiB in blocks of 1 MiB over four shards that is about 500 characters, a third of the message itself.
/// </summary>
internal static class ChunkReference
{
    public const int MaxLength = 16_384;

    private const string Prefix = "z1:";

    public static string Encode(IEnumerable<Chunk> chunks)
    {
        List<Chunk> list = [.. chunks];
        List<string> shards = [.. list.SelectMany(c => c.Objects).Select(o => o.ShardID).Distinct(StringComparer.Ordinal)];
        using MemoryStream stream = new();
        using (CodedOutputStream output = new(stream, leaveOpen: true))
        {
            output.WriteLength(shards.Count);
            foreach (string shard in shards)
                output.WriteString(shard);
            output.WriteLength(list.Count);
            foreach (Chunk chunk in list)
            {
                output.WriteInt64(chunk.ChunkSize);
                output.WriteBytes(chunk.Hash);
                output.WriteLength(chunk.Objects.Count);
                foreach (Part part in chunk.Objects)
                {
                    output.WriteLength(shards.IndexOf(part.ShardID));
                    output.WriteBytes(part.Key);
                }
            }
        }

        string reference = Prefix + Base64Url.EncodeToString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
        return reference.Length <= MaxLength
            ? reference
            : throw new FtpDriverException(FtpError.Unavailable,
                $"An extent became {list.Count} chunks, too many for a reference: the daemon's block_size is too small for ExtentBytes.");
    }

    public static IReadOnlyList<Chunk> Decode(string reference)
    {
        try
        {
            if (!reference.StartsWith(Prefix, StringComparison.Ordinal))
                throw new FormatException("The prefix is missing.");
            CodedInputStream input = new(Base64Url.DecodeFromChars(reference.AsSpan(Prefix.Length)));
            string[] shards = new string[Count(input, reference)];
            for (int i = 0; i < shards.Length; i++)
                shards[i] = input.ReadString();
            Chunk[] chunks = new Chunk[Count(input, reference)];
            for (int i = 0; i < chunks.Length; i++)
            {
                chunks[i] = new Chunk { ChunkSize = input.ReadInt64(), Hash = input.ReadBytes() };
                for (int parts = Count(input, reference); parts > 0; parts--)
                {
                    int shard = input.ReadLength();
                    string name = shard >= 0 && shard < shards.Length ? shards[shard] : throw new FormatException("It names an unknown shard.");
                    chunks[i].Objects.Add(new Part { ShardID = name, Key = input.ReadBytes() });
                }
            }

            return input.IsAtEnd && chunks.Length > 0 ? chunks : throw new FormatException("It is empty or has trailing data.");
        }
        catch (Exception malformed) when (malformed is FormatException or InvalidProtocolBufferException)
        {
            throw new FtpDriverException(FtpError.Unavailable, "A reference in the metadata is not one of a 0-stor object: " + malformed.Message, malformed);
        }
    }

    // Every counted item takes at least one byte, so no count can exceed the length of the text.
    private static int Count(CodedInputStream input, string reference)
    {
        int count = input.ReadLength();
        return count >= 0 && count <= reference.Length ? count : throw new FormatException("A count is wrong.");
    }
}

using System.Buffers.Binary;
using ZeroFtp.Tests.Storage.Support;

namespace ZeroFtp.Tests.Faults.Torture;

/// <summary>What a client does in the directory that all clients share. Nobody knows what is there; but each file says itself what it has to hold.</summary>
internal sealed class TortureShared(TortureSession session, Random random)
{
    public const string Root = "/shared";

    private const int HeadLength = 8;

    // What the test's front-ends have on their way: a window of four extents, and sixteen before they are journalled.
    private const int Extent = 64 << 10;
    private const int Window = 4 + 16 + 1;

    /// <summary>Objects at most that nobody knows of when an upload of so many bytes is not acknowledged.</summary>
    public static int ObjectsInFlight(int bytes) => Math.Min((bytes / Extent) + 1, Window);

    /// <summary>Whether bytes are what a file begins to hold, and whether they are all of it.</summary>
    public static (bool IsRight, bool IsWhole) Examine(byte[] bytes)
    {
        if (bytes.Length < HeadLength)
            return (true, false);
        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4));
        byte[] expected = Make(BinaryPrimitives.ReadInt32LittleEndian(bytes), length);
        return (expected.AsSpan().StartsWith(bytes), bytes.Length == length);
    }

    /// <summary>One operation; any orderly answer will do.</summary>
    public async Task<(bool IsDone, int InFlight)> StepAsync()
    {
        string path = AnyPath();
        string? code;
        switch (random.Next(12))
        {
            case 0 or 1 or 2:
                code = await session.CommandAsync("MKD " + path);
                break;
            case 3:
                code = await session.CommandAsync("RMD " + path);
                break;
            case 4:
                code = await session.CommandAsync(random.Next(3) == 0 ? "RMDA " + path : "RMD " + path);
                break;
            case 5 or 6:
                (_, code) = await session.CommandAsync("RNFR " + path, "RNTO " + AnyPath());
                break;
            case 7:
                code = await session.CommandAsync("DELE " + path);
                break;
            case 8:
                code = await session.CommandAsync("MFMT 20200102030405 " + path);
                break;
            default:
                byte[] bytes = Make(random.Next(), random.Next(HeadLength, 200_000));
                (bool isBegun, code) = await session.UploadAsync("STOR", path, bytes);
                if (isBegun && code?[0] != '2')
                    return (false, ObjectsInFlight(bytes.Length));
                break;
        }
        Assert.False(code is not null && code[..2] == "50", $"{code}: no command is unknown or malformed.");
        return (code?[0] == '2', 0);
    }

    private string AnyPath() => Root + string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => $"/n{random.Next(5)}"));

    private static byte[] Make(int seed, int length)
    {
        byte[] bytes = Octets.Make(Math.Max(length, HeadLength), seed);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, seed);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length);
        return bytes;
    }
}

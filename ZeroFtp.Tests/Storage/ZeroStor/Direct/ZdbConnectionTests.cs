using ZeroFtp.Storage.Objects.ZeroStor.Direct.Shards;
using ZeroFtp.ZeroStor.ZeroDb;

namespace ZeroFtp.Tests.Storage.ZeroStor.Direct;

/// <summary>One connection to 0-db, and the behavior of the stand-in that it talks to.</summary>
public sealed class ZdbConnectionTests
{
    private static readonly ReadOnlyMemory<byte> NoKey = ReadOnlyMemory<byte>.Empty;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_stand_in_lists_describes_and_locks_its_namespace()
    {
        await using ZeroDbServer server = new();
        await using ZdbConnection connection = await OpenAsync(server.Id);
        Assert.Equal("No more data", await FailAsync(connection, "SCAN"));
        byte[] first = await SetAsync(connection, 300), second = await SetAsync(connection, 400);
        Assert.Equal("0000000000000000 0100000000000000", $"{Convert.ToHexString(first)} {Convert.ToHexString(second)}");
        using (ZdbReply page = await connection.SendAsync("SCAN", [], Token))
        {
            Assert.Equal(17, page.Items[0].Value.Length);
            Assert.Equal([300, 400], page.Items[1].Items.Select(static entry => entry.Items[1].Integer));
            using ZdbReply time = await connection.SendAsync("TIME", [], Token);
            Assert.InRange(page.Items[1].Items[0].Items[2].Integer, 1, long.Parse(time.Items[0].Text, System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal("No more data", await FailAsync(connection, "SCAN", page.Items[0].Value));
        }
        Assert.Equal(1, (await connection.SendAsync("EXISTS", [first], Token)).Integer);
        Assert.Contains("next_internal_id: 0x200000000000000\n", (await connection.SendAsync("NSINFO", ["zeroftp"u8.ToArray()], Token)).Text, StringComparison.Ordinal);
        (await connection.SendAsync("DEL", [first], Token)).Dispose();
        Assert.Equal("Key not found", await FailAsync(connection, "DEL", first));
        Assert.Equal(ZdbReplyKind.Nil, (await connection.SendAsync("KEYTIME", [first], Token)).Kind);
        (await connection.SendAsync("NSSET", ["zeroftp"u8.ToArray(), "lock"u8.ToArray(), "1"u8.ToArray()], Token)).Dispose();
        Assert.Equal("Namespace is temporarily locked (read-only)", await FailAsync(connection, "SET", NoKey, new byte[10]));
        Assert.Equal("Namespace is temporarily locked (read-only)", await FailAsync(connection, "DEL", second));
    }

    [Fact]
    public async Task The_stand_in_ends_the_connections_to_a_namespace_that_is_removed_and_numbers_from_zero_again()
    {
        await using ZeroDbServer server = new();
        await using ZdbConnection connection = await OpenAsync(server.Id);
        byte[] first = await SetAsync(connection, 300);
        (await connection.SendAsync("NSDEL", ["zeroftp"u8.ToArray()], Token)).Dispose();
        Assert.StartsWith("Your active namespace is not available anymore", await FailAsync(connection, "GET", first), StringComparison.Ordinal);
        ZdbException refused = await Assert.ThrowsAsync<ZdbException>(() => OpenAsync(server.Id));
        Assert.Equal(ZdbFailure.Refused, refused.Failure);
        server.IsRemoved = false;
        await using ZdbConnection young = await OpenAsync(server.Id);
        Assert.Equal(first, await SetAsync(young, 300));
    }

    private static Task<ZdbConnection> OpenAsync(string id)
    {
        Assert.True(ShardAddress.TryParse(id, "", out ShardAddress? address));
        return ZdbConnection.OpenAsync(address!, Token);
    }

    private static async Task<byte[]> SetAsync(ZdbConnection connection, int length)
    {
        using ZdbReply reply = await connection.SendAsync("SET", [NoKey, new byte[length]], Token);
        return reply.Value.ToArray();
    }

    private static async Task<string> FailAsync(ZdbConnection connection, string name, params ReadOnlyMemory<byte>[] arguments)
    {
        ZdbException failure = await Assert.ThrowsAsync<ZdbException>(() => connection.SendAsync(name, arguments, Token).AsTask());
        return failure.Message[(failure.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..];
    }
}

using System.Net;
using System.Net.Sockets;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Faults;

/// <summary>One session that never logs in again, and what its commands are answered in the end; something may happen in the middle of each.</summary>
internal sealed class MatrixClient(PlainFtpClient client) : IAsyncDisposable
{
    /// <summary>A directory whose listing is longer than what sockets hold.</summary>
    public const string Many = "/many";

    public static async Task<MatrixClient> ConnectAsync(IPEndPoint address) => new(await DistributedCluster.ConnectAsync(address));

    public ValueTask DisposeAsync() => client.DisposeAsync();

    public async Task<string> CodeAsync(string command) => (await client.SendAsync(command, null))[..3];

    /// <summary>The reply to an upload, by STOR or APPE.</summary>
    public async Task<string> SendAsync(string verb, string path, byte[] bytes, Func<Task>? midway = null)
    {
        (TcpClient data, string reply) = await client.OpenDataAsync(path, verb);
        using (data)
        {
            if (reply[0] != '1')
                return reply[..3];
            try
            {
                await data.GetStream().WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
                if (midway is not null)
                    await midway();
                await data.GetStream().WriteAsync(bytes.AsMemory(bytes.Length / 2));
                data.Client.Shutdown(SocketShutdown.Send);
            }
            catch (Exception exception) when (exception is IOException or SocketException)
            {
                // The reply says what it was.
            }
            return (await client.ReadAsync(null))[..3];
        }
    }

    /// <summary>The reply to a download; what is followed by 226 has to be whole.</summary>
    public async Task<string> RetrieveAsync(string path, byte[] expected, Func<Task>? midway = null)
    {
        (string code, byte[] bytes) = await ReceiveAsync("RETR", path, expected.Length + 1, midway);
        Assert.True(code != "226" || bytes.AsSpan().SequenceEqual(expected), $"226 after {bytes.Length} bytes that are not the file's.");
        return code;
    }

    /// <summary>What a file holds; it has to be readable.</summary>
    public async Task<byte[]> ReadAsync(string path)
    {
        (string code, byte[] bytes) = await ReceiveAsync("RETR", path, 4 << 20, null);
        Assert.Equal("226", code);
        return bytes;
    }

    /// <summary>The reply to a listing; one that is followed by 226 has to be whole.</summary>
    public async Task<string> ListAsync(string path, int expected, Func<Task>? midway = null)
    {
        (string code, byte[] bytes) = await ReceiveAsync("LIST", path, 32 << 20, midway);
        int lines = bytes.Count(static value => value == '\n');
        Assert.True(code != "226" || lines == expected, $"226 after {lines} lines in place of {expected}.");
        return code;
    }

    /// <summary>The reply to RNTO, or to RNFR if that is refused.</summary>
    public async Task<string> RenameAsync(string from, string to, Func<Task>? midway = null)
    {
        string code = await CodeAsync("RNFR " + from);
        if (code != "350")
            return code;
        if (midway is not null)
            await midway();
        return await CodeAsync("RNTO " + to);
    }

    /// <summary>Whether there is such a file.</summary>
    public async Task<bool> ExistsAsync(string path) => await CodeAsync("SIZE " + path) == "213";

    private async Task<(string Code, byte[] Octets)> ReceiveAsync(string verb, string path, int most, Func<Task>? midway)
    {
        (TcpClient data, string reply) = await client.OpenDataAsync(path, verb);
        using (data)
        {
            if (reply[0] != '1')
                return (reply[..3], []);
            // What the sockets hold is on its way whatever happens afterwards; with a buffer that grows as it likes that could be all of it.
            data.ReceiveBufferSize = 64 << 10;
            byte[] bytes = new byte[most];
            int count = 0;
            try
            {
                count = await data.GetStream().ReadAtLeastAsync(bytes.AsMemory(0, Math.Min(most, 64 << 10)), 1, false);
                if (midway is not null)
                    await midway();
                count += await data.GetStream().ReadAtLeastAsync(bytes.AsMemory(count), most - count, false);
            }
            catch (IOException)
            {
                // The reply says what it was.
            }
            return ((await client.ReadAsync(null))[..3], bytes[..count]);
        }
    }
}

using System.Diagnostics;
using System.Net.Sockets;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Faults.Torture;

/// <summary>A client that goes to any front-end, and to another when its connection is lost. A lost answer is null; no answer within the patience of a very patient client fails the test.</summary>
internal sealed class TortureSession(IFronts fronts, Random random, CancellationToken stop) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private PlainFtpClient? _client;

    /// <summary>The last digits of a command without a transfer.</summary>
    public Task<string?> CommandAsync(string command) => RunAsync(async client => await FinalAsync(client, await client.SendAsync(command, null)));

    /// <summary>Two commands of which the second counts; null if the first already failed, since nothing has happened then.</summary>
    public async Task<(bool IsBegun, string? Code)> CommandAsync(string first, string second)
    {
        bool isBegun = false;
        string? code = await RunAsync(async client =>
        {
            string reply = await client.SendAsync(first, null);
            if (reply[0] != '3')
                return reply[..3];
            isBegun = true;
            return await FinalAsync(client, await client.SendAsync(second, null));
        });
        return (isBegun, code);
    }

    /// <summary>Uploads; <paramref name="isBegun"/> says in the end whether the server may have changed anything.</summary>
    public async Task<(bool IsBegun, string? Code)> UploadAsync(string verb, string path, byte[] bytes, long restart = 0)
    {
        bool isBegun = false;
        string? code = await RunAsync(async client =>
        {
            if (restart > 0)
                await client.SendAsync($"REST {restart}", '3');
            (TcpClient data, string reply) = await client.OpenDataAsync(path, verb);
            using (data)
            {
                if (reply[0] != '1')
                    return reply[..3];
                isBegun = true;
                try
                {
                    await data.GetStream().WriteAsync(bytes);
                    data.Client.Shutdown(SocketShutdown.Send);
                }
                catch (Exception exception) when (exception is IOException or SocketException)
                {
                    // The reply, if there is one, says what it was.
                }
                return (await client.ReadAsync(null))[..3];
            }
        });
        return (isBegun, code);
    }

    /// <summary>Downloads a file or a listing; only what is followed by 226 counts.</summary>
    public async Task<(string? Code, byte[] Octets)> DownloadAsync(string verb, string path)
    {
        using MemoryStream received = new();
        string? code = await RunAsync(async client =>
        {
            (TcpClient data, string reply) = await client.OpenDataAsync(path, verb);
            using (data)
            {
                if (reply[0] != '1')
                    return reply[..3];
                try
                {
                    await data.GetStream().CopyToAsync(received);
                }
                catch (IOException)
                {
                    // The reply, if there is one, says what it was.
                }
                return (await client.ReadAsync(null))[..3];
            }
        });
        return (code, received.ToArray());
    }

    public ValueTask DisposeAsync() => _client?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<string> FinalAsync(PlainFtpClient client, string reply)
    {
        while (reply[0] == '1')
            reply = await client.ReadAsync(null);
        return reply[..3];
    }

    private async Task<string?> RunAsync(Func<PlainFtpClient, Task<string>> run)
    {
        try
        {
            PlainFtpClient client = await ConnectAsync();
            return await run(client).WaitAsync(Patience, CancellationToken.None);
        }
        catch (Exception exception) when (exception is IOException or SocketException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            // What came last may be half a line.
            await DisposeAsync();
            _client = null;
            return null;
        }
    }

    private async Task<PlainFtpClient> ConnectAsync()
    {
        if (_client is not null && random.Next(40) == 0)
        {
            await _client.DisposeAsync();
            _client = null;
        }
        for (long began = Stopwatch.GetTimestamp(); _client is null;)
        {
            if (Stopwatch.GetElapsedTime(began) > Patience + Patience)
                throw new TimeoutException("No front-end takes a connection.");
            try
            {
                _client = await DistributedCluster.ConnectAsync(fronts.AddressOf(random.Next(fronts.Count))).WaitAsync(Patience, CancellationToken.None);
            }
            catch (Exception exception) when (exception is IOException or SocketException)
            {
                await Task.Delay(20, stop);
            }
        }
        return _client;
    }
}

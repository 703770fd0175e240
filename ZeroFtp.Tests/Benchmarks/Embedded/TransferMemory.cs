using System.Diagnostics;
using System.Globalization;
using System.Net;
using ZeroFtp.Benchmarks.Support;

namespace ZeroFtp.Benchmarks.Embedded;

/// <summary>The memory of the process when eight clients move a gibibyte each at the same time.</summary>
internal static class TransferMemory
{
    private const int Clients = 8;
    private const long Length = 1L << 30;

    public static async Task RunAsync(string data)
    {
        await EmbeddedServer.PrepareAsync(data);
        await using Child server = EmbeddedServer.Start(data);
        IPEndPoint address = await EmbeddedServer.AddressAsync(server);
        await MoveAsync("up", server, address, async (client, name, buffer) =>
        {
            await client.StoreAsync(name, buffer, Length);
            return Length;
        });
        await MoveAsync("down", server, address, async (client, name, buffer) => (await client.RetrieveAsync("RETR " + name, buffer)).Count);
    }

    private static async Task MoveAsync(string way, Child server, IPEndPoint address, Func<Client, string, byte[], Task<long>> move)
    {
        long began = Stopwatch.GetTimestamp();
        long[] moved = await Task.WhenAll(Enumerable.Range(0, Clients).Select(number => Task.Run(async () =>
        {
            byte[] buffer = new byte[256 << 10];
            new Random(number).NextBytes(buffer);
            using Client client = await Client.LoginAsync(address);
            return await move(client, "f" + number.ToString(CultureInfo.InvariantCulture), buffer);
        })));
        if (moved.Any(static octets => octets != Length))
            throw new InvalidOperationException("A transfer was short.");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Clients} transfers of 1 GiB at once, {way}: {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s; the process had {server.PeakMemory >> 20} MiB at its peak so far"));
    }
}

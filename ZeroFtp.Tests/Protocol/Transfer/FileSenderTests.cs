using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using ZeroFtp.Protocol.Data;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Transfer;
using ZeroFtp.Tests.Storage.Support;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Protocol.Transfer;

public sealed class FileSenderTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly byte[] _octets = Octets.Make(9_000_000, 1);
    private readonly TransferMeter _meter = new(TimeProvider.System, []);
    private FileStream _file = null!;
    private Socket _server = null!;
    private Socket _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        string path = Path.Combine(_directory.Path, "a");
        await File.WriteAllBytesAsync(path, _octets, Token);
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.Asynchronous);
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 64 << 10 };
        await _client.ConnectAsync(listener.LocalEndPoint!, Token);
        _server = await listener.AcceptAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        _server.Dispose();
        _client.Dispose();
        await _file.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(64 << 10)]
    [InlineData(1_000)]
    public async Task Regions_arrive_whole_and_in_order_however_slowly_the_peer_reads(int most)
    {
        // The peer's window is far smaller than the file, so the sender runs out of room again and again.
        Task sending = SendAsync(null, new(_file, 1_000, 3_000_000), new(_file, 0, 10), new(_file, 5_000_000, most == 1_000 ? 100_000 : 4_000_000));
        byte[] received = await ReceiveAsync(most);
        await sending.WithinAsync("all is sent");
        byte[] expected = [.. _octets[1_000..3_001_000], .. _octets[..10], .. _octets[5_000_000..(most == 1_000 ? 5_100_000 : 9_000_000)]];
        Assert.True(expected.AsSpan().SequenceEqual(received), $"{received.Length} bytes of {expected.Length}");
        Assert.Equal(expected.Length, _meter.Bytes);
    }

    [Fact]
    public async Task A_limit_ends_within_a_region()
    {
        Task sending = SendAsync(700, new(_file, 0, 500), new(_file, 1_000, 500), new(_file, 2_000, 500));
        byte[] expected = [.. _octets[..500], .. _octets[1_000..1_200]];
        Assert.Equal(expected, await ReceiveAsync(64 << 10));
        await sending.WithinAsync("all is sent");
    }

    [Fact]
    public async Task A_file_that_is_shorter_than_its_region_ends_early_and_the_meter_tells()
    {
        Task sending = SendAsync(null, new FileRegion(_file, 8_999_000, 5_000));
        Assert.Equal(_octets[8_999_000..], await ReceiveAsync(64 << 10));
        await sending.WithinAsync("all is sent");
        Assert.Equal(1_000, _meter.Bytes);
    }

    [Fact]
    public async Task A_peer_that_goes_away_breaks_the_transfer()
    {
        Task sending = SendAsync(null, new FileRegion(_file, 0, 9_000_000));
        await _client.ReceiveAsync(new byte[1_000], Token);
        _client.LingerState = new LingerOption(true, 0);
        _client.Close();
        await Assert.ThrowsAsync<DataConnectionException>(() => sending);
    }

    private async Task SendAsync(long? limit, params FileRegion[] regions)
    {
        await FileSender.SendAsync(_server, new Regions(regions), limit, _meter, Token);
        _server.Shutdown(SocketShutdown.Send);
    }

    private async Task<byte[]> ReceiveAsync(int most)
    {
        using MemoryStream received = new();
        byte[] buffer = new byte[most];
        for (int count; (count = await _client.ReceiveAsync(buffer, Token)) > 0;)
            received.Write(buffer, 0, count);
        return received.ToArray();
    }

    private sealed class Regions(FileRegion[] regions) : IFileBackedDownload
    {
        private int _next;

        public long? Length => null;

        public ValueTask<FileRegion?> NextRegionAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_next < regions.Length ? regions[_next++] : (FileRegion?)null);

        public ValueTask CopyToAsync(PipeWriter destination, long? limit, CancellationToken cancellationToken) => throw new InvalidOperationException("Regions are sent, not copied.");

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

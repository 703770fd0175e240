using System.Buffers;
using System.IO.Hashing;
using System.IO.Pipelines;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Objects;
using ZeroFtp.Tests.Storage.Support;

namespace ZeroFtp.Tests.Storage.Objects;

/// <summary>What every object store promises. A store is tested by a class that derives from this one and opens it.</summary>
public abstract class ObjectStoreContract
{
    private static long _lastId = 1 << 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected abstract ValueTask<IObjectStore> OpenStoreAsync();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4096, 4096)]
    [InlineData(100_000, 1)]
    [InlineData(300_001, 65_536)]
    [InlineData(1 << 20, 1000)]
    public async Task What_was_written_is_read(int length, int segmentLength)
    {
        await using IObjectStore store = await OpenStoreAsync();
        byte[] bytes = Octets.Make(length);
        StoredObject stored = await WriteAsync(store, Octets.Cut(bytes, segmentLength));
        Assert.Equal(length, stored.Length);
        Assert.Equal(XxHash128.HashToUInt128(bytes), stored.Hash.XxHash128);
        Assert.Equal(Crc32.HashToUInt32(bytes), stored.Hash.Crc32);
        Assert.Equal(bytes, await ReadAsync(store, stored, 0, length));
    }

    [Fact]
    public async Task An_object_of_the_greatest_length_a_test_can_afford_comes_in_many_writes()
    {
        await using IObjectStore store = await OpenStoreAsync();
        byte[] bytes = Octets.Make((int)Math.Min(store.MaxObjectLength, 4 << 20));
        await using IObjectWriter writer = await CreateAsync(store, bytes.Length);
        for (int start = 0; start < bytes.Length; start += 300_000)
            await writer.WriteAsync(new ReadOnlySequence<byte>(bytes.AsMemory(start, Math.Min(300_000, bytes.Length - start))), Token);
        Assert.Equal(bytes.Length, writer.Length);
        StoredObject stored = await writer.CompleteAsync(Token);
        Assert.Equal(new ObjectHash(XxHash128.HashToUInt128(bytes), Crc32.HashToUInt32(bytes)), stored.Hash);
        Assert.Equal(bytes, await ReadAsync(store, stored, 0, bytes.Length));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 999)]
    [InlineData(70_000, 70_000)]
    [InlineData(199_999, 1)]
    public async Task Any_stretch_can_be_read(long offset, int length)
    {
        await using IObjectStore store = await OpenStoreAsync();
        byte[] bytes = Octets.Make(200_000);
        StoredObject stored = await WriteAsync(store, new ReadOnlySequence<byte>(bytes));
        Assert.Equal(bytes[(int)offset..((int)offset + length)], await ReadAsync(store, stored, offset, length));
    }

    [Fact]
    public async Task Memory_given_to_a_writer_is_free_again_when_the_write_is_done()
    {
        await using IObjectStore store = await OpenStoreAsync();
        byte[] bytes = Octets.Make(50_000);
        byte[] shared = [.. bytes];
        await using IObjectWriter writer = await CreateAsync(store, null);
        await writer.WriteAsync(new ReadOnlySequence<byte>(shared), Token);
        shared.AsSpan().Clear();
        StoredObject stored = await writer.CompleteAsync(Token);
        Assert.Equal(bytes, await ReadAsync(store, stored, 0, bytes.Length));
    }

    [Fact]
    public async Task Writers_may_overlap_and_complete_in_any_order()
    {
        await using IObjectStore store = await OpenStoreAsync();
        byte[][] contents = [.. Enumerable.Range(0, 4).Select(seed => Octets.Make(10_000 + seed, seed))];
        IObjectWriter[] writers = new IObjectWriter[contents.Length];
        for (int i = 0; i < writers.Length; i++)
        {
            writers[i] = await CreateAsync(store, contents[i].Length);
            await writers[i].WriteAsync(Octets.Cut(contents[i], 999), Token);
        }
        StoredObject[] stored = new StoredObject[writers.Length];
        for (int i = writers.Length - 1; i >= 0; i--)
        {
            stored[i] = await writers[i].CompleteAsync(Token);
            await writers[i].DisposeAsync();
        }
        Assert.Equal(stored.Length, stored.Select(each => each.Reference).Distinct().Count());
        for (int i = 0; i < stored.Length; i++)
            Assert.Equal(contents[i], await ReadAsync(store, stored[i], 0, contents[i].Length));
    }

    [Fact]
    public async Task References_are_printable_and_short()
    {
        await using IObjectStore store = await OpenStoreAsync();
        StoredObject stored = await WriteAsync(store, new ReadOnlySequence<byte>(Octets.Make(100_000)));
        Assert.InRange(stored.Reference.Length, 1, 2048);
        Assert.DoesNotContain(stored.Reference, character => character is <= ' ' or > '~');
    }

    [Fact]
    public async Task A_deleted_object_cannot_be_read_and_can_be_deleted_again()
    {
        await using IObjectStore store = await OpenStoreAsync();
        StoredObject stored = await WriteAsync(store, new ReadOnlySequence<byte>(Octets.Make(5_000)));
        Assert.Equal(ObjectState.Good, await store.CheckAsync(stored, deep: true, Token));
        await store.DeleteAsync(stored.Reference, Token);
        await store.DeleteAsync(stored.Reference, Token);
        await store.FlushDeletionsAsync(Token);
        FtpDriverException exception = await Assert.ThrowsAsync<FtpDriverException>(() => ReadAsync(store, stored, 0, 5_000));
        Assert.Equal(FtpError.Unavailable, exception.Error);
        Assert.Equal(ObjectState.Missing, await store.CheckAsync(stored, deep: false, Token));
    }

    [Fact]
    public async Task Reading_stops_quietly_when_nobody_reads_any_more()
    {
        await using IObjectStore store = await OpenStoreAsync();
        byte[] bytes = Octets.Make(2 << 20);
        StoredObject stored = await WriteAsync(store, new ReadOnlySequence<byte>(bytes));
        Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 64 << 10, resumeWriterThreshold: 32 << 10));
        await using IObjectReader reader = await store.OpenAsync(stored, 0, stored.Length, Token);
        ValueTask<bool> copying = reader.CopyToAsync(pipe.Writer, Token);
        await pipe.Reader.ReadAtLeastAsync(1, Token);
        await pipe.Reader.CompleteAsync();
        Assert.False(await copying);
    }

    [Fact]
    public async Task Reading_waits_for_the_other_end()
    {
        await using IObjectStore store = await OpenStoreAsync();
        StoredObject stored = await WriteAsync(store, new ReadOnlySequence<byte>(Octets.Make(2 << 20)));
        Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 64 << 10, resumeWriterThreshold: 32 << 10));
        await using IObjectReader reader = await store.OpenAsync(stored, 0, stored.Length, Token);
        using CancellationTokenSource cancellation = new();
        Task<bool> copying = reader.CopyToAsync(pipe.Writer, cancellation.Token).AsTask();
        Assert.False(copying.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => copying);
    }

    [Fact]
    public async Task What_is_given_up_is_not_listed()
    {
        await using IObjectStore store = await OpenStoreAsync();
        IObjectWriter writer = await CreateAsync(store, null);
        await writer.WriteAsync(new ReadOnlySequence<byte>(Octets.Make(5_000)), Token);
        await writer.DisposeAsync();
        StoredObject stored = await WriteAsync(store, new ReadOnlySequence<byte>(Octets.Make(7_000)));
        if (store is IObjectListing listing)
            Assert.Equal([(stored.Reference, 7_000L)], await listing.ListAsync(Token).Select(each => (each.Reference, each.Length)).ToListAsync(Token));
    }

    private protected static async Task<StoredObject> WriteAsync(IObjectStore store, ReadOnlySequence<byte> bytes)
    {
        await using IObjectWriter writer = await CreateAsync(store, bytes.Length);
        await writer.WriteAsync(bytes, Token);
        return await writer.CompleteAsync(Token);
    }

    private protected static async Task<byte[]> ReadAsync(IObjectStore store, StoredObject stored, long offset, long length)
    {
        await using IObjectReader reader = await store.OpenAsync(stored, offset, length, Token);
        Assert.Equal(length, reader.Length);
        using MemoryStream stream = new();
        PipeWriter writer = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        Assert.True(await reader.CopyToAsync(writer, Token));
        await writer.CompleteAsync();
        return stream.ToArray();
    }

    private static ValueTask<IObjectWriter> CreateAsync(IObjectStore store, long? length) =>
        store.CreateAsync(store.CallerNamesObjects ? store.ReferenceFor(Interlocked.Increment(ref _lastId)) : null, length, Token);
}

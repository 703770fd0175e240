using System.Buffers;
using System.IO.Pipelines;
using ZeroFtp.Storage.Objects;
using ZeroFtp.Storage.Objects.ZeroStor;

namespace ZeroFtp.Tests.Storage.ZeroStor;

/// <summary>Options and short words for tests of the store.</summary>
internal static class Stores
{
    /// <summary>Gives up soon, so that a test of a failure is quick.</summary>
    public static ZeroStorOptions Quick(params string[] daemons) => new()
    {
        Daemons = daemons,
        RetryBudget = TimeSpan.FromMilliseconds(300),
        RetryDelay = TimeSpan.FromMilliseconds(5),
        MaxRetryDelay = TimeSpan.FromMilliseconds(50),
        BreakerPause = TimeSpan.FromMilliseconds(500),
    };

    public static async Task<StoredObject> WriteAsync(IObjectStore store, byte[] bytes)
    {
        await using IObjectWriter writer = await store.CreateAsync(null, bytes.Length, TestContext.Current.CancellationToken);
        await writer.WriteAsync(new ReadOnlySequence<byte>(bytes), TestContext.Current.CancellationToken);
        return await writer.CompleteAsync(TestContext.Current.CancellationToken);
    }

    public static async Task<(byte[] Octets, StoredObject? Repaired)> ReadAsync(IObjectStore store, StoredObject stored)
    {
        await using IObjectReader reader = await store.OpenAsync(stored, 0, stored.Length, TestContext.Current.CancellationToken);
        using MemoryStream stream = new();
        PipeWriter writer = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        Assert.True(await reader.CopyToAsync(writer, TestContext.Current.CancellationToken));
        await writer.CompleteAsync();
        return (stream.ToArray(), reader.Repaired);
    }
}

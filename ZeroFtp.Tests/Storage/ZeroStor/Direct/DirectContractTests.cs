using ZeroFtp.Storage.Objects;
using ZeroFtp.Storage.Objects.ZeroStor;
using ZeroFtp.Tests.Storage.Objects;
using ZeroFtp.ZeroStor.ZeroDb;

namespace ZeroFtp.Tests.Storage.ZeroStor.Direct;

/// <summary>The contract of every object store, without a daemon: erasure code, compression and encryption over four shards.</summary>
public sealed class DirectContractTests : ObjectStoreContract, IAsyncDisposable
{
    private ZeroDbServer[]? _servers;

    private protected override ValueTask<IObjectStore> OpenStoreAsync()
    {
        _servers ??= [.. Enumerable.Range(0, 4).Select(static _ => new ZeroDbServer("secret"))];
        return ValueTask.FromResult<IObjectStore>(DirectStores.Open(_servers, static direct => direct with { Password = "secret", EncryptionKey = "0123456789abcdef0123456789abcdef" }));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ZeroDbServer server in _servers ?? [])
            await server.DisposeAsync();
    }
}

/// <summary>Stores over servers of the tests.</summary>
internal static class DirectStores
{
    /// <summary>3+1 in blocks of 64 KiB unless the test says otherwise; it gives up soon.</summary>
    public static ZeroStorObjectStore Open(IEnumerable<ZeroDbServer> servers, Func<ZeroStorDirectOptions, ZeroStorDirectOptions>? change = null)
    {
        ZeroStorDirectOptions direct = new()
        {
            Shards = [.. servers.Select(static server => server.Id)],
            DataParts = 3,
            ParityParts = 1,
            BlockBytes = 64 << 10,
            HedgeReadsAfter = TimeSpan.FromMilliseconds(50),
        };
        return new ZeroStorObjectStore(Stores.Quick() with { Direct = change?.Invoke(direct) ?? direct });
    }
}

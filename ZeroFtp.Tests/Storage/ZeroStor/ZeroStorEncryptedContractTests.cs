using ZeroFtp.Storage.Objects;
using ZeroFtp.Storage.Objects.ZeroStor;
using ZeroFtp.Tests.Storage.Objects;
using ZeroFtp.ZeroStor;

namespace ZeroFtp.Tests.Storage.ZeroStor;

/// <summary>The contract again where the stored size of a chunk is not its plain one, blocks are small, and more shards may be missing.</summary>
public sealed class ZeroStorEncryptedContractTests : ObjectStoreContract, IAsyncDisposable
{
    private StandIn? _standIn;

    private protected override async ValueTask<IObjectStore> OpenStoreAsync()
    {
        _standIn ??= await StandIn.StartAsync(new StandInOptions { Encrypt = true, BlockSize = 300_000, Shards = 7, Parity = 3 });
        return new ZeroStorObjectStore(Stores.Quick(_standIn.Address));
    }

    public async ValueTask DisposeAsync()
    {
        if (_standIn is not null)
            await _standIn.DisposeAsync();
    }
}

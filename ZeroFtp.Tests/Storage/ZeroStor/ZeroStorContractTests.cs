using ZeroFtp.Storage.Objects;
using ZeroFtp.Storage.Objects.ZeroStor;
using ZeroFtp.Tests.Storage.Objects;
using ZeroFtp.ZeroStor;

namespace ZeroFtp.Tests.Storage.ZeroStor;

/// <summary>The contract of every object store, over the stand-in.</summary>
public sealed class ZeroStorContractTests : ObjectStoreContract, IAsyncDisposable
{
    private StandIn? _standIn;

    private protected override async ValueTask<IObjectStore> OpenStoreAsync()
    {
        _standIn ??= await StandIn.StartAsync();
        return new ZeroStorObjectStore(Stores.Quick(_standIn.Address));
    }

    public async ValueTask DisposeAsync()
    {
        if (_standIn is not null)
            await _standIn.DisposeAsync();
    }
}

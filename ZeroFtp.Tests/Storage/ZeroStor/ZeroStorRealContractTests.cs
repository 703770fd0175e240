using ZeroFtp.Storage.Objects;
using ZeroFtp.Storage.Objects.ZeroStor;
using ZeroFtp.Tests.Storage.Objects;
using ZeroFtp.Tests.Support.Backends;

namespace ZeroFtp.Tests.Storage.ZeroStor;

/// <summary>The contract against real daemons, whose addresses come from the environment, separated by commas.</summary>
[NeedsBackend(Variable, "daemon of 0-stor")]
public sealed class ZeroStorRealContractTests : ObjectStoreContract
{
    private const string Variable = "ZEROFTP_TEST_ZSTOR";

    private protected override ValueTask<IObjectStore> OpenStoreAsync()
    {
        string addresses = Environment.GetEnvironmentVariable(Variable)!;
        return ValueTask.FromResult<IObjectStore>(new ZeroStorObjectStore(new ZeroStorOptions { Daemons = addresses.Split(',') }));
    }
}

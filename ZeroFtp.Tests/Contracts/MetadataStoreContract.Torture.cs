using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Tests.Contracts;

public abstract partial class MetadataStoreContract
{
    [Fact]
    public async Task Nothing_is_lost_or_doubled_however_many_work_at_once()
    {
        MetadataTorture torture = new([Store], Home, 8, Clock);
        await torture.RunAsync(17, MetadataTorture.Duration, Token);
        await torture.VerifyAsync(Token);
        Assert.Equal(0, torture.Unknown);
    }
}

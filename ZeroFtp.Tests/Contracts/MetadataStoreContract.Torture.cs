using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Tests.Contracts;

public abstract partial class MetadataStoreContract
{
    [Fact]
    public async Task Nothing_is_lost_or_doubled_however_many_work_at_once()
    {
        MetadataTorture torture = new([Store], Home, 8, Clock);
        // Units that a database aborts wait on the store's clock before they are run again.
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task time = PassAsync(end.Token);
        await torture.RunAsync(17, MetadataTorture.Duration, Token);
        await torture.VerifyAsync(Token);
        await end.CancelAsync();
        await time;
        Assert.Equal(0, torture.Unknown);
    }

    private async Task PassAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(5));
            await Task.Delay(5, CancellationToken.None);
        }
    }
}

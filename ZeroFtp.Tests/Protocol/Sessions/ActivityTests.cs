using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Tests.Protocol.Sessions;

public sealed class ActivityTests
{
    /// <summary>The sweep reads which activity runs and stops it a moment later; on the timer's thread an exception would end the process.</summary>
    [Fact]
    public async Task Stopping_what_has_just_been_disposed_does_no_harm()
    {
        Quick activity = new();
        await activity.DisposeAsync();

        activity.Stop(StopCause.Stalled);

        Assert.Equal(StopCause.Stalled, activity.Cause);
    }

    private sealed class Quick : Activity
    {
        public override string Description => "quick";

        public override ValueTask<Reply> RunAsync() => ValueTask.FromResult(Replies.TransferComplete);
    }
}

using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Protocol.Sessions;

/// <summary>What is left of one stream when the control connection changes to the next.</summary>
public sealed class CommandInputTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_end_of_one_stream_is_not_the_end_of_the_next()
    {
        DuplexPipePair pair = new();
        using CommandInput input = new(new ControlChannel(pair.Server), 512);
        await input.WaitBesideAsync(Task.CompletedTask, Cancelled);
        await pair.Client.Output.CompleteAsync();
        await input.SettleAsync();
        Assert.True(input.HasEnded);
        input.Release();
        Assert.False(input.HasEnded);
    }

    [Theory]
    [InlineData("PW")]
    [InlineData("PWD\r")]
    [InlineData("\xff")]
    [InlineData("P\0")]
    public async Task A_line_begun_on_one_stream_is_not_completed_on_the_next(string beginning)
    {
        DuplexPipePair pair = new();
        using CommandInput input = new(new ControlChannel(pair.Server), 512);
        await pair.Client.Output.WriteAsync(MemoryClient.Octets(beginning), Cancelled);
        await input.WaitAsync(Cancelled);
        Assert.False(input.TryTake(out _));
        Assert.True(input.HoldsPartialLine);
        input.Release();
        Assert.False(input.HoldsPartialLine);
        await pair.Client.Output.WriteAsync(MemoryClient.Octets("NOOP\r\n"), Cancelled);
        await input.WaitAsync(Cancelled);
        Assert.True(input.TryTake(out PendingCommand command));
        Assert.Equal((LineStatus.Complete, "NOOP"), (command.Status, command.Verb?.Name));
    }
}

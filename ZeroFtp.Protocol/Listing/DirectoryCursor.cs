using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Listing;

/// <summary>A directory that is being read, with one entry at hand.</summary>
internal sealed class DirectoryCursor(IClientHandlingDriver driver, FtpPath path, CancellationToken cancellationToken) : IAsyncDisposable
{
    private const int YieldEvery = 4096;

    private readonly IAsyncEnumerator<FtpEntry> _entries = driver.ListFilesAsync(path, cancellationToken).GetAsyncEnumerator(cancellationToken);

    private int _readAtOnce;

    /// <summary>Whether there is an entry at hand.</summary>
    public bool HasCurrent { get; private set; }

    public FtpEntry Current => _entries.Current;

    /// <summary>Goes on to the next entry, without a task if the driver has one ready.</summary>
    public ValueTask MoveNextAsync()
    {
        ValueTask<bool> step = _entries.MoveNextAsync();
        if (!step.IsCompletedSuccessfully)
            return AwaitAsync(step);
        HasCurrent = step.Result;
        return ++_readAtOnce < YieldEvery ? ValueTask.CompletedTask : YieldAsync();
    }

    public ValueTask DisposeAsync() => _entries.DisposeAsync();

    /// <summary>A pattern that nothing matches is sought in a large directory without anything to send: others have their turn in between.</summary>
    private async ValueTask YieldAsync()
    {
        _readAtOnce = 0;
        await Task.Yield();
    }

    private async ValueTask AwaitAsync(ValueTask<bool> step) => HasCurrent = await step.ConfigureAwait(false);
}

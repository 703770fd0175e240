using System.IO.Pipelines;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Objects;

namespace ZeroFtp.Storage.Driver;

/// <summary>
/// One download: the extents of one state of a file from an offset on. Where objects come over a network the next ones are fetched while one is sent; where they are files, the next one is opened when it is needed.
/// </summary>
internal class StorageDownload(StorageContext context, ExtentPages extents, long offset, long length, IDisposable registration) : IDownload
{
    private readonly Queue<Opening> _opened = new();
    private readonly long _offset = offset;
    private long _openedTo = offset;
    private bool _isFirstTaken;

    public long? Length => length;

    /// <summary>Opens the beginning, so that content which cannot be read is refused before the transfer is announced.</summary>
    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        if (OpenNext(long.MaxValue, cancellationToken))
            await ReportAsync(new ValueTask<IObjectReader>(_opened.Peek().Reader)).ConfigureAwait(false);
    }

    public async ValueTask CopyToAsync(PipeWriter destination, long? limit, CancellationToken cancellationToken)
    {
        long end = _offset + Math.Min(limit ?? length, length);
        if (_opened.TryPeek(out Opening first) && first.End > end)
            await RestartAsync().ConfigureAwait(false);
        while (true)
        {
            await FillAsync(end, cancellationToken).ConfigureAwait(false);
            while ((_opened.Count == 0 || IsWorthPrefetching()) && _openedTo < end && OpenNext(end, cancellationToken))
            {
            }
            if (!_opened.TryPeek(out Opening next))
                return;
            IObjectReader reader = await ReportAsync(new ValueTask<IObjectReader>(next.Reader)).ConfigureAwait(false);
            StoredObject? repaired = reader.Repaired;
            await RepairRecord.KeepAsync(context, next.Extent, repaired).ConfigureAwait(false);
            bool isWanted;
            try
            {
                isWanted = await ReportAsync(reader.CopyToAsync(destination, cancellationToken)).ConfigureAwait(false);
            }
            finally
            {
                // It may have been fetched again on the way, and repaired then.
                if (reader.Repaired != repaired)
                    await RepairRecord.KeepAsync(context, next.Extent, reader.Repaired).ConfigureAwait(false);
            }
            if (!isWanted)
                return;
            await CloseFirstAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_opened.Count > 0)
            await CloseFirstAsync().ConfigureAwait(false);
        registration.Dispose();
    }

    /// <summary>The next stretch, opened; it stays the caller's until the next call. Null at the end.</summary>
    protected async ValueTask<IObjectReader?> NextAsync(CancellationToken cancellationToken)
    {
        if (_isFirstTaken && _opened.Count > 0)
            await CloseFirstAsync().ConfigureAwait(false);
        _isFirstTaken = true;
        await FillAsync(long.MaxValue, cancellationToken).ConfigureAwait(false);
        if (_opened.Count == 0 && !OpenNext(long.MaxValue, cancellationToken))
            return null;
        return await ReportAsync(new ValueTask<IObjectReader>(_opened.Peek().Reader)).ConfigureAwait(false);
    }

    /// <summary>Passes on what comes of the first of the opened stretches; if its object is damaged, with the names of the files that it is a part of.</summary>
    protected async ValueTask<T> ReportAsync<T>(ValueTask<T> task)
    {
        try
        {
            return await task.ConfigureAwait(false);
        }
        catch (FtpDriverException exception) when (exception.InnerException is ObjectDamage damage)
        {
            throw await context.Findings.OfReadAsync(_opened.Peek().Extent.Object, damage).ConfigureAwait(false) ?? exception;
        }
    }

    private bool IsWorthPrefetching() =>
        context.Objects.IsRemote && extents.Peek is Extent next && _openedTo - _opened.Peek().Start + next.Length <= context.Options.DownloadWindowBytes;

    private ValueTask FillAsync(long end, CancellationToken cancellationToken) => extents.MustFill && _openedTo < end ? extents.FillAsync(cancellationToken) : ValueTask.CompletedTask;

    private bool OpenNext(long end, CancellationToken cancellationToken)
    {
        if (extents.Peek is not Extent extent)
            return false;
        extents.Advance();
        long start = Math.Max(_openedTo, extent.Start);
        long stop = Math.Min(extent.End, end);
        Task<IObjectReader> reader = context.Objects.OpenAsync(extent.Object.ToStored(context.Objects), extent.ObjectOffset + start - extent.Start, stop - start, cancellationToken).AsTask();
        _opened.Enqueue(new Opening(extent, start, stop, reader));
        _openedTo = stop;
        return true;
    }

    /// <summary>The beginning was opened before it was known that less is wanted.</summary>
    private async ValueTask RestartAsync()
    {
        while (_opened.Count > 0)
            await CloseFirstAsync().ConfigureAwait(false);
        extents.Restart();
        _openedTo = _offset;
    }

    private async ValueTask CloseFirstAsync()
    {
        Task<IObjectReader> reader = _opened.Dequeue().Reader;
        await ((Task)reader).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (reader.IsCompletedSuccessfully)
            await (await reader.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
    }

    private readonly record struct Opening(Extent Extent, long Start, long End, Task<IObjectReader> Reader);
}

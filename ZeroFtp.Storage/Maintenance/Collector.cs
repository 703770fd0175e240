using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Diagnostics;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Storage.Maintenance;

/// <summary>
/// Cleans up after dead servers, and deletes objects that nothing refers to. Any number of servers may collect at the same time: each object is leased to one.
/// </summary>
internal sealed class Collector(StorageContext context) : IDisposable
{
    private const int BatchLength = 200;

    /// <summary>After this number of consecutive failures the object store is considered unreachable; the rest waits for another turn.</summary>
    private const int MaxFailuresInARow = 3;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Does everything that can be done now, in bounded steps.</summary>
    public async ValueTask<CollectReport> CollectAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await BeatAsync(cancellationToken).ConfigureAwait(false);
            (long uploads, long _) = await ReapAsync(trash: true, cancellationToken).ConfigureAwait(false);
            while (await context.Metadata.CollectAsync(BatchLength, cancellationToken).ConfigureAwait(false) > 0)
                await BeatAsync(cancellationToken).ConfigureAwait(false);
            CollectReport total = new(0, 0, 0, uploads);
            Postponed postponed = new();
            while (await DeleteBatchAsync(postponed, cancellationToken).ConfigureAwait(false) is Batch batch)
            {
                total = total with
                {
                    ObjectsDeleted = total.ObjectsDeleted + batch.Report.ObjectsDeleted,
                    BytesDeleted = total.BytesDeleted + batch.Report.BytesDeleted,
                    ObjectsFailed = total.ObjectsFailed + batch.Report.ObjectsFailed,
                };
                if (batch.IsOutOfReach)
                    break;
            }
            return total with { Postponed = postponed.Lines };
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends the uploads of dead servers, and this server's own uploads that could not be ended before, then empties removed trees.</summary>
    /// <param name="trash">True to empty the removed trees too. At startup that can wait, however large they are.</param>
    /// <param name="cancellationToken">Cancels between two steps.</param>
    /// <returns>The number of uploads that were ended, and how many of them left a partial file.</returns>
    public async ValueTask<(long Uploads, long Partials)> ReapAsync(bool trash, CancellationToken cancellationToken)
    {
        (long uploads, long partials) = await SettleAsync(cancellationToken).ConfigureAwait(false);
        ReapResult step;
        do
        {
            step = await context.Metadata.ReapAsync(cancellationToken).ConfigureAwait(false);
            uploads += step.Uploads;
            partials += step.Partials;
        }
        while (step.More && (trash || step.Entries == 0));
        return (uploads, partials);
    }

    /// <summary>Ends this server's own uploads that could not be ended before.</summary>
    private async ValueTask<(long Uploads, long Partials)> SettleAsync(CancellationToken cancellationToken)
    {
        (long uploads, long partials) = (0, 0);
        for (int left = context.Unsettled.Count; left > 0 && context.Unsettled.TryDequeue(out (PublishRequest Upload, bool KeepPartial) unsettled); left--)
        {
            try
            {
                AbandonResult result = await context.Metadata.AbandonAsync(unsettled.Upload, unsettled.KeepPartial, cancellationToken).ConfigureAwait(false);
                uploads++;
                partials += result.Kept ? 1 : 0;
            }
            catch
            {
                context.Unsettled.Enqueue(unsettled);
                throw;
            }
        }
        return (uploads, partials);
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>Renews this server's lease and reports what its downloads still need.</summary>
    public async ValueTask BeatAsync(CancellationToken cancellationToken)
    {
        if (!await context.Metadata.BeatAsync(context.Reads.Oldest, cancellationToken).ConfigureAwait(false))
            context.Logger.TakenForDead();
    }

    private async ValueTask<Batch?> DeleteBatchAsync(Postponed postponed, CancellationToken cancellationToken)
    {
        IReadOnlyList<ObjectRow> dead = await context.Metadata.TakeDeadObjectsAsync(BatchLength, Lease, cancellationToken).ConfigureAwait(false);
        if (dead.Count == 0)
            return null;
        List<ObjectRow> deleted = new(dead.Count);
        int failures = 0;
        foreach (ObjectRow row in dead)
        {
            try
            {
                string reference = row.ReferenceIn(context.Objects);
                string? left = await context.Objects.DeleteAsync(reference, cancellationToken).ConfigureAwait(false);
                failures = 0;
                if (left is null)
                {
                    deleted.Add(row);
                    continue;
                }
                // An object that the store cannot reach stays leased for a while, and does not delay the others.
                postponed.Add(row.Id, context.Objects.WhyLeft(left));
                if (left != reference)
                    await context.Metadata.DeadObjectShrunkAsync(row with { Reference = left }, cancellationToken).ConfigureAwait(false);
            }
            catch (FtpDriverException exception)
            {
                context.Logger.DeletionFailed(row.ReferenceIn(context.Objects), exception);
                postponed.Add(row.Id, exception.Message);
                if (++failures == MaxFailuresInARow)
                    break;
            }
        }
        await context.Objects.FlushDeletionsAsync(cancellationToken).ConfigureAwait(false);
        await context.Metadata.DeadObjectsDeletedAsync(deleted, cancellationToken).ConfigureAwait(false);
        return new Batch(new CollectReport(deleted.Count, deleted.Sum(row => row.Length), dead.Count - deleted.Count, 0), failures == MaxFailuresInARow);
    }

    private sealed record Batch(CollectReport Report, bool IsOutOfReach);
}

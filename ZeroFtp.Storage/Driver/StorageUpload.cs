using System.Buffers;
using System.IO.Pipelines;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Accounts;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Diagnostics;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Objects;

namespace ZeroFtp.Storage.Driver;

/// <summary>
/// One upload. Does nothing before the first byte has arrived. Then bytes go to objects, durable objects to the journal, and one unit of the metadata publishes
/// them all. <see cref="PartialRule"/> decides what remains of an upload that does not get that far.
/// </summary>
internal sealed class StorageUpload(StorageContext context, SessionAccount account, UploadRequest request, UploadPlan plan, Quota quota, Extent? tail, long limit, bool mayAppend, long replaced) : IUpload
{
    private const int MaxUnsettled = 10_000;
    private const int MaxBases = 5;

    private readonly UploadExtents _extents = new(context, replaced);
    private UploadPlan _plan = plan;
    private Quota _quota = quota;
    private readonly bool _addsToNothing = plan is { Kind: UploadKind.Append, Base: null };
    private long _received;
    private bool _isTried;
    private bool _isEnded;

    public ValueTask CopyFromAsync(PipeReader source, CancellationToken cancellationToken) => StorageFailure.Translate(CopyAsync(source, cancellationToken));

    public ValueTask<FtpEntry> CommitAsync(CancellationToken cancellationToken) => StorageFailure.Translate(PublishAsync(cancellationToken));

    public ValueTask<bool> AbortAsync(UploadAbort reason, CancellationToken cancellationToken) => StorageFailure.Translate(AbandonAsync(reason == UploadAbort.Interrupted));

    public async ValueTask DisposeAsync()
    {
        if (_isEnded)
            return;
        try
        {
            await AbandonAsync(keepPartial: false).ConfigureAwait(false);
        }
        catch (MetadataException exception)
        {
            context.Logger.GarbageNotRecorded(_extents.Pending.Count, exception);
        }
    }

    private async ValueTask CopyAsync(PipeReader source, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult result;
            try
            {
                result = await source.ReadAtLeastAsync(context.Options.WriteBufferBytes, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                await SaveBufferedAsync(source).ConfigureAwait(false);
                throw;
            }
            if (!result.Buffer.IsEmpty)
                await TakeAsync(result.Buffer, cancellationToken).ConfigureAwait(false);
            source.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
                return;
            if (result.IsCanceled)
                throw new OperationCanceledException("The transfer was cancelled.");
        }
    }

    /// <summary>
    /// Saves what arrived before reading failed. Too few bytes to be consumed may remain in the reader, and others in the converters behind it; a partial file
    /// should include them.
    /// </summary>
    private async ValueTask SaveBufferedAsync(PipeReader source)
    {
        if (!_plan.KeepPartial)
            return;
        try
        {
            // A read that is cancelled beforehand returns what is buffered, even if it was examined before.
            source.CancelPendingRead();
            while (source.TryRead(out ReadResult rest))
            {
                bool isLast = rest.Buffer.IsEmpty;
                if (!isLast)
                    await TakeAsync(rest.Buffer, CancellationToken.None).ConfigureAwait(false);
                source.AdvanceTo(rest.Buffer.End);
                if (isLast)
                    break;
            }
        }
#pragma warning disable CA1031 // The first failure is the one to report; after a broken connection the reader may throw anything.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            context.Logger.RestNotSaved(exception);
        }
    }

    private async ValueTask TakeAsync(ReadOnlySequence<byte> octets, CancellationToken cancellationToken)
    {
        if (octets.Length > limit - _received)
            throw new FtpDriverException(FtpError.QuotaExceeded);
        if (_received == 0 && tail is Extent extent)
            await TryRepeatTailAsync(extent, cancellationToken).ConfigureAwait(false);
        await _extents.WriteAsync(_plan, octets, request.ExpectedLength + _plan.Repeats, cancellationToken).ConfigureAwait(false);
        _received += octets.Length;
    }

    private async ValueTask TryRepeatTailAsync(Extent extent, CancellationToken cancellationToken)
    {
        try
        {
            await RepeatTailAsync(extent, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpDriverException exception) when (exception.InnerException is ObjectDamage { State: ObjectState.Corrupt } damage)
        {
            context.Logger.DamageNotRepeated(damage.Reference, request.Path.Text);
        }
    }

    /// <summary>
    /// Copies the small extent before the first new byte into the new object, so that many small appends do not leave many small objects. Damaged bytes would
    /// become valid there, under a new hash. The reader fails for such bytes, and they stay where they are.
    /// </summary>
    private async ValueTask RepeatTailAsync(Extent extent, CancellationToken cancellationToken)
    {
        if (await SmallContent.ReadAsync(context, extent, cancellationToken).ConfigureAwait(false) is not ReadOnlyMemory<byte> repeated)
            return;
        _plan = _plan with { Repeats = extent.Length };
        await _extents.WriteAsync(_plan, new ReadOnlySequence<byte>(repeated), null, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<FtpEntry> PublishAsync(CancellationToken cancellationToken)
    {
        await _extents.FinishAsync(_plan, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        _isTried = true;
        PublishResult result;
        try
        {
            // From here on it either happens or not: a cancelled call would leave the outcome unknown.
            result = await context.Metadata.PublishAsync(ToRequest(), CancellationToken.None).ConfigureAwait(false);
            for (int i = 0; i < MaxBases && result.Outcome == Outcome.Conflict && await FindBaseAsync().ConfigureAwait(false); i++)
                result = await context.Metadata.PublishAsync(ToRequest(), CancellationToken.None).ConfigureAwait(false);
        }
        catch (MetadataException)
        {
            // The unit may have been applied. The reaper ends what is not referred to; what is referred to must not be given up.
            _isEnded = true;
            LeaveToReaper(_plan.KeepPartial);
            throw;
        }
        if (result.Outcome != Outcome.Done)
            throw StorageFailure.Of(result.Outcome);
        _isEnded = true;
        // Published, but somebody has renamed or replaced it since.
        return result.File is FileRow row
            ? EntryMapping.ToEntry(row, null)
            : new FtpEntry { Name = request.Path.Name, Kind = FtpEntryKind.File, Size = _plan.Offset + _received, ModifiedUtc = context.TimeProvider.GetUtcNow().UtcDateTime };
    }

    /// <summary>An append that found no file when it started goes to the end of the file that somebody else has created meanwhile.</summary>
    private async ValueTask<bool> FindBaseAsync()
    {
        if (!_addsToNothing || !mayAppend)
            return false;
        FileContent? content = await context.Metadata.ReadContentAsync(_plan.Directory, _plan.Name, 0, 1, CancellationToken.None).ConfigureAwait(false);
        if (content is not { File: { IsDirectory: false, Link: null } row })
            return false;
        _plan = _plan with { Base = row };
        _quota = await Quota.FindAsync(context.Metadata, account, row, CancellationToken.None).ConfigureAwait(false);
        return true;
    }

    private async ValueTask<bool> AbandonAsync(bool keepPartial)
    {
        if (_isEnded)
            return false;
        _isEnded = true;
        keepPartial &= _plan.KeepPartial;
        await _extents.SettleAsync(completeLast: keepPartial).ConfigureAwait(false);
        // A refused publication has left its row in the journal, also one without bytes.
        if (!_extents.IsJournalled && _extents.Length == 0 && !_isTried)
            return false;
        try
        {
            return (await context.Metadata.AbandonAsync(ToRequest(), keepPartial, CancellationToken.None).ConfigureAwait(false)).Kept;
        }
        catch (MetadataException)
        {
            LeaveToReaper(keepPartial);
            throw;
        }
    }

    // A row of the journal is gone once the upload was published or ended; without one it is not known which, so that nothing may be published again. More than
    // so many wait for this server's own end.
    private void LeaveToReaper(bool keepPartial)
    {
        if (context.Unsettled.Count < MaxUnsettled)
            context.Unsettled.Enqueue((ToRequest(), keepPartial && _extents.IsJournalled));
    }

    private PublishRequest ToRequest() => new()
    {
        Plan = _plan,
        Length = _extents.Length,
        Extents = _extents.Pending,
        ModTime = context.Now,
        QuotaBytes = _quota.Bytes,
        QuotaFiles = _quota.Files,
    };
}

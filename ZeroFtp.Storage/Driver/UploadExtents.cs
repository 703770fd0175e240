using System.Buffers;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Storage.Content;
using ZeroFtp.Storage.Diagnostics;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Objects;

namespace ZeroFtp.Storage.Driver;

/// <summary>
/// The extents of one upload: cuts what arrives into objects, lets several of them be completed at the same time, and journals those that are durable. Their octets are counted from the first one received,
/// repeated ones of the base included.
/// </summary>
internal sealed class UploadExtents(StorageContext context, long replaced)
{
    /// <summary>Journalled at the latest when so much would be lost if the process were killed now.</summary>
    private const long JournalBytes = 64L << 20;
    private const int JournalExtents = 16;

    private readonly Queue<Completing> _completing = new();
    private readonly List<Extent> _pending = [];
    private readonly List<ObjectRow> _lost = [];
    private readonly int _maxCompleting = (int)Math.Max(1, context.Options.UploadWindowBytes / context.Objects.MaxObjectLength);
    private IObjectWriter? _writer;
    private long _writerId;
    private long _begun;
    private long _pendingBytes;

    /// <summary>Whether an object is lost, so that those behind it are of no use.</summary>
    private bool _hasGap;

    /// <summary>Octets in extents that are complete, journalled or not.</summary>
    public long Length { get; private set; }

    /// <summary>Extents that are complete and not journalled.</summary>
    public IReadOnlyList<Extent> Pending => _pending;

    /// <summary>Whether anything of the upload is in the journal.</summary>
    public bool IsJournalled { get; private set; }

    /// <summary>Adds octets behind all that were added before.</summary>
    public async ValueTask WriteAsync(UploadPlan plan, ReadOnlySequence<byte> octets, long? expectedLength, CancellationToken cancellationToken)
    {
        while (!octets.IsEmpty)
        {
            _writer ??= await BeginAsync(expectedLength, cancellationToken).ConfigureAwait(false);
            long count = Math.Min(octets.Length, context.Objects.MaxObjectLength - _writer.Length);
            await WriteAsync(_writer, octets.Slice(0, count), cancellationToken).ConfigureAwait(false);
            octets = octets.Slice(count);
            if (_writer.Length < context.Objects.MaxObjectLength)
                continue;
            Complete();
            await HarvestAsync(_maxCompleting, cancellationToken).ConfigureAwait(false);
            if (_pending.Count >= JournalExtents || _pendingBytes >= JournalBytes)
                await JournalAsync(plan, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Completes what there is. Afterwards <see cref="Length"/> is all that was added, and <see cref="Pending"/> few enough to be published.</summary>
    public async ValueTask FinishAsync(UploadPlan plan, CancellationToken cancellationToken)
    {
        if (_writer is not null)
            Complete();
        await HarvestAsync(0, cancellationToken).ConfigureAwait(false);
        if (_pending.Count > JournalExtents)
            await JournalAsync(plan, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds a stretch of another file by reference, from the beginning of one of its extents to the end of another.</summary>
    /// <exception cref="FtpDriverException">Busy: the file has changed since it was read.</exception>
    public async ValueTask ReferAsync(UploadPlan plan, FileRow source, long start, long end, CancellationToken cancellationToken)
    {
        if (_writer is not null)
            Complete();
        await HarvestAsync(0, cancellationToken).ConfigureAwait(false);
        if (_pending.Count > 0)
            await JournalAsync(plan, cancellationToken).ConfigureAwait(false);
        while (start < end)
        {
            long? added = await context.Metadata.JournalCopyAsync(plan, source, start, end, Length, cancellationToken).ConfigureAwait(false);
            if (added is null or 0)
                throw new FtpDriverException(FtpError.Busy, "The file has changed meanwhile.");
            IsJournalled = true;
            start += added.Value;
            Length += added.Value;
            _begun += added.Value;
        }
    }

    /// <summary>Sees to it that the upload is in the journal, also one without content.</summary>
    public async ValueTask RegisterAsync(UploadPlan plan, CancellationToken cancellationToken)
    {
        if (!IsJournalled)
            await JournalAsync(plan, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Completes as much as can be, gives up what cannot, and what comes after it. Never fails.</summary>
    /// <param name="completeLast">Whether the object that is being written is worth completing.</param>
    public async ValueTask SettleAsync(bool completeLast)
    {
        if (_writer is not null && completeLast && _writer.Length > 0)
            Complete();
        while (_completing.Count > 0)
        {
            try
            {
                await HarvestAsync(0, CancellationToken.None).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // The upload is at its end anyway; whatever failed is given up with all that follows.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                context.Logger.RestNotSaved(exception);
            }
        }
        if (_writer is not null)
            await GiveUpAsync(_writer, _writerId).ConfigureAwait(false);
        _writer = null;
        if (_lost.Count == 0)
            return;
        try
        {
            await context.Metadata.DiscardAsync(_lost, CancellationToken.None).ConfigureAwait(false);
        }
        catch (MetadataException exception)
        {
            context.Logger.GarbageNotRecorded(_lost.Count, exception);
        }
        _lost.Clear();
    }

    private async ValueTask WriteAsync(IObjectWriter writer, ReadOnlySequence<byte> octets, CancellationToken cancellationToken)
    {
        try
        {
            await writer.WriteAsync(octets, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Nobody knows how much of it is in the object now.
            _writer = null;
            await GiveUpAsync(writer, _writerId).ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask<IObjectWriter> BeginAsync(long? expectedLength, CancellationToken cancellationToken)
    {
        IObjectStore store = context.Objects;
        _writerId = store.CallerNamesObjects ? await context.Metadata.ReserveObjectIdAsync(cancellationToken).ConfigureAwait(false) : context.Metadata.NewId();
        try
        {
            long? expected = expectedLength is long length ? Math.Clamp(length - _begun, 0, store.MaxObjectLength) : null;
            return await store.CreateAsync(store.CallerNamesObjects ? store.ReferenceFor(_writerId) : null, expected, Math.Max(0, replaced - _begun), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Lose(_writerId);
            throw;
        }
    }

    private void Complete()
    {
        IObjectWriter writer = _writer!;
        _writer = null;
        _begun += writer.Length;
        _completing.Enqueue(new Completing(_writerId, writer, writer.CompleteAsync(CancellationToken.None).AsTask()));
    }

    /// <summary>Takes in what is complete, in order, and waits until no more than so many are being completed.</summary>
    private async ValueTask HarvestAsync(int most, CancellationToken cancellationToken)
    {
        while (_completing.TryPeek(out Completing? next) && (_completing.Count > most || next.Task.IsCompleted))
        {
            await ((Task)next.Task).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            _completing.Dequeue();
            _hasGap |= !next.Task.IsCompletedSuccessfully;
            if (_hasGap)
            {
                await GiveUpAsync(next.Writer, next.Id, next.Task).ConfigureAwait(false);
                await next.Task.ConfigureAwait(false);
                continue;
            }
            StoredObject stored = await next.Task.ConfigureAwait(false);
            await next.Writer.DisposeAsync().ConfigureAwait(false);
            _pending.Add(new Extent(Length, stored.Length, stored.ToRow(next.Id, context.Objects)));
            Length += stored.Length;
            _pendingBytes += stored.Length;
        }
    }

    private async ValueTask JournalAsync(UploadPlan plan, CancellationToken cancellationToken)
    {
        if (!await context.Metadata.JournalAsync(plan, _pending, cancellationToken).ConfigureAwait(false))
            throw new FtpDriverException(FtpError.Unavailable, "The server was taken for dead while the upload ran.");
        IsJournalled = true;
        _pending.Clear();
        _pendingBytes = 0;
    }

    private async ValueTask GiveUpAsync(IObjectWriter writer, long id, Task<StoredObject>? completed = null)
    {
        if (completed is { IsCompletedSuccessfully: true })
            _lost.Add((await completed.ConfigureAwait(false)).ToRow(id, context.Objects));
        else
            Lose(id);
        await writer.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>An id that was reserved must be given back. Where the store names objects, an object that was not completed has no name and nothing is known of it.</summary>
    private void Lose(long id)
    {
        if (context.Objects.CallerNamesObjects)
            _lost.Add(new ObjectRow(id, 0, default, 0));
    }

    private sealed record Completing(long Id, IObjectWriter Writer, Task<StoredObject> Task);
}

using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace ZeroFtp.Storage.Objects.Local;

/// <summary>
/// Writes an object to its file under its final name. Nothing refers to it before its row is committed. Writes are synchronous: measured, that costs least for
/// the full buffers that arrive here.
/// </summary>
internal sealed class LocalObjectWriter(string reference, string path, FileStream file, FreeSpaceGuard space, long replaced, SyncPool? syncs, DiskPace pace)
    : IObjectWriter
{
    private readonly ObjectHasher _hasher = new();
    private readonly List<ReadOnlyMemory<byte>> _segments = [];
    private readonly SafeFileHandle _handle = file.SafeFileHandle;
    private bool _isComplete;

    public long Length { get; private set; }

    public ValueTask WriteAsync(ReadOnlySequence<byte> bytes, CancellationToken cancellationToken)
    {
        using DiskPace.Watch watch = pace.Begin();
        try
        {
            bool isReplacing = Length + bytes.Length <= replaced;
            if (!isReplacing)
                space.Take(bytes.Length);
            try
            {
                Write(bytes);
            }
            catch (IOException exception) when (isReplacing && IoFailure.IsFull(exception) && space.Reserve?.Release(forDatabase: false) == true)
            {
                Write(bytes);
            }
            _hasher.Append(bytes);
            Length += bytes.Length;
            return ValueTask.CompletedTask;
        }
        catch (Exception exception) when (IoFailure.IsExpected(exception))
        {
            throw IoFailure.Translate(exception);
        }
    }

    public async ValueTask<StoredObject> CompleteAsync(CancellationToken cancellationToken)
    {
        if (Length == 0)
            throw new InvalidOperationException("An object has at least one byte.");
        try
        {
            if (syncs is not null)
            {
                await syncs.SyncFileAsync(_handle).ConfigureAwait(false);
                await syncs.SyncDirectoryAsync(Path.GetDirectoryName(path)!).ConfigureAwait(false);
            }
            _isComplete = true;
            await file.DisposeAsync().ConfigureAwait(false);
            return new StoredObject(reference, Length, _hasher.Finish());
        }
        catch (Exception exception) when (IoFailure.IsExpected(exception))
        {
            throw IoFailure.Translate(exception);
        }
    }

    private void Write(ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsSingleSegment)
        {
            RandomAccess.Write(_handle, bytes.FirstSpan, Length);
            return;
        }
        _segments.Clear();
        foreach (ReadOnlyMemory<byte> segment in bytes)
        {
            if (!segment.IsEmpty)
                _segments.Add(segment);
        }
        RandomAccess.Write(_handle, _segments, Length);
    }

    public async ValueTask DisposeAsync()
    {
        await file.DisposeAsync().ConfigureAwait(false);
        if (_isComplete)
            return;
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (IoFailure.IsExpected(exception))
        {
            // The garbage collection or fsck finds the file.
        }
    }
}

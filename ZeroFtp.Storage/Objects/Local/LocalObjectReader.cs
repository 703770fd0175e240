using System.Buffers;
using System.IO.Hashing;
using System.IO.Pipelines;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Storage.Objects.Local;

/// <summary>Reads a range of an object's file. The open file keeps the content readable even after the object has been deleted.</summary>
/// <remarks>
/// The stored hash covers a whole object. A range that is a whole object is hashed in parts, each just before it is sent, and the last part is not sent if the
/// hash does not match. For any other range the whole object is read and verified first, unless it is remembered as verified: many ranges of one object cost
/// one such read.
/// </remarks>
internal sealed class LocalObjectReader(FileStream file, StoredObject stored, long offset, long length, VerifyReads verify, VerifiedObjects verified,
    DiskPace pace) : IFileObjectReader
{
    /// <summary>Objects up to this length are read and verified when they are opened: opening reads one byte from the disk anyway.</summary>
    public const int SmallLength = 64 << 10;

    private const int ChunkLength = 256 << 10;
    private const int PartLength = 1 << 20;
    private long _done;
    private long _writtenAt;
    private bool _isPrepared;
    private bool _isVerified;
    private XxHash128? _hash;

    public FileStream File => file;

    public long Length => length;

    public StoredObject? Repaired => null;

    private bool IsWhole => offset == 0 && length == stored.Length;

    public async ValueTask<bool> CopyToAsync(PipeWriter destination, CancellationToken cancellationToken)
    {
        await PrepareAsync(isInMemory: true, cancellationToken).ConfigureAwait(false);
        while (_done < length)
        {
            int wanted = (int)Math.Min(ChunkLength, length - _done);
            Memory<byte> memory = destination.GetMemory(wanted);
            if (memory.Length > wanted)
                memory = memory[..wanted];
            int count = Read(memory.Span, offset + _done);
            Consume(memory.Span[..count]);
            destination.Advance(count);
            FlushResult result = await destination.FlushAsync(cancellationToken).ConfigureAwait(false);
            if (result.IsCanceled)
                throw new OperationCanceledException(cancellationToken);
            if (result.IsCompleted)
                return false;
        }
        return true;
    }

    public async ValueTask<FileRegion?> NextRegionAsync(CancellationToken cancellationToken)
    {
        long start = _done;
        if (start == length)
            return null;
        if (!_isPrepared)
            await PrepareAsync(isInMemory: false, cancellationToken).ConfigureAwait(false);
        else
            await Task.Yield();
        if (_hash is null)
            _done = length;
        else
            HashPart((int)Math.Min(PartLength, length - start));
        return new FileRegion(file, offset + start, _done - start);
    }

    /// <summary>
    /// Reads the first byte, so that the time to open includes a disk access even if the content is later sent without being read here. Reads and verifies a
    /// small object.
    /// </summary>
    public void Touch()
    {
        if (!IsWhole || length > SmallLength)
        {
            Read(stackalloc byte[1], offset);
            return;
        }
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            Span<byte> bytes = buffer.AsSpan(0, (int)length);
            for (int count = 0; count < length;)
                count += Read(bytes[count..], count);
            Require(XxHash128.HashToUInt128(bytes));
            _isVerified = true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public ValueTask DisposeAsync() => file.DisposeAsync();

    /// <summary>Decides whether to hash while sending, and verifies the object first if the range does not cover it.</summary>
    private async ValueTask PrepareAsync(bool isInMemory, CancellationToken cancellationToken)
    {
        _isPrepared = true;
        if (_isVerified || (verify == VerifyReads.Never && !(isInMemory && IsWhole)))
            return;
        bool isAlways = IsWhole && (isInMemory || verify == VerifyReads.Always);
        if (!isAlways && verified.Holds(stored, file.SafeFileHandle))
            return;
        _writtenAt = VerifiedObjects.WrittenAt(file.SafeFileHandle);
        _hash = new XxHash128();
        if (IsWhole)
            return;
        await HashAllAsync(cancellationToken).ConfigureAwait(false);
        _hash = null;
    }

    private async ValueTask HashAllAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkLength);
        try
        {
            for (long at = 0; at < stored.Length;)
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                int count = Read(buffer.AsSpan(0, (int)Math.Min(ChunkLength, stored.Length - at)), at);
                _hash!.Append(buffer.AsSpan(0, count));
                at += count;
            }
            Finish();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void HashPart(int count)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkLength);
        try
        {
            for (long stop = _done + count; _done < stop;)
            {
                int read = Read(buffer.AsSpan(0, (int)Math.Min(ChunkLength, stop - _done)), offset + _done);
                Consume(buffer.AsSpan(0, read));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Consume(ReadOnlySpan<byte> bytes)
    {
        _done += bytes.Length;
        _hash?.Append(bytes);
        if (_hash is not null && _done == length)
            Finish();
    }

    private void Finish()
    {
        Require(_hash!.GetCurrentHashAsUInt128());
        verified.Add(stored.Reference, _writtenAt);
    }

    private void Require(UInt128 hash)
    {
        if (hash == stored.Hash.XxHash128)
            return;
        verified.Remove(stored.Reference);
        throw ObjectDamage.Of(stored.Reference, ObjectState.Corrupt);
    }

    /// <summary>
    /// Reads synchronously. Most content is in the page cache and available at once; an asynchronous read would only be a synchronous one on another thread.
    /// </summary>
    private int Read(Span<byte> memory, long position)
    {
        using DiskPace.Watch watch = pace.Begin();
        try
        {
            int count = RandomAccess.Read(file.SafeFileHandle, memory, position);
            return count > 0 ? count : throw ObjectDamage.Of(stored.Reference, ObjectState.Corrupt);
        }
        catch (Exception exception) when (IoFailure.IsExpected(exception))
        {
            throw IoFailure.Translate(exception);
        }
    }
}

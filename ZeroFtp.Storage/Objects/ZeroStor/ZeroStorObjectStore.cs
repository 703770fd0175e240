using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ZeroFtp.Storage.Objects.ZeroStor.Direct;
using ZeroFtp.Storage.Objects.ZeroStor.Memory;
using ZeroFtp.Storage.Objects.ZeroStor.Parts;

namespace ZeroFtp.Storage.Objects.ZeroStor;

/// <summary>
/// Stores objects in 0-stor. An object is one unary write of at most <see cref="ZeroStorOptions.ExtentBytes"/>, or several when memory is short. Its reference
/// is the daemon's list of chunks.
/// </summary>
internal sealed class ZeroStorObjectStore : IObjectStore
{
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(3);

    private readonly ZeroStorOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly SegmentPool _pool = new();
    private readonly MemoryBudget _writeMemory;
    private readonly ReadMemory _readMemory;
    private readonly ZeroStorMetrics _metrics = new();
    private readonly IContentAccess _access;
    private readonly CancellationTokenSource _lifetime = new();
    private readonly ConcurrentDictionary<Task, byte> _background = new();
    private int _reads;

    /// <summary>Creates a store. Connections are opened on first use.</summary>
    /// <exception cref="ArgumentException">The options are not valid; the message lists every fault.</exception>
    public ZeroStorObjectStore(ZeroStorOptions options, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null)
    {
        IReadOnlyList<string> faults = options.Validate();
        if (faults.Count > 0)
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        _options = options;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _writeMemory = new MemoryBudget(options.WriteMemoryBytes);
        // One old extent of the maximum length has to fit.
        _readMemory = new ReadMemory(Math.Max(options.ReadMemoryBytes, 32 << 20), _timeProvider);
        ZeroStorEvents events = new((loggerFactory ?? NullLoggerFactory.Instance).CreateLogger("ZeroFtp.Storage.ZeroStor"));
        _access = options.Direct is { } direct
            ? new DirectAccess(DirectOptions.Of(direct, options), options.GoneShards, options.CompareBeforeDeletion, _pool, _timeProvider, events, _metrics)
            : new DaemonAccess(options, _pool, _timeProvider, events, _metrics);
        _metrics.Observe("zerostor.memory.write", "By", "Memory used by uploads.", () => _writeMemory.InUse);
        _metrics.Observe("zerostor.memory.read", "By", "Memory used by downloads.", () => _readMemory.Budget.InUse);
        _metrics.Observe("zerostor.memory.waiting", "{transfers}", "Transfers waiting for memory.", () => _writeMemory.Waiting + _readMemory.Budget.Waiting);
    }

    /// <inheritdoc/>
    public long MaxObjectLength => _options.ExtentBytes;

    /// <inheritdoc/>
    public bool CallerNamesObjects => false;

    /// <inheritdoc/>
    public bool IsRemote => true;

    /// <summary>True if any daemon seems to work; for health checks.</summary>
    public bool IsHealthy => _access.IsHealthy;

    internal MemoryBudget WriteMemory => _writeMemory;

    internal MemoryBudget ReadMemory => _readMemory.Budget;

    internal SegmentPool Pool => _pool;

    internal System.Diagnostics.Metrics.Meter Meter => _metrics.Meter;

    /// <inheritdoc/>
    public string ReferenceFor(long id) => throw new NotSupportedException("0-stor names its objects itself.");

    /// <inheritdoc/>
    public async ValueTask<IObjectWriter> CreateAsync(string? reference, long? expectedLength, CancellationToken cancellationToken)
    {
        if (reference is not null)
            throw new ArgumentException("0-stor names its objects itself.", nameof(reference));
        int wanted = (int)Math.Clamp(expectedLength ?? int.MaxValue, 1, _options.WriteReserveBytes);
        int segments = (wanted + Segment.Size - 1) / Segment.Size;
        await _writeMemory.TakeAsync((long)segments * Segment.Size, cancellationToken).ConfigureAwait(false);
        return new ZeroStorWriter(this, _access, segments);
    }

    /// <inheritdoc/>
    public async ValueTask<IObjectReader> OpenAsync(StoredObject stored, long offset, long length, CancellationToken cancellationToken)
    {
        if (offset < 0 || length < 1 || length > stored.Length - offset)
            throw new ArgumentOutOfRangeException(nameof(offset), offset, "The range is not within the object.");
        bool verifies = _options.VerifyEvery > 0 && (uint)Interlocked.Increment(ref _reads) % (uint)_options.VerifyEvery == 0;
        ZeroStorReader reader = new(_access, _readMemory, _timeProvider, stored, offset, length, verifies);
        try
        {
            await reader.FetchAsync(cancellationToken).ConfigureAwait(false);
            return reader;
        }
        catch (Exception failure)
        {
            await reader.DisposeAsync().ConfigureAwait(false);
            if (ZeroStorClient.IsExpected(failure))
                throw ZeroStorClient.Translate(failure);
            throw;
        }
    }

    /// <inheritdoc/>
    public string? Subtract(string reference, string kept) => PartMask.Subtract(reference, kept);

    /// <inheritdoc/>
    public string WhyLeft(string reference) => _access.WhyLeft(reference);

    /// <inheritdoc/>
    public async ValueTask<string?> DeleteAsync(string reference, CancellationToken cancellationToken)
    {
        try
        {
            return await _access.DeleteAsync(reference, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (ZeroStorClient.IsExpected(failure))
        {
            throw ZeroStorClient.Translate(failure);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectState> CheckAsync(StoredObject stored, bool deep, CancellationToken cancellationToken)
    {
        try
        {
            return await _access.CheckAsync(stored, deep, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (ZeroStorClient.IsExpected(failure))
        {
            throw ZeroStorClient.Translate(failure);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<StoredObject?> RepairAsync(StoredObject stored, CancellationToken cancellationToken)
    {
        try
        {
            return await _access.RepairAsync(stored, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (ZeroStorClient.IsExpected(failure))
        {
            throw ZeroStorClient.Translate(failure);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Cancelled uploads still wait for answers, so that they can delete the parts that those name.
        await Task.WhenAny(Task.WhenAll(_background.Keys), Task.Delay(DrainTimeout)).ConfigureAwait(false);
        await _lifetime.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_background.Keys).ConfigureAwait(false);
        await _access.DisposeAsync().ConfigureAwait(false);
        _metrics.Dispose();
        _lifetime.Dispose();
    }

    /// <summary>Cancelled when the store is disposed; for work that outlives the transfer that started it.</summary>
    internal CancellationToken Lifetime => _lifetime.Token;

    /// <summary>Continues work in the background. It must not throw. Disposal waits for it.</summary>
    internal void Detach(Task work)
    {
        _background[work] = 0;
        work.ContinueWith(static (done, state) => ((ConcurrentDictionary<Task, byte>)state!).TryRemove(done, out _), _background, TaskScheduler.Default);
    }
}

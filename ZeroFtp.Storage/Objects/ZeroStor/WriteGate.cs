namespace ZeroFtp.Storage.Objects.ZeroStor;

/// <summary>
/// Holds writes back while shards refuse them. A write that fails leaves the parts that it had written, so after the first failure one prober for all waiting writers asks with the smallest write until that
/// succeeds. The prober gives up when nobody waits, or when the refusal is final. A full shard may take a small part and refuse a large one: when an extent fails right after a probe was accepted, the next probe is larger.
/// </summary>
internal sealed class WriteGate(Func<int, CancellationToken, Task<bool>> tryWrite, Func<bool> isFinal, TimeSpan firstPause, TimeSpan longestPause, TimeProvider timeProvider, CancellationToken lifetime)
{
    private static readonly int[] _sizes = [1, 64 << 10];

    private readonly Lock _lock = new();
    private Task? _probing;
    private bool _isClosed;
    private bool _isDoubtful;
    private int _size;
    private int _waiting;

    /// <summary>Whether probes of every size were accepted and extents refused all the same: a shard is nearly full.</summary>
    public bool RefusesLargeOnly
    {
        get
        {
            lock (_lock)
                return _size == _sizes.Length;
        }
    }

    /// <summary>A write was refused for the shards.</summary>
    public void Close()
    {
        lock (_lock)
        {
            if (!_isClosed && _isDoubtful && _size < _sizes.Length)
                _size++;
            (_isClosed, _isDoubtful) = (true, false);
        }
    }

    /// <summary>An extent was stored.</summary>
    public void Succeeded()
    {
        lock (_lock)
            (_isClosed, _isDoubtful, _size) = (false, false, 0);
    }

    /// <summary>Asks once, unless writes are known to succeed.</summary>
    public async ValueTask<bool> TryAsync(CancellationToken cancellationToken)
    {
        int size;
        lock (_lock)
            size = _sizes[Math.Min(_size, _sizes.Length - 1)];
        bool accepted = await tryWrite(size, cancellationToken).ConfigureAwait(false);
        if (accepted)
            Open();
        else
            Close();
        return accepted;
    }

    /// <summary>Waits until writes may succeed.</summary>
    /// <returns>False if they did not within that time.</returns>
    public async ValueTask<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        Task probing;
        lock (_lock)
        {
            if (!_isClosed)
                return true;
            _waiting++;
            probing = _probing ??= Task.Run(ProbeAsync, CancellationToken.None);
        }

        try
        {
            await probing.WaitAsync(atMost > TimeSpan.Zero ? atMost : TimeSpan.Zero, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            lock (_lock)
                _waiting--;
        }

        lock (_lock)
            return !_isClosed;
    }

    private async Task ProbeAsync()
    {
        TimeSpan pause = firstPause;
        try
        {
            while (!await TryAsync(lifetime).ConfigureAwait(false) && !isFinal() && IsWaitedFor())
            {
                await Task.Delay(pause, timeProvider, lifetime).ConfigureAwait(false);
                pause = pause * 2 < longestPause ? pause * 2 : longestPause;
            }
        }
        catch (OperationCanceledException)
        {
            // The store is being closed.
        }
        finally
        {
            lock (_lock)
                _probing = null;
        }
    }

    private bool IsWaitedFor()
    {
        lock (_lock)
            return _waiting > 0;
    }

    private void Open()
    {
        lock (_lock)
            (_isClosed, _isDoubtful) = (false, true);
    }
}

namespace ZeroFtp.Storage.Objects.ZeroStor;

/// <summary>
/// Holds back writes while shards refuse them. A failed write leaves behind the parts that it had stored. Therefore, after the first failure, a single prober
/// for all waiting writers repeats the smallest write until it succeeds. It stops when nobody waits, or when the refusal is final.
/// </summary>
/// <remarks>
/// A shard that is nearly full may accept a small part and refuse a large one. Example: a probe of 1 byte succeeds and the gate opens. The next extent is
/// refused, so the next probe has 64 KiB. If that succeeds and an extent is refused again, <see cref="RefusesLargeOnly"/> is true.
/// </remarks>
internal sealed class WriteGate(Func<int, CancellationToken, Task<bool>> tryWrite, Func<bool> isFinal, TimeSpan firstPause, TimeSpan longestPause,
    TimeProvider timeProvider, CancellationToken lifetime)
{
    private static readonly int[] _sizes = [1, 64 << 10];

    private readonly Lock _lock = new();
    private Task? _probing;
    private bool _isClosed;
    private bool _isDoubtful;
    private int _size;
    private int _waiting;

    /// <summary>True if probes of every size were accepted but extents refused: a shard is nearly full.</summary>
    public bool RefusesLargeOnly
    {
        get
        {
            lock (_lock)
                return _size == _sizes.Length;
        }
    }

    /// <summary>Closes the gate after shards refused a write.</summary>
    public void Close()
    {
        lock (_lock)
        {
            if (!_isClosed && _isDoubtful && _size < _sizes.Length)
                _size++;
            (_isClosed, _isDoubtful) = (true, false);
        }
    }

    /// <summary>Opens the gate after an extent was stored.</summary>
    public void Succeeded()
    {
        lock (_lock)
            (_isClosed, _isDoubtful, _size) = (false, false, 0);
    }

    /// <summary>Sends one probe, and opens or closes the gate by its result.</summary>
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
    /// <returns>False if the time was up before.</returns>
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
            // The store is closing.
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

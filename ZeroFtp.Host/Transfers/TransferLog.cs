using System.Threading.Channels;

namespace ZeroFtp.Host.Transfers;

/// <summary>
/// Takes records from any session without making it wait and writes them from one task. The queue is bounded: a disk that cannot keep up loses records, which are counted
/// and reported in the program's log. It neither stops transfers nor grows memory.
/// </summary>
internal sealed class TransferLog : IAsyncDisposable
{
    private const int QueueLength = 8192;
    private const int WriteAtBytes = 256 * 1024;

    private readonly Channel<TransferRecord> _queue;
    private readonly TimeZoneInfo _zone;
    private readonly ILogger _logger;
    private readonly Task _writing;
    private volatile TransferLogSettings _settings;
    private volatile bool _reopen;
    private long _lost;
    private long _lostTold;

    public TransferLog(TransferLogSettings settings, TimeZoneInfo zone, ILogger<TransferLog> logger)
    {
        _settings = settings;
        _zone = zone;
        _logger = logger;
        _queue = Channel.CreateBounded<TransferRecord>(new BoundedChannelOptions(QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        _writing = Task.Run(WriteAllAsync);
    }

    /// <summary>Records that could not be kept.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    public void Add(TransferRecord record)
    {
        if (_settings.File is not null && !_queue.Writer.TryWrite(record))
            Interlocked.Increment(ref _lost);
    }

    /// <summary>Reopens the file before the next line, after it was moved away, with new settings if they are given.</summary>
    public void Reopen(TransferLogSettings? settings = null)
    {
        if (settings is not null)
            _settings = settings;
        _reopen = true;
    }

    /// <summary>Writes what is queued and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writing;
    }

    private async Task WriteAllAsync()
    {
        TransferLogFile file = new(_settings, _zone);
        try
        {
            while (await _queue.Reader.WaitToReadAsync())
            {
                if (_reopen)
                {
                    _reopen = false;
                    file.Dispose();
                    file = new TransferLogFile(_settings, _zone);
                }
                WriteWaiting(file);
            }
        }
        finally
        {
            file.Dispose();
        }
    }

    private void WriteWaiting(TransferLogFile file)
    {
        int count = 0;
        while (file.Pending < WriteAtBytes && _queue.Reader.TryRead(out TransferRecord? record))
        {
            file.Add(record);
            count++;
        }
        try
        {
            file.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file.Close();
            Interlocked.Add(ref _lost, count);
            Interlocked.Exchange(ref _lostTold, Lost);
            _logger.TransferLogFailed(_settings.File ?? "", Lost, e.Message);
        }
        long lost = Lost;
        if (lost != Interlocked.Exchange(ref _lostTold, lost))
            _logger.TransferLogOverrun(lost);
    }
}

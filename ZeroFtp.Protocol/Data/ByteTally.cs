using ZeroFtp.Protocol.Diagnostics;

namespace ZeroFtp.Protocol.Data;

/// <summary>Counts the bytes of one direction of a session as they go over data connections, for the session and for the metrics. Any thread may read it.</summary>
internal sealed class ByteTally(bool isDownload)
{
    private long _bytes;

    /// <summary>Bytes so far, including those of a running transfer.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public void Add(long bytes)
    {
        Interlocked.Add(ref _bytes, bytes);
        FtpMetrics.CountBytes(isDownload, bytes);
    }
}

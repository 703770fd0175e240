namespace ZeroFtp.Host.Certificates;

/// <summary>Reads files on a thread of their own, since a file system that hangs would keep a thread of the pool, and with it the clients that it serves.</summary>
internal static class BoundedRead
{
    /// <summary>The longest that the start, or a reload, waits for a file.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static Task Start(Action read) =>
        Task.Factory.StartNew(read, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    /// <summary>Reads and waits for the end, at most for <see cref="Limit"/>.</summary>
    /// <param name="read">The work; it is left to itself once the limit is over.</param>
    /// <param name="what">What is read, as the subject of a sentence.</param>
    /// <exception cref="CertificateException">The limit is over.</exception>
    public static void Run(Action read, string what)
    {
        try
        {
            Start(read).WaitAsync(Limit).GetAwaiter().GetResult();
        }
        catch (TimeoutException)
        {
            throw new CertificateException($"{what} does not answer within {Limit.TotalSeconds:0} s; is its file system reachable?", null);
        }
    }
}

namespace ZeroFtp.Benchmarks.Uploads;

/// <summary>A way to store small files.</summary>
internal interface IUploads : IAsyncDisposable
{
    /// <summary>One of several sessions: a function that stores one more file and returns when that is acknowledged.</summary>
    Task<Func<byte[], Task>> OpenSessionAsync(int number);
}

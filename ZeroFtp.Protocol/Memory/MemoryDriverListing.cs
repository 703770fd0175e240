using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Memory;

/// <summary>The members of a directory at one moment, which is when the enumeration takes its first step.</summary>
internal sealed class MemoryDriverListing(Func<FtpEntry[]> list) : IAsyncEnumerable<FtpEntry>
{
    public IAsyncEnumerator<FtpEntry> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new Enumerator(list, cancellationToken);

    private sealed class Enumerator(Func<FtpEntry[]> list, CancellationToken cancellationToken) : IAsyncEnumerator<FtpEntry>
    {
        private FtpEntry[]? _entries;
        private int _index = -1;

        public FtpEntry Current => _entries![_index];

        public ValueTask<bool> MoveNextAsync()
        {
            cancellationToken.ThrowIfCancellationRequested();
            _entries ??= list();
            return new ValueTask<bool>(++_index < _entries.Length);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

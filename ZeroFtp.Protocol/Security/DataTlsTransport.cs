namespace ZeroFtp.Protocol.Security;

/// <summary>The stream of a data connection beneath its SslStream. It owns the inner stream.</summary>
internal sealed class DataTlsTransport(Stream inner) : ObservedStream
{
    protected override ValueTask<int> ReadTransportAsync(Memory<byte> buffer, CancellationToken cancellationToken) => inner.ReadAsync(buffer, cancellationToken);

    protected override ValueTask WriteTransportAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken) => inner.WriteAsync(buffer, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}

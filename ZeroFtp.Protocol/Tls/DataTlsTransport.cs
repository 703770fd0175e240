namespace ZeroFtp.Protocol.Tls;

/// <summary>The stream between a data connection and its SslStream. It owns the inner stream.</summary>
internal sealed class DataTlsTransport(Stream inner) : ObservedStream
{
    protected override ValueTask<int> ReadTransportAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        inner.ReadAsync(buffer, cancellationToken);

    /// <summary>The TLS bytes written, including record overhead.</summary>
    public long Written { get; private set; }

    protected override ValueTask WriteTransportAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        Written += buffer.Length;
        return inner.WriteAsync(buffer, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}

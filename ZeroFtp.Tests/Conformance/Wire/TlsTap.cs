namespace ZeroFtp.Conformance.Wire;

/// <summary>
/// Sits under a TLS stream and reads the record headers in passing: it tells a clean closure from a bare end, a resumed session from a new one, and
/// never hands out an octet beyond the current record, so that what follows a closure in clear stays readable.
/// </summary>
internal sealed class TlsTap(Stream inner) : Stream
{
    private readonly byte[] _header = new byte[5];
    private byte[] _record = [];
    private int _given;

    /// <summary>The records the server sent: content type and length of the body.</summary>
    public List<(int Type, int Length)> FromServer { get; } = [];

    /// <summary>The bodies of handshake records that came in clear.</summary>
    public List<byte[]> ClearHandshake { get; } = [];

    /// <summary>The descriptions of alerts that came in clear, as all alerts before the end of a handshake do.</summary>
    public List<int> ClearAlerts { get; } = [];

    /// <summary>Whether the server's end of the TCP connection was seen, whatever came before.</summary>
    public bool Ended { get; private set; }

    /// <summary>Whether the last record is an alert: type 21 in TLS 1.2, a record of exactly one encrypted alert in TLS 1.3.</summary>
    public bool LastIsAlert => FromServer.Count > 0 && FromServer[^1] is (21, _) or (23, 19);

    /// <summary>Whether ServerHello agreed to resume a session.</summary>
    public bool Resumed => TlsHello.Resumed(ClearHandshake);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0)
            return 0;
        if (_given == _record.Length && !await NextAsync(cancellationToken))
            return 0;
        int count = Math.Min(buffer.Length, _record.Length - _given);
        _record.AsMemory(_given, count).CopyTo(buffer);
        _given += count;
        return count;
    }

    private async Task<bool> NextAsync(CancellationToken cancellationToken)
    {
        int got = await inner.ReadAtLeastAsync(_header, 5, throwOnEndOfStream: false, cancellationToken);
        if (got < 5)
        {
            Ended = true;
            return Hand(_header.AsSpan(0, got).ToArray());
        }

        int type = _header[0];
        int length = (_header[3] << 8) | _header[4];
        if (type is < 20 or > 24)
            return Hand([.. _header]);
        byte[] body = new byte[length];
        int read = await inner.ReadAtLeastAsync(body, length, throwOnEndOfStream: false, cancellationToken);
        Ended = read < length;
        FromServer.Add((type, read));
        if (type == 22)
            ClearHandshake.Add(body);
        if (type == 21 && read == 2)
            ClearAlerts.Add(body[1]);
        return Hand([.. _header, .. body.AsSpan(0, read)]);
    }

    private bool Hand(byte[] octets)
    {
        _record = octets;
        _given = 0;
        return octets.Length > 0;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        => inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}

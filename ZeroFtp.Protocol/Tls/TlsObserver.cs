using System.Buffers.Binary;
using System.IO.Hashing;

namespace ZeroFtp.Protocol.Tls;

/// <summary>
/// Inspects the clear part of a TLS handshake and reports what SslStream does not: whether the handshake resumed a session and, for TLS 1.2, which one.
/// It buffers a few hundred bytes in practice (at most 64 KiB for each of records and messages, per direction) and stops once it has the answer
/// (RFC 8446 sections 4.1.3 and 4.2.11, RFC 5246 section 7.3, RFC 5077).
/// </summary>
internal sealed class TlsObserver
{
    private const int MaxBuffered = 64 * 1024;
    private const byte HandshakeRecord = 22, ChangeCipherSpecRecord = 20;
    private const byte ClientHello = 1, ServerHello = 2, NewSessionTicket = 4, Certificate = 11;
    private const ushort SessionTicketExtension = 35, PreSharedKeyExtension = 41, SupportedVersionsExtension = 43;

    private static ReadOnlySpan<byte> RetryRandom =>
    [
        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
        0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
    ];

    private readonly MessageCutter _client = new();
    private readonly MessageCutter _server = new();
    private bool _sawServerHello;
    private bool _isTls13;
    private ulong _serverSession;

    /// <summary>True if the handshake resumed a session; null while unknown.</summary>
    public bool? Resumed { get; private set; }

    /// <summary>A digest of the TLS 1.2 ticket that the client offered; 0 if it offered none.</summary>
    public ulong OfferedTicket { get; private set; }

    /// <summary>A digest of the session ID that the client offered; 0 if it offered none.</summary>
    public ulong OfferedSessionId { get; private set; }

    /// <summary>Digests of the TLS 1.2 sessions that this connection established: the ticket the server issued and the session ID it chose.</summary>
    public List<ulong> IssuedSessions { get; } = [];

    /// <summary>True if TLS 1.3 was negotiated. Its tickets are encrypted and cannot be distinguished here.</summary>
    public bool IsTls13 => _isTls13;

    /// <summary>Processes bytes sent by the client.</summary>
    public void FromClient(ReadOnlySpan<byte> bytes)
    {
        _client.Add(bytes);
        while (_client.TryNext(out byte record, out byte type, out ReadOnlySpan<byte> body))
        {
            if (record == ChangeCipherSpecRecord)
                _client.Stop();
            else if (type == ClientHello)
                ReadClientHello(body);
        }
    }

    /// <summary>Processes bytes sent by the server.</summary>
    public void FromServer(ReadOnlySpan<byte> bytes)
    {
        _server.Add(bytes);
        while (_server.TryNext(out byte record, out byte type, out ReadOnlySpan<byte> body))
        {
            if (record == ChangeCipherSpecRecord)
            {
                if (_sawServerHello && !_isTls13)
                    Resumed ??= true;
                _server.Stop();
            }
            else if (type == ServerHello)
            {
                ReadServerHello(body);
            }
            else if (type == NewSessionTicket && !_isTls13 && body.Length > 6)
            {
                IssuedSessions.Add(XxHash64.HashToUInt64(body[6..]));
            }
            else if (type == Certificate && !_isTls13)
            {
                Resumed ??= false;
                if (_serverSession != 0)
                    IssuedSessions.Add(_serverSession);
            }
        }
    }

    private void ReadClientHello(ReadOnlySpan<byte> body)
    {
        if (body.Length < 35)
            return;
        ReadOnlySpan<byte> rest = body[34..];
        if (!TryTake(ref rest, 1, out ReadOnlySpan<byte> sessionId))
            return;
        OfferedSessionId = sessionId.IsEmpty ? 0 : XxHash64.HashToUInt64(sessionId);
        if (!TryTake(ref rest, 2, out _) || !TryTake(ref rest, 1, out _) || !TryTake(ref rest, 2, out ReadOnlySpan<byte> extensions))
            return;
        while (TryExtension(ref extensions, out ushort type, out ReadOnlySpan<byte> value))
        {
            if (type == SessionTicketExtension && !value.IsEmpty)
                OfferedTicket = XxHash64.HashToUInt64(value);
        }
    }

    private void ReadServerHello(ReadOnlySpan<byte> body)
    {
        if (body.Length < 38 || body.Slice(2, 32).SequenceEqual(RetryRandom))
            return;
        _sawServerHello = true;
        ReadOnlySpan<byte> rest = body[34..];
        if (!TryTake(ref rest, 1, out ReadOnlySpan<byte> sessionId) || rest.Length < 3)
            return;
        rest = rest[3..];
        bool hasKey = false;
        if (TryTake(ref rest, 2, out ReadOnlySpan<byte> extensions))
        {
            while (TryExtension(ref extensions, out ushort type, out ReadOnlySpan<byte> value))
            {
                hasKey |= type == PreSharedKeyExtension;
                _isTls13 |= type == SupportedVersionsExtension && value.SequenceEqual((ReadOnlySpan<byte>)[3, 4]);
            }
        }
        if (_isTls13)
        {
            Resumed = hasKey;
            _server.Stop();
            _client.Stop();
        }
        else
        {
            _serverSession = sessionId.IsEmpty ? 0 : XxHash64.HashToUInt64(sessionId);
        }
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, int sizeBytes, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (rest.Length < sizeBytes)
            return false;
        int length = sizeBytes == 1 ? rest[0] : BinaryPrimitives.ReadUInt16BigEndian(rest);
        if (rest.Length < sizeBytes + length)
            return false;
        value = rest.Slice(sizeBytes, length);
        rest = rest[(sizeBytes + length)..];
        return true;
    }

    private static bool TryExtension(ref ReadOnlySpan<byte> rest, out ushort type, out ReadOnlySpan<byte> value)
    {
        type = 0;
        value = default;
        if (rest.Length < 4)
            return false;
        type = BinaryPrimitives.ReadUInt16BigEndian(rest);
        rest = rest[2..];
        return TryTake(ref rest, 2, out value);
    }

    /// <summary>Extracts handshake messages from clear-text TLS records, whatever the fragmentation.</summary>
    private sealed class MessageCutter
    {
        private byte[] _records = [];
        private int _length;
        private byte[] _messages = [];
        private int _messagesLength;
        private bool _stopped;

        public void Stop()
        {
            _stopped = true;
            _records = _messages = [];
            _length = _messagesLength = 0;
        }

        public void Add(ReadOnlySpan<byte> bytes)
        {
            if (_stopped)
                return;
            if (_length + bytes.Length > MaxBuffered)
            {
                Stop();
                return;
            }
            Append(ref _records, ref _length, bytes);
        }

        public bool TryNext(out byte record, out byte type, out ReadOnlySpan<byte> body)
        {
            record = type = 0;
            body = default;
            while (!_stopped)
            {
                if (_messagesLength >= 4)
                {
                    int length = (_messages[1] << 16) | (_messages[2] << 8) | _messages[3];
                    if (_messagesLength >= 4 + length)
                    {
                        record = HandshakeRecord;
                        type = _messages[0];
                        byte[] message = _messages.AsSpan(4, length).ToArray();
                        Remove(_messages, ref _messagesLength, 4 + length);
                        body = message;
                        return true;
                    }
                }
                if (_length < 5)
                    return false;
                int recordLength = BinaryPrimitives.ReadUInt16BigEndian(_records.AsSpan(3));
                if (_length < 5 + recordLength)
                    return false;
                record = _records[0];
                ReadOnlySpan<byte> payload = _records.AsSpan(5, recordLength);
                if (record == HandshakeRecord && _messagesLength + recordLength <= MaxBuffered)
                    Append(ref _messages, ref _messagesLength, payload);
                Remove(_records, ref _length, 5 + recordLength);
                if (record == HandshakeRecord)
                    continue;
                if (record == ChangeCipherSpecRecord)
                    return true;
                Stop();
            }
            return false;
        }

        private static void Append(ref byte[] buffer, ref int length, ReadOnlySpan<byte> bytes)
        {
            if (buffer.Length < length + bytes.Length)
                Array.Resize(ref buffer, Math.Max(length + bytes.Length, buffer.Length * 2));
            bytes.CopyTo(buffer.AsSpan(length));
            length += bytes.Length;
        }

        private static void Remove(byte[] buffer, ref int length, int count)
        {
            buffer.AsSpan(count, length - count).CopyTo(buffer);
            length -= count;
        }
    }
}

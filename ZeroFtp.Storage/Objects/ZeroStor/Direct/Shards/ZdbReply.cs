using System.Buffers;
using System.Globalization;
using System.Text;

namespace ZeroFtp.Storage.Objects.ZeroStor.Direct.Shards;

/// <summary>What kind of reply came.</summary>
internal enum ZdbReplyKind
{
    Status,
    Error,
    Integer,
    Bulk,
    Nil,
    Array,
}

/// <summary>One reply in the Redis protocol. It owns the memory of a long value until it is disposed or its memory is taken.</summary>
internal sealed class ZdbReply : IDisposable
{
    private byte[]? _rented;

    private ZdbReply(ZdbReplyKind kind, ReadOnlyMemory<byte> value, byte[]? rented, IReadOnlyList<ZdbReply> items) =>
        (Kind, Value, _rented, Items) = (kind, value, rented, items);

    public static ZdbReply Nil { get; } = new(ZdbReplyKind.Nil, default, null, []);

    public ZdbReplyKind Kind { get; }

    /// <summary>The bytes of a status, an error, an integer or a bulk string. Valid until the reply is disposed.</summary>
    public ReadOnlyMemory<byte> Value { get; }

    /// <summary>The items of an array.</summary>
    public IReadOnlyList<ZdbReply> Items { get; }

    public string Text => Encoding.UTF8.GetString(Value.Span);

    /// <exception cref="FormatException">The reply is no integer.</exception>
    public long Integer =>
        Kind is ZdbReplyKind.Integer ? long.Parse(Value.Span, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
        : throw new FormatException($"{Kind} is no integer.");

    public static ZdbReply Of(ZdbReplyKind kind, ReadOnlySpan<byte> line) => new(kind, line.ToArray(), null, []);

    public static ZdbReply OfBulk(byte[] rented, int length) => new(ZdbReplyKind.Bulk, rented.AsMemory(0, length), rented, []);

    public static ZdbReply OfArray(IReadOnlyList<ZdbReply> items) => new(ZdbReplyKind.Array, default, null, items);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _rented, null) is { } owned)
            ArrayPool<byte>.Shared.Return(owned);
        foreach (ZdbReply item in Items)
            item.Dispose();
    }
}

using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace ZeroFtp.Protocol.Driver;

/// <summary>
/// A canonical absolute path in the tree of a session. It begins with <c>/</c> and has no empty, <c>.</c> or <c>..</c> component
/// and no trailing slash (RFC 3659 section 6).
/// </summary>
/// <remarks>
/// Components are case-sensitive, use the mapping of <see cref="FtpText"/> and may contain any character except <c>/</c> and NUL.
/// The default value is the root. A path can never leave the root: <c>..</c> above it stays there.
/// </remarks>
public readonly struct FtpPath : IEquatable<FtpPath>
{
    private const int StackLimit = 256;
    private readonly string? _text;

    private FtpPath(string text) => _text = text;

    /// <summary>The root, <c>/</c>.</summary>
    public static FtpPath Root => default;

    /// <summary>The whole path, for example <c>/docs/a.txt</c>.</summary>
    public string Text => _text ?? "/";

    /// <summary>True for the root.</summary>
    public bool IsRoot => _text is null;

    /// <summary>The last component; empty for the root.</summary>
    public string Name => _text is null ? "" : _text[(_text.LastIndexOf('/') + 1)..];

    /// <summary>The directory that holds this path's last component; the root for the root.</summary>
    public FtpPath Parent
    {
        get
        {
            int cut = _text is null ? 0 : _text.LastIndexOf('/');
            return cut <= 0 ? Root : new FtpPath(_text![..cut]);
        }
    }

    /// <summary>The components from the root down.</summary>
    public IEnumerable<string> Components => _text is null ? [] : _text[1..].Split('/');

    /// <summary>The path of the entry <paramref name="name"/> in this directory.</summary>
    /// <exception cref="ArgumentException">The name is empty, <c>.</c>, <c>..</c>, or contains <c>/</c> or NUL.</exception>
    public FtpPath Append(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name is "." or ".." || name.AsSpan().IndexOfAny('/', '\0') >= 0)
            throw new ArgumentException("A component must be a plain name.", nameof(name));
        return new FtpPath(string.Concat(_text, "/", name));
    }

    /// <summary>Resolves a pathname as a client wrote it, absolute or relative to this directory. Repeated slashes and a trailing slash are ignored.</summary>
    /// <returns>False if the pathname is empty or contains NUL.</returns>
    public bool TryResolve(ReadOnlySpan<char> pathname, out FtpPath path)
    {
        path = default;
        if (pathname.IsEmpty || pathname.Contains('\0'))
            return false;
        int length = pathname[0] == '/' || _text is null ? 0 : _text.Length;
        int capacity = length + pathname.Length + 1;
        char[]? rented = capacity > StackLimit ? ArrayPool<char>.Shared.Rent(capacity) : null;
        Span<char> buffer = rented ?? stackalloc char[StackLimit];
        _text.AsSpan(0, length).CopyTo(buffer);
        foreach (Range range in pathname.Split('/'))
        {
            ReadOnlySpan<char> part = pathname[range];
            if (part.IsEmpty || part is ".")
                continue;
            if (part is "..")
            {
                length = Math.Max(0, buffer[..length].LastIndexOf('/'));
                continue;
            }
            buffer[length] = '/';
            part.CopyTo(buffer[(length + 1)..]);
            length += part.Length + 1;
        }
        if (length > 0)
            path = buffer[..length].SequenceEqual(_text) ? this : new FtpPath(buffer[..length].ToString());
        if (rented is not null)
            ArrayPool<char>.Shared.Return(rented);
        return true;
    }

    /// <summary>
    /// True when a pathname, as a client wrote it, can only mean a directory: it ends in a slash or in a <c>.</c> or <c>..</c> component.
    /// Such a pathname must not name a file.
    /// </summary>
    public static bool MeansDirectory(ReadOnlySpan<char> pathname)
    {
        ReadOnlySpan<char> last = pathname[(pathname.LastIndexOf('/') + 1)..];
        return last is "." or ".." || (last.IsEmpty && !pathname.IsEmpty);
    }

    /// <summary>Resolves an absolute pathname, for tests and configuration.</summary>
    /// <exception cref="ArgumentException">The pathname is empty or contains NUL.</exception>
    public static FtpPath Parse(string pathname)
    {
        ArgumentNullException.ThrowIfNull(pathname);
        return Root.TryResolve(pathname, out FtpPath path) ? path : throw new ArgumentException("Not a pathname.", nameof(pathname));
    }

    /// <summary>True when this path is <paramref name="directory"/> itself or lies below it.</summary>
    public bool IsWithin(FtpPath directory) =>
        directory._text is null || (_text is not null && _text.StartsWith(directory._text, StringComparison.Ordinal)
            && (_text.Length == directory._text.Length || _text[directory._text.Length] == '/'));

    /// <inheritdoc/>
    public bool Equals(FtpPath other) => string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is FtpPath other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _text is null ? 0 : string.GetHashCode(_text, StringComparison.Ordinal);

    /// <summary>The same as <see cref="Text"/>.</summary>
    public override string ToString() => Text;

    /// <summary>True when both are the same path.</summary>
    public static bool operator ==(FtpPath left, FtpPath right) => left.Equals(right);

    /// <summary>True when the paths differ.</summary>
    public static bool operator !=(FtpPath left, FtpPath right) => !left.Equals(right);
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace ZeroFtp.Storage.Objects.Local;

/// <summary>
/// The references of local objects: <c>DDD/NNNNNNNNNNNNNNNN</c>, a fan-out directory and the object's id, both in hexadecimal digits; also the path below the objects' root.
/// </summary>
/// <remarks>
/// Ids are reserved in blocks of 1,024, and the objects of one block lie together in one of 1,024 directories. So a directory holds few entries, and objects written at the same time share one, which lets one
/// sync of the directory serve them all.
/// </remarks>
internal sealed partial class ObjectNames(string root)
{
    private const int BlockBits = 10;
    private const int DirectoryMask = (1 << 10) - 1;

    public string Root => root;

    public static string ReferenceOf(long id) => string.Create(CultureInfo.InvariantCulture, $"{(id >> BlockBits) & DirectoryMask:x3}/{id:x16}");

    /// <summary>The path of the object's file.</summary>
    /// <exception cref="ArgumentException">It is not a reference of this kind: it came from somewhere else and must not become a path.</exception>
    public string PathOf(string reference) =>
        TryGetId(reference, out _) ? Path.Combine(root, reference) : throw new ArgumentException("Not a reference of a local object.", nameof(reference));

    public string DirectoryOf(string reference) => Path.GetDirectoryName(PathOf(reference))!;

    public static bool IsDirectoryName(string name) => DirectoryPattern().IsMatch(name);

    /// <summary>The id in a reference; false if that is not what <see cref="ReferenceOf"/> makes of any.</summary>
    public static bool TryGetId(string reference, out long id) =>
        long.TryParse(reference.AsSpan(Math.Min(4, reference.Length)), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out id)
        && string.Equals(reference, ReferenceOf(id), StringComparison.Ordinal);

    [GeneratedRegex("^[0-3][0-9a-f]{2}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex DirectoryPattern();
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace ZeroFtp.Storage.Objects.Local;

/// <summary>
/// The references of local objects, which are also their paths below the root: <c>DDD/NNNNNNNNNNNNNNNN</c>, a fan-out directory and the object's id, both in
/// hexadecimal digits.
/// </summary>
/// <remarks>
/// Ids are reserved in blocks of 1,024, and the objects of one block are in the same one of 1,024 directories. So each directory has few entries, and objects
/// written at the same time share a directory, which one sync makes durable for all of them.
/// </remarks>
internal sealed partial class ObjectNames(string root)
{
    private const int BlockBits = 10;
    private const int DirectoryMask = (1 << 10) - 1;

    public string Root => root;

    public static string ReferenceOf(long id) => string.Create(CultureInfo.InvariantCulture, $"{(id >> BlockBits) & DirectoryMask:x3}/{id:x16}");

    /// <summary>Returns the path of the object's file.</summary>
    /// <exception cref="ArgumentException">The text is not a reference of this kind: it came from elsewhere and must not become a path.</exception>
    public string PathOf(string reference) =>
        TryGetId(reference, out _) ? Path.Combine(root, reference) : throw new ArgumentException("Not a reference of a local object.", nameof(reference));

    public string DirectoryOf(string reference) => Path.GetDirectoryName(PathOf(reference))!;

    public static bool IsDirectoryName(string name) => DirectoryPattern().IsMatch(name);

    /// <summary>Gets the id from a reference. Returns false for a text that <see cref="ReferenceOf"/> never returns.</summary>
    public static bool TryGetId(string reference, out long id) =>
        long.TryParse(reference.AsSpan(Math.Min(4, reference.Length)), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out id)
        && string.Equals(reference, ReferenceOf(id), StringComparison.Ordinal);

    [GeneratedRegex("^[0-3][0-9a-f]{2}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex DirectoryPattern();
}

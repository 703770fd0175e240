using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace ZeroFtp.Storage.Objects.Local;

/// <summary>
/// The references of local objects: <c>DDD/NNNNNNNNNNNNNNNN</c>, a fan-out directory and a random number, both in hexadecimal digits; also the path below the objects' root.
/// </summary>
/// <remarks>
/// Directories are filled one after the other, 512 objects each, and then from the first again. So a directory holds few entries, and objects written at the same time lie together, which lets one sync of the
/// directory serve them all.
/// </remarks>
internal sealed partial class ObjectNames(string root)
{
    public const int Directories = 1024;
    private const int PerVisit = 512;
    private long _count = (long)RandomNumberGenerator.GetInt32(Directories) * PerVisit;

    public string Root => root;

    public string Next()
    {
        long directory = Interlocked.Increment(ref _count) / PerVisit % Directories;
        Span<byte> random = stackalloc byte[8];
        RandomNumberGenerator.Fill(random);
        return string.Create(CultureInfo.InvariantCulture, $"{directory:x3}/{BitConverter.ToUInt64(random):x16}");
    }

    /// <summary>The path of the object's file.</summary>
    /// <exception cref="ArgumentException">It is not a reference of this kind: it came from somewhere else and must not become a path.</exception>
    public string PathOf(string reference) =>
        Pattern().IsMatch(reference) ? Path.Combine(root, reference) : throw new ArgumentException("Not a reference of a local object.", nameof(reference));

    public string DirectoryOf(string reference) => Path.GetDirectoryName(PathOf(reference))!;

    public static bool IsDirectoryName(string name) => DirectoryPattern().IsMatch(name);

    public static bool IsReference(string reference) => Pattern().IsMatch(reference);

    [GeneratedRegex("^[0-3][0-9a-f]{2}/[0-9a-f]{16}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();

    [GeneratedRegex("^[0-3][0-9a-f]{2}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex DirectoryPattern();
}

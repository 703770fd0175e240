namespace ZeroFtp.Conformance.Fixture;

/// <summary>The parts of the fixture tree that not every server lets a client make.</summary>
internal enum FixturePart
{
    /// <summary>The directories and plain files with ordinary names.</summary>
    Files,

    /// <summary>Modification time of docs/a.txt: 2020-01-02 03:04:05 UTC.</summary>
    Times,

    /// <summary>Names with spaces at their ends, quotes, asterisks, a leading hyphen or dot.</summary>
    OddNames,

    /// <summary>docs/ünï.txt in UTF-8.</summary>
    Utf8Name,

    /// <summary>link, dlink and broken.</summary>
    Links,

    /// <summary>ro.txt cannot be written, noread.txt cannot be read.</summary>
    Permissions,

    /// <summary>The scratch directory up/.</summary>
    Scratch,
}

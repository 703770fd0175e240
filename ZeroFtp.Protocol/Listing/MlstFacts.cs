namespace ZeroFtp.Protocol.Listing;

/// <summary>The facts of MLST and MLSD, in the order in which they are written.</summary>
[Flags]
internal enum MlstFacts
{
    None = 0,
    Type = 1 << 0,
    Size = 1 << 1,
    Modify = 1 << 2,
    Create = 1 << 3,
    Perm = 1 << 4,
    Unique = 1 << 5,
    MediaType = 1 << 6,
    UnixMode = 1 << 7,
    UnixOwner = 1 << 8,
    UnixGroup = 1 << 9,
    UnixUid = 1 << 10,
    UnixGid = 1 << 11,
    UnixOwnerName = 1 << 12,
    UnixGroupName = 1 << 13,
}

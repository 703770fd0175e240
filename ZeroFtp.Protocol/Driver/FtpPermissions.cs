namespace ZeroFtp.Protocol.Driver;

/// <summary>What a user may do, for the whole session (<see cref="LoginResult.Accepted"/>) or for one entry (<see cref="FtpEntry.Permissions"/>).</summary>
[Flags]
public enum FtpPermissions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>List directories. (Any right at all is enough to enter one.)</summary>
    List = 1 << 0,

    /// <summary>Read files.</summary>
    Read = 1 << 1,

    /// <summary>Create files and replace their content.</summary>
    Write = 1 << 2,

    /// <summary>Append to files.</summary>
    Append = 1 << 3,

    /// <summary>Delete files and directories.</summary>
    Delete = 1 << 4,

    /// <summary>Rename and move.</summary>
    Rename = 1 << 5,

    /// <summary>Create directories.</summary>
    MakeDirectory = 1 << 6,

    /// <summary>Change times, modes and other facts.</summary>
    ChangeFacts = 1 << 7,

    /// <summary>What a user needs who only fetches.</summary>
    ReadOnly = List | Read,

    /// <summary>Everything.</summary>
    All = List | Read | Write | Append | Delete | Rename | MakeDirectory | ChangeFacts,
}

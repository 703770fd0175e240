using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Memory;

/// <summary>
/// Files, directories and symbolic links in memory, for tests and as a sample of a store. One tree serves any number of <see cref="MemoryDriver"/>s at the same time; what it holds is lost with it.
/// </summary>
/// <remarks>Contents never change in place, so that a reader keeps the state it opened and a writer publishes its state at once. All members are safe to use from any thread.</remarks>
public sealed class MemoryTree
{
    private const int MaxLinks = 40;
    private const int MaxNameLength = 255;
    private const int DirectoryMode = 0b111_101_101;
    private const int FileMode = 0b110_100_100;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, (long Bytes, long Files)> _usage = new(StringComparer.Ordinal);
    private long _lastId;
    private long _usedBytes;

    /// <summary>Makes a tree that holds nothing but its root.</summary>
    /// <param name="timeProvider">The clock for modification times; null takes the system's.</param>
    public MemoryTree(TimeProvider? timeProvider = null)
    {
        _time = timeProvider ?? TimeProvider.System;
        Root = MemoryDriverNode.Directory(++_lastId, Now, DirectoryMode, null);
    }

    /// <summary>How many octets all files together may have (452 beyond that); null for no limit but the memory.</summary>
    public long? Capacity { get; init; }

    /// <summary>Whether an interrupted upload leaves what arrived, so that the client can go on from there.</summary>
    public bool KeepsPartialFiles { get; init; } = true;

    /// <summary>The octets of all files together.</summary>
    public long UsedBytes => Interlocked.Read(ref _usedBytes);

    internal Lock Gate { get; } = new();

    internal MemoryDriverNode Root { get; }

    internal DateTime Now => _time.GetUtcNow().UtcDateTime;

    /// <summary>Makes a directory and all that are missing above it.</summary>
    /// <param name="path">An absolute pathname.</param>
    /// <param name="mode">Unix permission bits; the owner's bits hold for every user.</param>
    public void AddDirectory(string path, int mode = DirectoryMode)
    {
        lock (Gate)
        {
            MemoryDriverNode directory = MakeDirectories(FtpPath.Parse(path));
            directory.Mode = mode;
            directory.Touch();
        }
    }

    /// <summary>Stores a file, and makes the directories that are missing above it. A file of that name is replaced.</summary>
    /// <param name="path">An absolute pathname.</param>
    /// <param name="content">Its octets, which are copied.</param>
    /// <param name="modifiedUtc">Its modification time, UTC; null takes the present.</param>
    /// <param name="mode">Unix permission bits; the owner's bits hold for every user.</param>
    public void AddFile(string path, ReadOnlySpan<byte> content, DateTime? modifiedUtc = null, int mode = FileMode)
    {
        FtpPath parsed = FtpPath.Parse(path);
        MemoryDriverContent octets = MemoryDriverContent.Of(content.ToArray());
        lock (Gate)
        {
            MemoryDriverNode file = AddNode(MakeDirectories(parsed.Parent), parsed.Name, MemoryDriverNode.File(++_lastId, Now, mode, null));
            SetContent(file, octets, isPartial: false);
            file.ModifiedUtc = modifiedUtc ?? Now;
        }
    }

    /// <summary>Makes a symbolic link.</summary>
    /// <param name="path">An absolute pathname.</param>
    /// <param name="target">What it names, absolute or relative to the directory of the link; it need not exist.</param>
    public void AddLink(string path, string target)
    {
        FtpPath parsed = FtpPath.Parse(path);
        lock (Gate)
            AddNode(MakeDirectories(parsed.Parent), parsed.Name, MemoryDriverNode.Link(++_lastId, Now, target, null));
    }

    /// <summary>A copy of a file's octets, or null if there is no such file.</summary>
    /// <param name="path">An absolute pathname. Symbolic links are followed.</param>
    public byte[]? ReadFile(string path)
    {
        lock (Gate)
            return Find(Root, FtpPath.Parse(path), followLast: true) is { IsDirectory: false } file ? file.Content.ToArray() : null;
    }

    /// <summary>The node at the path below <paramref name="root"/>, or null. Links in the middle are followed, and the last one too if asked for; none leads out of the root.</summary>
    internal static MemoryDriverNode? Find(MemoryDriverNode root, FtpPath path, bool followLast)
    {
        for (int links = 0; links < MaxLinks; links++)
        {
            MemoryDriverNode? node = root;
            FtpPath at = FtpPath.Root;
            FtpPath? next = null;
            foreach (string name in path.Components)
            {
                if (next is not null)
                {
                    next = next.Value.Append(name);
                    continue;
                }
                if (node?.Members is null || !node.Members.TryGetValue(name, out node))
                    return null;
                FtpPath directory = at;
                at = at.Append(name);
                if (node.Target is null || (at == path && !followLast))
                    continue;
                if (!directory.TryResolve(node.Target, out FtpPath target))
                    return null;
                next = target;
            }
            if (next is null)
                return node;
            path = next.Value;
        }
        return null;
    }

    /// <summary>The directory that holds the path's last component.</summary>
    internal static MemoryDriverNode FindParent(MemoryDriverNode root, FtpPath path)
    {
        if (path.IsRoot)
            throw new FtpDriverException(FtpError.PermissionDenied, "The root has no parent.");
        MemoryDriverNode parent = Find(root, path.Parent, followLast: true) ?? throw new FtpDriverException(FtpError.NotFound);
        return parent.IsDirectory ? parent : throw new FtpDriverException(FtpError.NotADirectory);
    }

    /// <summary>The entry of a node as a session sees it, its link followed.</summary>
    internal static FtpEntry ToEntry(MemoryDriverNode root, MemoryDriverNode node, FtpPath path)
    {
        if (!node.IsLink)
            return path.IsRoot ? node.ToEntry() with { Name = "" } : node.ToEntry();
        FtpEntry? target = Find(root, path, followLast: true)?.ToEntry();
        return target is null
            ? new FtpEntry { Name = node.Name, Kind = FtpEntryKind.DanglingLink, LinkTarget = node.Target, ModifiedUtc = node.ModifiedUtc, Mode = node.Mode, Owner = node.Owner }
            : target with { Name = node.Name, LinkTarget = node.Target };
    }

    internal MemoryDriverNode NewFile(int mode, string? owner) => MemoryDriverNode.File(++_lastId, Now, mode, owner);

    internal MemoryDriverNode NewDirectory(int mode, string? owner) => MemoryDriverNode.Directory(++_lastId, Now, mode, owner);

    internal MemoryDriverNode NewLink(string target, string? owner) => MemoryDriverNode.Link(++_lastId, Now, target, owner);

    internal static void CheckName(string name)
    {
        if (FtpText.GetByteCount(name) > MaxNameLength)
            throw new FtpDriverException(FtpError.NameNotAllowed, "The name is too long.");
    }

    /// <summary>Puts a node into a directory; whatever has its name there goes.</summary>
    internal MemoryDriverNode AddNode(MemoryDriverNode directory, string name, MemoryDriverNode node)
    {
        CheckName(name);
        if (directory.Members!.TryGetValue(name, out MemoryDriverNode? old))
            Remove(old);
        node.Name = name;
        node.Parent = directory;
        directory.Members.Add(name, node);
        Count(node.Owner, node.Content.Length, node.IsDirectory || node.IsLink ? 0 : 1);
        ChangeMembers(directory);
        node.Touch();
        return node;
    }

    /// <summary>Takes a node and all that is below it out of the tree.</summary>
    internal void Remove(MemoryDriverNode node)
    {
        foreach (MemoryDriverNode member in node.Members?.Values.ToArray() ?? [])
            Remove(member);
        Detach(node);
    }

    internal void Move(MemoryDriverNode node, MemoryDriverNode directory, string name)
    {
        CheckName(name);
        Detach(node);
        AddNode(directory, name, node);
    }

    internal void SetContent(MemoryDriverNode file, MemoryDriverContent content, bool isPartial)
    {
        Count(file.Owner, content.Length - file.Content.Length, 0);
        file.Content = content;
        file.IsPartial = isPartial;
        file.ModifiedUtc = Now;
        file.Touch();
    }

    /// <summary>What the files of an owner come to.</summary>
    internal (long Bytes, long Files) UsageOf(string owner)
    {
        lock (Gate)
            return _usage.GetValueOrDefault(owner);
    }

    private void Detach(MemoryDriverNode node)
    {
        MemoryDriverNode directory = node.Parent!;
        directory.Members!.Remove(node.Name);
        Count(node.Owner, -node.Content.Length, node.IsDirectory || node.IsLink ? 0 : -1);
        ChangeMembers(directory);
    }

    private void ChangeMembers(MemoryDriverNode directory)
    {
        directory.ModifiedUtc = Now;
        directory.Listed = null;
        directory.Touch();
    }

    private void Count(string? owner, long bytes, int files)
    {
        Interlocked.Add(ref _usedBytes, bytes);
        if (owner is null)
            return;
        (long usedBytes, long usedFiles) = _usage.GetValueOrDefault(owner);
        _usage[owner] = (usedBytes + bytes, usedFiles + files);
    }

    private MemoryDriverNode MakeDirectories(FtpPath path)
    {
        MemoryDriverNode directory = Root;
        foreach (string name in path.Components)
        {
            if (!directory.Members!.TryGetValue(name, out MemoryDriverNode? member))
                member = AddNode(directory, name, NewDirectory(DirectoryMode, null));
            if (!member.IsDirectory)
                throw new FtpDriverException(FtpError.NotADirectory);
            directory = member;
        }
        return directory;
    }
}

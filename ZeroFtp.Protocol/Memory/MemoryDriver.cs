using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Memory;

/// <summary>What one user sees of a <see cref="MemoryTree"/>. It is complete: uploads are published at once, interrupted ones leave partial files, and every optional power but hashing is there.</summary>
public sealed class MemoryDriver : IClientHandlingDriver, IFactChanging, ISymbolicLinking, ISpaceReporting, IQuotaReporting, ICopying, ICombining, ITreeRemoving
{
    private readonly MemoryDriverNode _root;

    /// <summary>Makes a driver for one session.</summary>
    /// <param name="tree">The tree, which may be shared.</param>
    /// <param name="user">The owner of what the session creates; null for none.</param>
    /// <param name="root">The directory that the session sees as its root; it must exist.</param>
    /// <param name="quotaBytes">How many octets the user's files may have together (552 beyond that); null for no limit.</param>
    /// <exception cref="FtpDriverException">The root does not exist (NotFound).</exception>
    public MemoryDriver(MemoryTree tree, string? user = null, FtpPath root = default, long? quotaBytes = null)
    {
        ArgumentNullException.ThrowIfNull(tree);
        Tree = tree;
        User = user;
        QuotaBytes = quotaBytes;
        lock (tree.Gate)
            _root = MemoryTree.Find(tree.Root, root, followLast: true) is { IsDirectory: true } node ? node : throw new FtpDriverException(FtpError.NotFound);
    }

    /// <inheritdoc/>
    public ChangeableFacts Changeable => ChangeableFacts.Modified | ChangeableFacts.Created | ChangeableFacts.Mode;

    internal MemoryTree Tree { get; }

    private string? User { get; }

    private long? QuotaBytes { get; }

    /// <inheritdoc/>
    public ValueTask<FtpEntry?> GetFileInfoAsync(FtpPath path, CancellationToken cancellationToken)
    {
        lock (Tree.Gate)
        {
            MemoryDriverNode? node = MemoryTree.Find(_root, path, followLast: false);
            return ValueTask.FromResult(node is null ? null : MemoryTree.ToEntry(_root, node, path));
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<FtpEntry> ListFilesAsync(FtpPath directory, CancellationToken cancellationToken) => new MemoryDriverListing(() => List(directory));

    /// <inheritdoc/>
    public ValueTask<IDownload> OpenReadAsync(FtpPath path, long offset, CancellationToken cancellationToken)
    {
        lock (Tree.Gate)
        {
            MemoryDriverNode file = FindFile(path);
            Demand(file, 0b100_000_000);
            return offset <= file.Content.Length
                ? ValueTask.FromResult<IDownload>(new MemoryDriverDownload(file.Content, offset))
                : throw new FtpDriverException(FtpError.InvalidOffset);
        }
    }

    /// <inheritdoc/>
    public ValueTask CheckWriteAsync(UploadRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (Tree.Gate)
            FindForWriting(request);
        CheckRoom(request.ExpectedLength ?? 0);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IUpload> OpenWriteAsync(UploadRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (Tree.Gate)
            FindForWriting(request);
        return ValueTask.FromResult<IUpload>(new MemoryDriverUpload(this, request));
    }

    /// <inheritdoc/>
    public ValueTask MakeDirectoryAsync(FtpPath path, int mode, CancellationToken cancellationToken)
    {
        lock (Tree.Gate)
            Create(path, Tree.NewDirectory(mode, User));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask RemoveDirectoryAsync(FtpPath path, CancellationToken cancellationToken)
    {
        lock (Tree.Gate)
        {
            MemoryDriverNode node = FindMovable(path);
            if (!node.IsDirectory && !node.IsLink)
                throw new FtpDriverException(FtpError.NotADirectory);
            if (node.Members?.Count > 0)
                throw new FtpDriverException(FtpError.NotEmpty);
            Tree.Remove(node);
        }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask RemoveTreeAsync(FtpPath directory, CancellationToken cancellationToken)
    {
        lock (Tree.Gate)
        {
            MemoryDriverNode node = FindMovable(directory);
            Tree.Remove(node.IsDirectory ? node : throw new FtpDriverException(FtpError.NotADirectory));
        }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DeleteFileAsync(FtpPath path, CancellationToken cancellationToken)
    {
        lock (Tree.Gate)
        {
            MemoryDriverNode node = FindMovable(path);
            Tree.Remove(node.IsDirectory ? throw new FtpDriverException(FtpError.IsADirectory) : node);
        }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask RenameAsync(FtpPath from, FtpPath to, CancellationToken cancellationToken)
    {
        lock (Tree.Gate)
        {
            MemoryDriverNode node = FindMovable(from);
            MemoryDriverNode directory = MemoryTree.FindParent(_root, to);
            Demand(directory, 0b010_000_000);
            if (directory.IsWithin(node))
                throw new FtpDriverException(FtpError.NameNotAllowed, "A directory cannot move into itself.");
            MemoryDriverNode? old = directory.Members!.GetValueOrDefault(to.Name);
            if (old == node)
                return ValueTask.CompletedTask;
            if (old is { IsDirectory: true })
                throw new FtpDriverException(FtpError.IsADirectory);
            if (old is not null && node.IsDirectory)
                throw new FtpDriverException(FtpError.AlreadyExists);
            Tree.Move(node, directory, to.Name);
        }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<AllocationAnswer> CanAllocateAsync(long length, CancellationToken cancellationToken)
    {
        if (QuotaBytes - UsedByUser < length)
            return ValueTask.FromResult(AllocationAnswer.QuotaExceeded);
        return ValueTask.FromResult(Tree.Capacity - Tree.UsedBytes < length ? AllocationAnswer.InsufficientStorage : AllocationAnswer.Available);
    }

    /// <inheritdoc/>
    public ValueTask<long> GetAvailableBytesAsync(FtpPath directory, CancellationToken cancellationToken)
    {
        lock (Tree.Gate)
        {
            if (!(MemoryTree.Find(_root, directory, followLast: true) ?? throw new FtpDriverException(FtpError.NotFound)).IsDirectory)
                throw new FtpDriverException(FtpError.NotADirectory);
        }
        long free = (Tree.Capacity ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes) - Tree.UsedBytes;
        return ValueTask.FromResult(Math.Max(0, Math.Min(free, (QuotaBytes - UsedByUser) ?? long.MaxValue)));
    }

    /// <inheritdoc/>
    public ValueTask<QuotaReport?> GetQuotaAsync(CancellationToken cancellationToken)
    {
        (long bytes, long files) = User is null ? (Tree.UsedBytes, 0) : Tree.UsageOf(User);
        return ValueTask.FromResult(QuotaBytes is null ? null : new QuotaReport(bytes, QuotaBytes, files, null));
    }

    /// <inheritdoc/>
    public ValueTask<FtpEntry> ChangeFactsAsync(FtpPath path, FactChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (Tree.Gate)
        {
            MemoryDriverNode node = MemoryTree.Find(_root, path, followLast: true) ?? throw new FtpDriverException(FtpError.NotFound);
            node.ModifiedUtc = change.ModifiedUtc ?? node.ModifiedUtc;
            node.CreatedUtc = change.CreatedUtc ?? node.CreatedUtc;
            node.Mode = change.Mode ?? node.Mode;
            node.Touch();
            return ValueTask.FromResult(MemoryTree.ToEntry(_root, node, path));
        }
    }

    /// <inheritdoc/>
    public ValueTask CreateSymbolicLinkAsync(FtpPath link, string target, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        lock (Tree.Gate)
            Create(link, Tree.NewLink(target, User));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask CopyAsync(FtpPath from, FtpPath to, CancellationToken cancellationToken)
    {
        lock (Tree.Gate)
        {
            MemoryDriverNode source = FindFile(from);
            Demand(source, 0b100_000_000);
            UploadRequest request = new() { Path = to, Mode = UploadMode.Replace, FileMode = source.Mode };
            MemoryDriverNode? target = FindForWriting(request);
            CheckRoom(source.Content.Length - (target?.Content.Length ?? 0));
            Publish(request, target, source.Content, isPartial: false);
        }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask CombineAsync(FtpPath target, IReadOnlyList<FtpPath> parts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parts);
        lock (Tree.Gate)
        {
            UploadRequest request = new() { Path = target, Mode = UploadMode.Append };
            MemoryDriverNode? file = FindForWriting(request);
            MemoryDriverContent content = file?.Content ?? MemoryDriverContent.Empty;
            List<MemoryDriverNode> nodes = [.. parts.Select(FindFile)];
            if (nodes.Distinct().Count() != nodes.Count || nodes.Contains(file!))
                throw new FtpDriverException(FtpError.NotPossible, "A file can be combined once only, and not with itself.");
            content = nodes.Aggregate(content, (whole, part) => whole.Concat(part.Content));
            Publish(request, file, content, isPartial: false);
            nodes.ForEach(Tree.Remove);
        }
        return ValueTask.CompletedTask;
    }

    /// <summary>Refuses when there is no room for so many octets more.</summary>
    internal void CheckRoom(long more)
    {
        if (more > 0 && QuotaBytes - UsedByUser < more)
            throw new FtpDriverException(FtpError.QuotaExceeded);
        if (more > 0 && Tree.Capacity - Tree.UsedBytes < more)
            throw new FtpDriverException(FtpError.InsufficientStorage);
    }

    /// <summary>The file that a request would write to, links followed; null if it is to be created. Throws whatever stands against it.</summary>
    internal MemoryDriverNode? FindForWriting(UploadRequest request)
    {
        if (request.Path.IsRoot)
            throw new FtpDriverException(FtpError.IsADirectory);
        MemoryDriverNode parent = MemoryTree.FindParent(_root, request.Path);
        MemoryTree.CheckName(request.Path.Name);
        MemoryDriverNode? node = MemoryTree.Find(_root, request.Path, followLast: true);
        bool isTaken = parent.Members!.ContainsKey(request.Path.Name);
        if (node is { IsDirectory: true })
            throw new FtpDriverException(FtpError.IsADirectory);
        if (isTaken && request.Mode == UploadMode.CreateNew)
            throw new FtpDriverException(FtpError.AlreadyExists);
        if (isTaken && node is null)
            throw new FtpDriverException(FtpError.NotFound, "The link points nowhere.");
        Demand(node ?? parent, 0b010_000_000);
        if (request.Mode == UploadMode.Overwrite && request.Offset > (node?.Content.Length ?? 0))
            throw new FtpDriverException(FtpError.InvalidOffset);
        return node;
    }

    /// <summary>Shows a new content at the path of the request.</summary>
    internal FtpEntry Publish(UploadRequest request, MemoryDriverNode? file, MemoryDriverContent content, bool isPartial)
    {
        file ??= Tree.AddNode(MemoryTree.FindParent(_root, request.Path), request.Path.Name, Tree.NewFile(request.FileMode, User));
        Tree.SetContent(file, content, isPartial);
        return file.ToEntry();
    }

    private long UsedByUser => User is null ? Tree.UsedBytes : Tree.UsageOf(User).Bytes;

    private static void Demand(MemoryDriverNode node, int bit)
    {
        if ((node.Mode & bit) == 0)
            throw new FtpDriverException(FtpError.PermissionDenied);
    }

    private FtpEntry[] List(FtpPath path)
    {
        lock (Tree.Gate)
        {
            MemoryDriverNode directory = MemoryTree.Find(_root, path, followLast: true) ?? throw new FtpDriverException(FtpError.NotFound);
            if (!directory.IsDirectory)
                throw new FtpDriverException(FtpError.NotADirectory);
            Demand(directory, 0b100_000_000);
            if (directory.Listed is FtpEntry[] listed)
                return listed;
            FtpEntry[] entries = [.. directory.Members!.Values.Select(member => MemoryTree.ToEntry(_root, member, path.Append(member.Name)))];

            // What a link shows depends on other directories and on the session's root.
            if (!directory.Members.Values.Any(member => member.IsLink))
                directory.Listed = entries;
            return entries;
        }
    }

    private MemoryDriverNode FindFile(FtpPath path)
    {
        MemoryDriverNode node = MemoryTree.Find(_root, path, followLast: true) ?? throw new FtpDriverException(FtpError.NotFound);
        return node.IsDirectory ? throw new FtpDriverException(FtpError.IsADirectory) : node;
    }

    /// <summary>A node that is to leave its directory; a link itself, never its target.</summary>
    private MemoryDriverNode FindMovable(FtpPath path)
    {
        Demand(MemoryTree.FindParent(_root, path), 0b010_000_000);
        return MemoryTree.Find(_root, path, followLast: false) ?? throw new FtpDriverException(FtpError.NotFound);
    }

    private void Create(FtpPath path, MemoryDriverNode node)
    {
        if (path.IsRoot)
            throw new FtpDriverException(FtpError.AlreadyExists);
        MemoryDriverNode directory = MemoryTree.FindParent(_root, path);
        if (directory.Members!.ContainsKey(path.Name))
            throw new FtpDriverException(FtpError.AlreadyExists);
        Demand(directory, 0b010_000_000);
        Tree.AddNode(directory, path.Name, node);
    }
}

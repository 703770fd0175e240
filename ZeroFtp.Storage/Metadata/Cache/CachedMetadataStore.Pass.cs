namespace ZeroFtp.Storage.Metadata.Cache;

/// <content>Members that bypass the cache.</content>
internal sealed partial class CachedMetadataStore
{
    public long ServerId => store.ServerId;

    public long Now => store.Now;

    public long NewId() => store.NewId();

    public string NewKey() => store.NewKey();

    public ValueTask<long> ReserveObjectIdAsync(CancellationToken cancellationToken) => store.ReserveObjectIdAsync(cancellationToken);

    public ValueTask DiscardAsync(IReadOnlyList<ObjectRow> objects, CancellationToken cancellationToken) => store.DiscardAsync(objects, cancellationToken);

    public ValueTask<FileContent?> ReadContentAsync(long directory, string name, long offset, int limit, CancellationToken cancellationToken) =>
        store.ReadContentAsync(directory, name, offset, limit, cancellationToken);

    public ValueTask<IReadOnlyList<Extent>?> ReadExtentsAsync(FileRow file, long offset, int limit, CancellationToken cancellationToken) =>
        store.ReadExtentsAsync(file, offset, limit, cancellationToken);

    public ValueTask<IReadOnlyList<Extent>?> ReadSnapshotAsync(FileRow file, long reader, long offset, int limit, CancellationToken cancellationToken) =>
        store.ReadSnapshotAsync(file, reader, offset, limit, cancellationToken);

    public ValueTask<long> CountExtentsAsync(FileRow file, long most, CancellationToken cancellationToken) =>
        store.CountExtentsAsync(file, most, cancellationToken);

    public ValueTask<bool> JournalAsync(UploadPlan plan, IReadOnlyList<Extent> extents, CancellationToken cancellationToken) =>
        store.JournalAsync(plan, extents, cancellationToken);

    public ValueTask<long?> JournalCopyAsync(UploadPlan plan, FileRow source, long offset, long end, long at, CancellationToken cancellationToken) =>
        store.JournalCopyAsync(plan, source, offset, end, at, cancellationToken);

    public ValueTask<Usage> GetUsageAsync(string owner, CancellationToken cancellationToken) => store.GetUsageAsync(owner, cancellationToken);

    public ValueTask<bool> BeatAsync(long? oldestRead, CancellationToken cancellationToken) => store.BeatAsync(oldestRead, cancellationToken);

    public ValueTask<int> CollectAsync(int limit, CancellationToken cancellationToken) => store.CollectAsync(limit, cancellationToken);

    public ValueTask<IReadOnlyList<ObjectRow>> TakeDeadObjectsAsync(int limit, TimeSpan lease, CancellationToken cancellationToken) =>
        store.TakeDeadObjectsAsync(limit, lease, cancellationToken);

    public ValueTask DeadObjectShrunkAsync(ObjectRow left, CancellationToken cancellationToken) => store.DeadObjectShrunkAsync(left, cancellationToken);

    public ValueTask DeadObjectsDeletedAsync(IReadOnlyList<ObjectRow> objects, CancellationToken cancellationToken) =>
        store.DeadObjectsDeletedAsync(objects, cancellationToken);

    public ValueTask<IReadOnlyList<ScannedExtent>> ScanExtentsAsync(string afterKey, long afterStart, int limit, CancellationToken cancellationToken) =>
        store.ScanExtentsAsync(afterKey, afterStart, limit, cancellationToken);

    public ValueTask<bool> ReplaceReferenceAsync(ObjectRow repaired, string? old, string? dropped, CancellationToken cancellationToken) =>
        store.ReplaceReferenceAsync(repaired, old, dropped, cancellationToken);

    public ValueTask<bool> TakeTurnAsync(string job, TimeSpan interval, CancellationToken cancellationToken) =>
        store.TakeTurnAsync(job, interval, cancellationToken);

    public ValueTask ReturnTurnAsync(string job, CancellationToken cancellationToken) => store.ReturnTurnAsync(job, cancellationToken);

    public ValueTask ProbeAsync(CancellationToken cancellationToken) => store.ProbeAsync(cancellationToken);

    public ValueTask<IReadOnlyList<long>> FindUnknownObjectsAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken) =>
        store.FindUnknownObjectsAsync(ids, cancellationToken);

    public ValueTask<IReadOnlyList<string>> FindPathsAsync(long objectId, int limit, CancellationToken cancellationToken) =>
        store.FindPathsAsync(objectId, limit, cancellationToken);

    public ValueTask<bool> RepairUsageAsync(CancellationToken cancellationToken) => store.RepairUsageAsync(cancellationToken);

    public ValueTask<IReadOnlyList<string>> ExamineAsync(CancellationToken cancellationToken) => store.ExamineAsync(cancellationToken);

    public ValueTask<IReadOnlyDictionary<string, long>> CheckAsync(CancellationToken cancellationToken) => store.CheckAsync(cancellationToken);

    public ValueTask<long> LastAccountChangeAsync(CancellationToken cancellationToken) => store.LastAccountChangeAsync(cancellationToken);

    public ValueTask<IReadOnlyList<AccountChange>> ReadAccountChangesAsync(long after, CancellationToken cancellationToken) =>
        store.ReadAccountChangesAsync(after, cancellationToken);

    public ValueTask AccountChangeAppliedAsync(long change, int ended, int kept, CancellationToken cancellationToken) =>
        store.AccountChangeAppliedAsync(change, ended, kept, cancellationToken);

    public ValueTask<AccountChangeEffect?> GetAccountChangeEffectAsync(string name, CancellationToken cancellationToken) =>
        store.GetAccountChangeEffectAsync(name, cancellationToken);

    public ValueTask<AccountRow> FindLoginAsync(string name, string decoyHash, string decoySettings, CancellationToken cancellationToken) =>
        store.FindLoginAsync(name, decoyHash, decoySettings, cancellationToken);

    public ValueTask<string?> FindHashAsync(IReadOnlyList<string> exceptBeginnings, CancellationToken cancellationToken) =>
        store.FindHashAsync(exceptBeginnings, cancellationToken);

    public ValueTask<AccountRow?> FindAccountAsync(string name, CancellationToken cancellationToken) => store.FindAccountAsync(name, cancellationToken);

    public ValueTask<IReadOnlyList<AccountRow>> ListAccountsAsync(CancellationToken cancellationToken) => store.ListAccountsAsync(cancellationToken);

    public ValueTask<Outcome> SaveAccountAsync(AccountRow account, bool? exists, string? was, CancellationToken cancellationToken) =>
        store.SaveAccountAsync(account, exists, was, cancellationToken);

    public ValueTask<bool> SetPasswordAsync(string name, string hash, string? old, CancellationToken cancellationToken) =>
        store.SetPasswordAsync(name, hash, old, cancellationToken);

    public ValueTask<bool> DeleteAccountAsync(string name, CancellationToken cancellationToken) => store.DeleteAccountAsync(name, cancellationToken);
}

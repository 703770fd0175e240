namespace ZeroFtp.Storage.Metadata;

/// <summary>
/// The rule for what an interrupted upload leaves. The SQL units implement the same rule in their conditions; the contract suite compares them with this plain
/// statement.
/// </summary>
internal static class PartialRule
{
    /// <summary>True if what arrived is kept, as (part of) a file that is marked partial.</summary>
    /// <param name="plan">The upload.</param>
    /// <param name="length">The number of bytes that arrived.</param>
    /// <param name="now">The entry at its name now, or null.</param>
    public static bool Keeps(UploadPlan plan, long length, FileRow? now)
    {
        if (!plan.KeepPartial || length <= (plan.Base is null ? 0 : plan.Repeats))
            return false;
        if (plan.Base is not null)
            return now is { IsPartial: true } && now.Id == plan.Base.Id && now.StorKey == plan.Base.StorKey;
        if (now is null)
            return true;
        return plan.Kind != UploadKind.CreateNew && now is { IsPartial: true, IsDirectory: false } && length > now.Size;
    }
}

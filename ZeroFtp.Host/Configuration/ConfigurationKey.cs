namespace ZeroFtp.Host.Configuration;

/// <summary>One key as it was read: what it is for, what it is set to, and who set it (null: the default).</summary>
internal sealed record ConfigurationKey(string Path, string Help, KeyTraits Traits, IReadOnlyList<string> Effective, bool IsList, string Default, string? Origin)
{
    public bool IsSecret => (Traits & KeyTraits.Secret) != 0;

    public bool Reloads => (Traits & KeyTraits.Reloads) != 0;

    /// <summary>What may be shown to anyone; a secret that is set shows as three asterisks.</summary>
    public IReadOnlyList<string> Shown => IsSecret && Effective.Any(item => item.Length > 0) ? ["***"] : Effective;
}

[Flags]
internal enum KeyTraits
{
    None = 0,

    /// <summary>A change takes effect without a restart.</summary>
    Reloads = 1,

    /// <summary>Never shown.</summary>
    Secret = 2,
}

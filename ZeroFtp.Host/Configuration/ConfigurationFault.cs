namespace ZeroFtp.Host.Configuration;

/// <summary>One thing that is wrong with the configuration: the key's path, where its value came from, and what to do about it.</summary>
internal sealed record ConfigurationFault(string Key, string? Origin, string Message)
{
    public override string ToString() => Origin is null ? $"{Key}: {Message}" : $"{Key}: {Message} (from {Origin})";
}

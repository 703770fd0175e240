namespace ZeroFtp.Host.Certificates;

/// <summary>Where a certificate is kept: PEM (the key in a file of its own or in the same one) or PKCS #12.</summary>
internal sealed record CertificateFiles(string Certificate, string? Key = null, string? Password = null)
{
    /// <summary>What of the files tells one version from the next. Symbolic links are followed, as certificate tools renew by moving one.</summary>
    public CertificateStamp ReadStamp() => new(StampOf(Certificate), Key is null ? default : StampOf(Key));

    private static (DateTime, long) StampOf(string path)
    {
        FileSystemInfo? target = File.ResolveLinkTarget(path, returnFinalTarget: true);
        FileInfo file = new(target?.FullName ?? path);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }

    public override string ToString() => Key is null ? Certificate : $"{Certificate} with {Key}";
}

internal readonly record struct CertificateStamp((DateTime, long) Certificate, (DateTime, long) Key);

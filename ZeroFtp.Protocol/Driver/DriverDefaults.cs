namespace ZeroFtp.Protocol.Driver;

/// <summary>What a driver does that says nothing else: for the default members of <see cref="IClientHandlingDriver"/>, and for <see cref="StreamDriver"/>, which makes them virtual.</summary>
internal static class DriverDefaults
{
    public static async ValueTask CheckWriteAsync(IClientHandlingDriver driver, UploadRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        FtpEntry? entry = await driver.GetFileInfoAsync(request.Path, cancellationToken).ConfigureAwait(false);
        if (entry is null)
        {
            FtpEntry? parent = await driver.GetFileInfoAsync(request.Path.Parent, cancellationToken).ConfigureAwait(false);
            if (parent is null)
                throw new FtpDriverException(FtpError.NotFound);
            if (!parent.IsDirectory)
                throw new FtpDriverException(FtpError.NotADirectory);
        }
        else if (entry.IsDirectory)
        {
            throw new FtpDriverException(FtpError.IsADirectory);
        }
        else if (!entry.IsFile)
        {
            throw new FtpDriverException(FtpError.NotAPlainFile);
        }
        else if (request.Mode == UploadMode.CreateNew)
        {
            throw new FtpDriverException(FtpError.AlreadyExists);
        }
        if (request.Mode == UploadMode.Overwrite && request.Offset > (entry?.Size ?? 0))
            throw new FtpDriverException(FtpError.InvalidOffset);
    }

    public static async ValueTask<IReadOnlyList<string>?> ChangeDirectoryAsync(IClientHandlingDriver driver, FtpPath path, CancellationToken cancellationToken)
    {
        FtpEntry entry = await driver.GetFileInfoAsync(path, cancellationToken).ConfigureAwait(false) ?? throw new FtpDriverException(FtpError.NotFound);
        if (!entry.IsDirectory)
            throw new FtpDriverException(FtpError.NotADirectory);
        return entry.Permissions == FtpPermissions.None ? throw new FtpDriverException(FtpError.PermissionDenied) : null;
    }
}

using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Tests.Security;

/// <summary>A store whose one directory gives some entries and then cannot be read any more.</summary>
internal sealed class BreakingDirectory(int entries, FtpError error) : StreamDriver, IServerDriver
{
    public ValueTask<LoginResult> AuthenticateAsync(LoginRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult<LoginResult>(request.Password is null ? new LoginResult.NeedPassword() : new LoginResult.Accepted(this));

    public override ValueTask<FtpEntry?> GetFileInfoAsync(FtpPath path, CancellationToken cancellationToken) =>
        ValueTask.FromResult(path.IsRoot ? new FtpEntry { Name = "", Kind = FtpEntryKind.Directory } : null);

    public override IAsyncEnumerable<FtpEntry> ListFilesAsync(FtpPath directory, CancellationToken cancellationToken) => Read().ToAsyncEnumerable();

    protected override ValueTask<Stream> OpenReadStreamAsync(FtpPath path, CancellationToken cancellationToken) => throw new FtpDriverException(FtpError.NotFound);

    private IEnumerable<FtpEntry> Read()
    {
        for (int i = 0; i < entries; i++)
            yield return new FtpEntry { Name = $"f{i}", Kind = FtpEntryKind.File, Size = i };
        throw new FtpDriverException(error);
    }
}

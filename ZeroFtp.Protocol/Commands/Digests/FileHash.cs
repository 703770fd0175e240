using System.Runtime.CompilerServices;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Digests;

/// <summary>Digests of files, as HASH and the X-verbs want them (HASH and SUM in Conformance/requirements.tsv): asked of the driver, or computed over the octets of TYPE I.</summary>
internal static class FileHash
{
    public static async ValueTask<byte[]> ComputeAsync(FtpSession session, FtpPath path, FtpHashAlgorithm algorithm, long offset, long length, CancellationToken cancellationToken)
    {
        if (session.Driver is IHashing hashing && await hashing.TryGetHashAsync(path, algorithm, offset, length, cancellationToken).ConfigureAwait(false) is { } known)
            return known;
        IDownload download = await session.Driver.OpenReadAsync(path, offset, cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable downloadScope = download.ConfigureAwait(false);
        using HashWriter writer = new(algorithm);
        await download.CopyToAsync(writer, length, cancellationToken).ConfigureAwait(false);
        if (writer.Count < length)
            throw new FtpDriverException(FtpError.Unavailable, "The file ended early.");
        return writer.Finish();
    }

    /// <summary>Runs a digest if a slot is free, or becomes free in time.</summary>
    public static async ValueTask<Reply> InSlotAsync(FtpSession session, Func<ValueTask<Reply>> run, CancellationToken cancellationToken)
    {
        SemaphoreSlim slots = session.Context.HashJobs;
        if (!await slots.WaitAsync(session.Options.Limits.HashJobWait, cancellationToken).ConfigureAwait(false))
            return Replies.Busy;
        try
        {
            return await run().ConfigureAwait(false);
        }
        finally
        {
            slots.Release();
        }
    }

    public static bool IsTooLong(FtpSession session, long length) => session.Options.Limits.MaxHashLength is > 0 and var most && length > most;

    public static string NameOf(FtpHashAlgorithm algorithm) => algorithm switch
    {
        FtpHashAlgorithm.Crc32 => "CRC32",
        FtpHashAlgorithm.Md5 => "MD5",
        FtpHashAlgorithm.Sha1 => "SHA-1",
        FtpHashAlgorithm.Sha512 => "SHA-512",
        _ => "SHA-256",
    };

    /// <summary>The algorithms in the order of FEAT.</summary>
    public static IReadOnlyList<FtpHashAlgorithm> All { get; } = [FtpHashAlgorithm.Sha256, FtpHashAlgorithm.Sha512, FtpHashAlgorithm.Sha1, FtpHashAlgorithm.Md5, FtpHashAlgorithm.Crc32];
}

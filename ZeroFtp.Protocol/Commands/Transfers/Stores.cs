using System.Security.Cryptography;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Protocol.Transfer;

namespace ZeroFtp.Protocol.Commands.Transfers;

/// <summary>STOR, APPE (RFC 959 section 4.1.3) and STOU (RFC 1123 section 4.1.2.9).</summary>
internal static class Stores
{
    private const int UniqueAttempts = 100;
    private static readonly Reply NoRestart = Reply.Constant(503, "STOU cannot be restarted.");
    private static readonly Reply NoUniqueName = Reply.Constant(450, "No unique name available, try again later.");

    public static readonly Verb Stor = new("STOR", Needs.Login | Needs.Argument | Needs.DataChannel, StorAsync)
    {
        Help = "STOR path",
        ArgumentMissing = Reply.Of(501, "STOR requires a path."),
    };

    public static readonly Verb Appe = new("APPE", Needs.Login | Needs.Argument | Needs.DataChannel, AppeAsync)
    {
        Help = "APPE path",
        ArgumentMissing = Reply.Of(501, "APPE requires a path."),
    };

    public static readonly Verb Stou = new("STOU", Needs.Login | Needs.DataChannel, StouAsync)
    {
        Help = "STOU [name]",
    };

    private static ValueTask<Outcome> StorAsync(FtpSession session, string argument, CancellationToken cancellationToken) =>
        StartAsync(session, "STOR", argument, UploadMode.Replace, cancellationToken);

    private static ValueTask<Outcome> AppeAsync(FtpSession session, string argument, CancellationToken cancellationToken) =>
        StartAsync(session, "APPE", argument, UploadMode.Append, cancellationToken);

    private static async ValueTask<Outcome> StartAsync(FtpSession session, string verb, string argument, UploadMode mode, CancellationToken cancellationToken)
    {
        FtpPath path = Arguments.FilePath(session, argument);
        if (path.IsRoot)
            throw new FtpDriverException(FtpError.IsADirectory);
        // After REST and RANG, STOR and APPE alike write from the offset on (F3659-5.3-7, RANG-4.3-5).
        long offset = session.Marker?.Start ?? 0;
        if (session.Marker is not null)
            mode = UploadMode.Overwrite;
        if (offset > 0 && (!session.Parameters.IsBinary || session.Parameters.IsRecord))
            return Replies.InvalidRestart;
        Arguments.CheckNewName(session, path);
        if (mode == UploadMode.Append)
            await Arguments.DemandAppendAsync(session, path, cancellationToken).ConfigureAwait(false);
        else
            Arguments.Demand(session, FtpPermissions.Write);
        UploadRequest request = new()
        {
            Path = path,
            Mode = mode,
            Offset = offset,
            ExpectedLength = session.Announced,
            FileMode = 0b110_110_110 & ~session.Umask,
        };
        await session.Driver.CheckWriteAsync(request, cancellationToken).ConfigureAwait(false);
        string type = session.Parameters.IsBinary ? "BINARY" : "ASCII";
        return session.TakeTarget() is { } target
            ? Outcome.Start(new StoreTransfer(session, target, verb, request, Reply.Of(150, $"Opening {type} mode data connection for {argument}"), session.Marker?.Length))
            : Replies.NoDataTarget;
    }

    private static async ValueTask<Outcome> StouAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (session.Marker is not null)
            return NoRestart;
        FtpPath path = argument.Length == 0 ? session.WorkingDirectory.Append("stou") : Arguments.FilePath(session, argument);
        if (path.IsRoot)
            throw new FtpDriverException(FtpError.IsADirectory);
        Arguments.CheckNewName(session, path);
        Arguments.Demand(session, FtpPermissions.Write);
        FtpPath directory = path.Parent;
        string name = path.Name;
        int dot = name.LastIndexOf('.');
        (string stem, string suffix) = dot > 0 ? (name[..dot], name[dot..]) : (name, "");
        for (int attempt = 0; attempt < UniqueAttempts; attempt++)
        {
            // Never the bare name: until the upload ends nothing is stored under it, and another session would be given the same.
            string unique = $"{stem}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}{suffix}";
            UploadRequest request = new() { Path = directory.Append(unique), Mode = UploadMode.CreateNew, ExpectedLength = session.Announced, FileMode = 0b110_110_110 & ~session.Umask };
            try
            {
                await session.Driver.CheckWriteAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (FtpDriverException exception) when (exception.Error is FtpError.AlreadyExists or FtpError.IsADirectory)
            {
                continue;
            }
            return session.TakeTarget() is { } target
                ? Outcome.Start(new StoreTransfer(session, target, "STOU", request, Reply.OfPath(150, $"FILE: {Announced(argument, request.Path)}"), limit: null))
                : Replies.NoDataTarget;
        }
        return NoUniqueName;
    }

    /// <summary>The new pathname for 150, which must lead to the file from where the client is (RFC 1123 section 4.1.2.9): with the directory as the client wrote it.</summary>
    private static string Announced(string argument, FtpPath path)
    {
        int directory = argument.LastIndexOf('/') + 1;
        // What ends in a component such as ".." names no file in the directory that is written before it.
        return argument[directory..] is "." or ".." ? path.Text : string.Concat(argument.AsSpan(0, directory), path.Name);
    }
}

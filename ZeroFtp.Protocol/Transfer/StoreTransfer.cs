using System.IO.Pipelines;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Data;
using ZeroFtp.Protocol.Diagnostics;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Events;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Protocol.Transfer.Conversion;

namespace ZeroFtp.Protocol.Transfer;

/// <summary>STOR, APPE, STOU: a file comes from the client. The store is opened only when the data connection stands; 226 follows the commit.</summary>
/// <param name="session">The session.</param>
/// <param name="target">Where the data connection comes from; it belongs to the transfer.</param>
/// <param name="verb">STOR, APPE or STOU.</param>
/// <param name="request">What is to be stored.</param>
/// <param name="opening">The preliminary reply.</param>
/// <param name="limit">Octets to take at most (RANG), or null; more are refused with 552 after the range is written.</param>
internal sealed class StoreTransfer(FtpSession session, DataTarget target, string verb, UploadRequest request, Reply opening, long? limit)
    : DataTransfer(session, target, verb, request.Path, isDownload: false)
{
    /// <summary>A connection that the system has established is accepted long before, also by a busy server.</summary>
    private static readonly TimeSpan AcceptGrace = TimeSpan.FromMilliseconds(500);

    private readonly IClientHandlingDriver _driver = session.Driver;
    private readonly TransferShape _shape = session.Parameters.ShapeOf(session.Options.Features.ModeZLevel);
    private readonly UploadEnd _end = new(session, session.Security.ProtectData);
    private IUpload? _upload;
    private bool _isSettled;
    private long _contentBytes;

    public override Reply Opening => opening;

    public override long? ExpectedBytes => request.ExpectedLength;

    protected override FtpUploadEnd UploadEnd => Cause is StopCause.None or StopCause.ControlLost ? _end.How : FtpUploadEnd.None;

    protected override bool IsClientLost => base.IsClientLost || _end.IsClientLost;

    protected override long ContentBytes => _shape.IsPlain ? Meter.Bytes : _contentBytes;

    protected override bool IsCompressed => _shape.DeflateLevel is not null;

    public override void ControlRead(bool hasQuit) => _end.ControlRead(hasQuit);

    public override void Stop(StopCause cause)
    {
        if (cause != StopCause.ControlLost)
        {
            base.Stop(cause);
            return;
        }
        if (Arrived is { } connection)
            _end.Connected(connection);
        if (_end.Outlives())
            return;
        if (_end.MayConnect)
            _ = StopUnlessConnectedAsync(Stopping);
        else
            base.Stop(cause);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_upload is not null)
            await _upload.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
        _end.Dispose();
    }

    /// <summary>A client may have connected, sent all and closed both connections before its connection was accepted: what stands in the queue of the passive port is still taken.</summary>
    private async Task StopUnlessConnectedAsync(CancellationToken stopping)
    {
        await Task.Delay(AcceptGrace, Session.Clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_end.MayConnect)
            base.Stop(StopCause.ControlLost);
    }

    protected override void Connected(DataConnection connection) => _end.Connected(connection);

    protected override async ValueTask<Reply> MoveAsync(DataLink link, CancellationToken cancellationToken)
    {
        _upload = await _driver.OpenWriteAsync(request, cancellationToken).ConfigureAwait(false);
        _end.Begin(link);
        PipeReader receiver = link.OpenReceiver(_end);
        PipeReader reader = TransferPipeline.Receiver(receiver, _shape);
        bool tooMuch = false;
        try
        {
            if (limit is { } octets)
            {
                LimitedReader limited = new(reader, octets);
                await _upload.CopyFromAsync(limited, cancellationToken).ConfigureAwait(false);
                tooMuch = await limited.HasMoreAsync(cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await _upload.CopyFromAsync(reader, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception) when (TransferPipeline.FailureOf(reader) is { } failure)
        {
            // A driver may have wrapped it.
            throw new DataConnectionException(failure.Message, failure) { IsContentInvalid = failure.Fault == TransferDataFault.Corrupt };
        }
        finally
        {
            if (reader is TransferReceiver converter)
            {
                _contentBytes = converter.Given;
                converter.Dispose();
            }
            await receiver.CompleteAsync().ConfigureAwait(false);
        }
        // A driver that swallowed the failure must not make a whole file of it.
        if (TransferPipeline.FailureOf(reader) is { } fault)
            throw new DataConnectionException(fault.Message, fault) { IsContentInvalid = fault.Fault == TransferDataFault.Corrupt };
        await _end.ConfirmAsync(cancellationToken).ConfigureAwait(false);
        if (_end.How == FtpUploadEnd.WithoutCloseNotify)
            Log.NoCloseNotify(Session.Logger, Session.Id, Description);
        // From here on the upload is whole; ABOR comes too late (F959-4.1.3-33).
        _isSettled = true;
        await _upload.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        Session.Changed(FtpChangeKind.Stored, Path);
        return tooMuch ? Replies.AllocationExceeded : Replies.TransferComplete;
    }

    protected override async ValueTask GiveUpAsync(Exception exception)
    {
        if (_upload is null || _isSettled)
            return;
        _isSettled = true;
        UploadAbort reason = exception is DataConnectionException { IsContentInvalid: true }
            or FtpDriverException { Error: FtpError.QuotaExceeded or FtpError.InsufficientStorage } ? UploadAbort.Invalid : UploadAbort.Interrupted;
        LeftPartial = await _upload.AbortAsync(reason, CancellationToken.None).ConfigureAwait(false);
        if (LeftPartial)
            Session.Changed(FtpChangeKind.StoredPartially, Path);
    }
}

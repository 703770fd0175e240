using ZeroFtp.Protocol.Control;

namespace ZeroFtp.Protocol.Sessions;

/// <summary>The changes to and from TLS, at which nothing may be left over from the other side.</summary>
internal sealed partial class SessionLoop
{
    private async ValueTask StartTlsAsync()
    {
        await FlushAsync().ConfigureAwait(false);
        await _input.SettleAsync().ConfigureAwait(false);
        if (_deferred.Count > 0 || _input.HoldsClearText)
        {
            // Clear octets behind AUTH would be taken for protected ones after the handshake (CVE-2011-0411).
            Write(Reply.Of(503, "Unexpected data after AUTH."));
            _closeReason = "clear text after AUTH";
            _isClosing = true;
            return;
        }
        _input.Release();
        if (!await SecureAsync().ConfigureAwait(false))
            _isClosing = true;
    }

    private async ValueTask<bool> SecureAsync()
    {
        bool isSecured = await ControlSecurity.StartAsync(_session, _ended.Token).ConfigureAwait(false);
        if (!isSecured)
            _closeReason = "TLS handshake failed";
        return isSecured;
    }

    private async ValueTask EndTlsAsync()
    {
        // Before the client is told, so that its close_notify, or its clear text, cannot meet a read that was begun under TLS.
        await _input.SettleAsync().ConfigureAwait(false);
        if (_deferred.Count > 0 || _input.HoldsPartialLine || _input.HasOctets)
        {
            // What was sent under TLS must not be run, nor be completed by anybody, in clear.
            _closeReason = "commands behind the end of TLS";
            _isClosing = true;
            return;
        }
        _input.Release();
        await FlushAsync().ConfigureAwait(false);
        if (await ControlSecurity.EndAsync(_session).ConfigureAwait(false))
            return;
        _closeReason = "TLS was not ended properly";
        _isClosing = true;
    }
}

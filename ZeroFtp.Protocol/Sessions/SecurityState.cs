namespace ZeroFtp.Protocol.Sessions;

/// <summary>What AUTH, PBSZ, PROT, CCC and SSCN set.</summary>
internal sealed class SecurityState
{
    private const int MaxRemembered = 64;
    private readonly Queue<ulong> _ownSessions = new();

    /// <summary>Whether PBSZ was accepted.</summary>
    public bool HasPbsz { get; set; }

    /// <summary>PROT P; otherwise PROT C.</summary>
    public bool ProtectData { get; set; }

    /// <summary>Whether CCC took the control connection back to clear text.</summary>
    public bool IsCleared { get; set; }

    /// <summary>Whether our side is the TLS client on data connections.</summary>
    public bool IsSscnOn { get; set; }

    /// <summary>The server name of the ClientHello on the control connection, or null.</summary>
    public string? ServerName { get; set; }

    /// <summary>Remembers TLS 1.2 sessions that were issued to this session, the newest ones.</summary>
    public void Remember(IEnumerable<ulong> sessions)
    {
        foreach (ulong session in sessions)
        {
            _ownSessions.Enqueue(session);
            if (_ownSessions.Count > MaxRemembered)
                _ownSessions.Dequeue();
        }
    }

    public bool Owns(ulong session) => session != 0 && _ownSessions.Contains(session);

    public void Reset()
    {
        HasPbsz = ProtectData = IsCleared = IsSscnOn = false;
        ServerName = null;
        _ownSessions.Clear();
    }
}

namespace ZeroFtp.Protocol.Sessions;

/// <summary>The commands that wait for the end of an activity, in order. Used by the session loop alone.</summary>
/// <param name="maxOctets">So many octets of command lines may wait, and one line more.</param>
internal sealed class DeferredCommands(int maxOctets)
{
    /// <summary>So much room is kept when nothing waits any more.</summary>
    private const int Kept = 64;

    private readonly Queue<PendingCommand> _commands = new();
    private int _aborted;
    private long _octets;

    public int Count => _commands.Count;

    /// <summary>Whether no more may be taken: the client is not read then.</summary>
    public bool AreFull => _octets >= maxOctets;

    /// <summary>Whether QUIT is among them: the client wants no more than what it has asked for until then.</summary>
    public bool HoldQuit
    {
        get
        {
            foreach (PendingCommand command in _commands)
            {
                if (command.Verb?.Name == "QUIT")
                    return true;
            }
            return false;
        }
    }

    public void Enqueue(in PendingCommand command)
    {
        _commands.Enqueue(command);
        _octets += command.Octets;
    }

    /// <summary>Marks all that wait now: ABOR came behind them.</summary>
    public void Abort() => _aborted = _commands.Count;

    public bool TryDequeue(out PendingCommand command)
    {
        if (!_commands.TryDequeue(out command))
            return false;
        _octets -= command.Octets;
        if (_commands.Count == 0 && _commands.Capacity > Kept)
            _commands.TrimExcess();
        if (_aborted > 0)
        {
            _aborted--;
            command = command with { IsAborted = true };
        }
        return true;
    }
}

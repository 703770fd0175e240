namespace ZeroFtp.Protocol.Sessions;

/// <summary>The commands that wait for the end of an activity, in order. Used by the session loop alone.</summary>
internal sealed class DeferredCommands
{
    private readonly Queue<PendingCommand> _commands = new();
    private int _aborted;

    public int Count => _commands.Count;

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

    public void Enqueue(in PendingCommand command) => _commands.Enqueue(command);

    /// <summary>Marks all that wait now: ABOR came behind them.</summary>
    public void Abort() => _aborted = _commands.Count;

    public bool TryDequeue(out PendingCommand command)
    {
        if (!_commands.TryDequeue(out command))
            return false;
        if (_aborted > 0)
        {
            _aborted--;
            command = command with { IsAborted = true };
        }
        return true;
    }
}

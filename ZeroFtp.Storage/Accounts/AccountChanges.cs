namespace ZeroFtp.Storage.Accounts;

/// <summary>What a change of an account does to the sessions that are logged in to it.</summary>
public enum AccountChanges
{
    /// <summary>Within about a second it ends the sessions to which it forbids anything: the account is disabled, expired or removed, has a new password or fewer rights, or may not be used from there any more.</summary>
    EndSessions,

    /// <summary>Nothing: it holds from the next login on.</summary>
    Never,
}

/// <summary>What became of the open sessions of an account that was changed.</summary>
/// <param name="Ended">Sessions that were ended, since the change forbids something to them.</param>
/// <param name="Kept">Sessions that go on.</param>
/// <param name="Silent">Serving processes that have not said what became of theirs.</param>
/// <param name="Servers">Serving processes, the silent ones included.</param>
public readonly record struct SessionEffect(int Ended, int Kept, int Silent, int Servers);

namespace ZeroFtp.Storage.Accounts;

/// <summary>What a change to an account does to its open sessions.</summary>
public enum AccountChanges
{
    /// <summary>
    /// Within about a second, ends the sessions from which the change takes something away: the account was disabled, removed or has expired, has a new
    /// password or fewer rights, or may no longer be used from the session's address.
    /// </summary>
    EndSessions,

    /// <summary>Nothing: the change applies from the next login on.</summary>
    Never,
}

/// <summary>What happened to the open sessions of an account after a change.</summary>
/// <param name="Ended">Sessions that were ended because the change took something away from them.</param>
/// <param name="Kept">Sessions that continue.</param>
/// <param name="Silent">Server processes that have not reported on their sessions.</param>
/// <param name="Servers">All server processes, including the silent ones.</param>
public readonly record struct SessionEffect(int Ended, int Kept, int Silent, int Servers);

namespace ZeroFtp.Conformance.Checks;

internal enum Turn
{
    /// <summary>Beside other checks.</summary>
    Together,

    /// <summary>While no other check runs: it measures time, or counts connections.</summary>
    Alone,

    /// <summary>After all others: it judges what the whole run has seen.</summary>
    Last,
}

namespace ZeroFtp.Tests.Guards;

/// <summary>The verbs that may be heard before a login ("The order of things" in docs/protocol.md), by their names alone: what the table of the engine says would be no check of that table.</summary>
internal static class LoginFreeVerbs
{
    public static readonly HashSet<string> All =
    [
        "ABOR", "ACCT", "ADAT", "AUTH", "CCC", "CLNT", "CONF", "CSID", "ENC", "FEAT", "HELP", "HOST", "LANG", "MIC", "NOOP", "OPTS", "PASS", "PBSZ", "PROT", "QUIT", "REIN", "SYST", "USER",
    ];
}

using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Info;

/// <summary>Verbs that are known and refused (F959-4.1.1-20, F2428-3-7 and DF-THMB-1 in Conformance/requirements.tsv), and PRET, which is taken and remembers nothing.</summary>
internal static class Refused
{
    public static readonly Verb Smnt = new("SMNT", Needs.Login, static (_, _, _) => (Outcome)Replies.NotImplemented("SMNT")) { Help = "SMNT is not implemented." };

    public static readonly Verb Thmb = new("THMB", Needs.Login, static (_, _, _) => (Outcome)Replies.NotImplemented("THMB")) { Help = "THMB is not implemented." };

    public static readonly Verb Lprt = new("LPRT", Needs.Login, static (session, _, _) => (Outcome)Historic(session, "LPRT", "EPRT")) { Help = "LPRT is not implemented; use EPRT." };

    public static readonly Verb Lpsv = new("LPSV", Needs.Login, static (session, _, _) => (Outcome)Historic(session, "LPSV", "EPSV")) { Help = "LPSV is not implemented; use EPSV." };

    public static readonly Verb Pret = new("PRET", Needs.Login | Needs.Argument, static (_, _, _) => (Outcome)Reply.Of(200, "OK, use PASV or EPSV next."))
    {
        Help = "PRET command",
        ArgumentMissing = Reply.Of(501, "PRET requires a command."),
    };

    private static Reply Historic(FtpSession session, string verb, string better) =>
        session.IsEpsvAll ? Reply.Of(501, $"{verb} not allowed after EPSV ALL.") : Reply.Of(502, $"{verb} is not implemented; use {better}.");
}

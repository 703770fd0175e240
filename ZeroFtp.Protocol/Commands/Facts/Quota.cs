using ZeroFtp.Protocol.Commands.Site;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Facts;

/// <summary>XQUOTA: what SITE QUOTA says, with 213 (de facto).</summary>
internal static class Quota
{
    public static readonly Verb Definition = new("XQUOTA", Needs.Login, RunAsync)
    {
        Help = "XQUOTA",
        Feature = static _ => "XQUOTA",
        IsOffered = static session => !session.IsLoggedIn || session.Driver is IQuotaReporting,
    };

    private static async ValueTask<Outcome> RunAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        Outcome report = await SiteSessionWords.QuotaAsync(session, argument, cancellationToken).ConfigureAwait(false);
        return report.Reply.Lines is { } lines ? Reply.Of(213, lines, report.Reply.Text) : report;
    }
}

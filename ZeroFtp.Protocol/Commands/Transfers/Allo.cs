using System.Globalization;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Transfers;

/// <summary>ALLO (RFC 959 section 4.1.3). The number is kept as the expected length of the next upload.</summary>
internal static class Allo
{
    private static readonly Reply NotNecessary = Reply.Constant(202, "No storage allocation necessary.");
    private static readonly Reply Available = Reply.Constant(200, "Storage is available.");
    private static readonly Reply Bad = Reply.Constant(501, "ALLO requires a decimal number of bytes.");
    private static readonly Reply BadKeyword = Reply.Constant(504, "Only the R parameter is recognised.");

    public static readonly Verb Definition = new("ALLO", Needs.Login | Needs.Argument, RunAsync)
    {
        Help = "ALLO bytes [R bytes]",
        ArgumentMissing = Bad,
    };

    private static async ValueTask<Outcome> RunAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        string[] tokens = Arguments.Tokens(argument);
        if (tokens.Length is not (1 or 3) || !long.TryParse(tokens[0], NumberStyles.None, CultureInfo.InvariantCulture, out long length)
            || (tokens.Length == 3 && !long.TryParse(tokens[2], NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            return Bad;
        if (tokens.Length == 3 && !tokens[1].Equals("R", StringComparison.OrdinalIgnoreCase))
            return BadKeyword;
        session.Announced = null;
        if (!session.Options.Features.CheckAllocation)
            return NotNecessary;
        switch (await session.Driver.CanAllocateAsync(length, cancellationToken).ConfigureAwait(false))
        {
            case AllocationAnswer.Available:
                // Only what was granted is held against the next upload: 202 means that ALLO was a NOOP.
                session.Announced = length;
                return Available;
            case AllocationAnswer.InsufficientStorage:
                return Replies.InsufficientStorage;
            case AllocationAnswer.QuotaExceeded:
                return Replies.AllocationExceeded;
            default:
                return NotNecessary;
        }
    }
}

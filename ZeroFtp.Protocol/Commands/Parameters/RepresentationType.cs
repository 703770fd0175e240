using System.Globalization;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Sessions;

namespace ZeroFtp.Protocol.Commands.Parameters;

/// <summary>TYPE (RFC 959 section 4.1.2): A, I and L 8; also <c>I N</c> and <c>L8</c>, which some clients send and other servers accept.</summary>
internal static class RepresentationType
{
    private static readonly Reply Ascii = Reply.Constant(200, "Type set to A.");
    private static readonly Reply Image = Reply.Constant(200, "Type set to I.");
    private static readonly Reply Local = Reply.Constant(200, "Type set to L 8.");
    private static readonly Reply Bad = Reply.Constant(501, "TYPE requires A, I or L 8.");

    public static readonly Verb Definition = new("TYPE", Needs.Login | Needs.Argument | Needs.CarriesNotice, Run)
    {
        Help = "TYPE A [N|T] | I | L 8",
        ArgumentMissing = Bad,
    };

    private static ValueTask<Outcome> Run(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        TransferParameters parameters = session.Parameters;
        switch (argument.Trim(' ').ToUpperInvariant())
        {
            case "I":
                Set(parameters, isBinary: true);
                return (Outcome)Image;
            case "A":
                Set(parameters, isBinary: false);
                return (Outcome)Ascii;
        }
        string[] tokens = Arguments.Tokens(argument.ToUpperInvariant());
        switch (tokens)
        {
            case ["A", "N"]:
                Set(parameters, isBinary: false);
                return (Outcome)Ascii;
            case ["A", "T"]:
                Set(parameters, isBinary: false, isTelnet: true);
                return (Outcome)Ascii;
            case ["I", "N"]:
                Set(parameters, isBinary: true);
                return (Outcome)Image;
            case ["L", "8"] or ["L8"]:
                Set(parameters, isBinary: true, isLocal: true);
                return (Outcome)Local;
            case ["A", "C"] or ["E"] or ["E", "N" or "T" or "C"]:
                return (Outcome)NotImplemented(argument);
            case ["L", var size] when byte.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out byte bits) && bits > 0:
                return (Outcome)NotImplemented(argument);
            default:
                return (Outcome)Bad;
        }
    }

    private static void Set(TransferParameters parameters, bool isBinary, bool isLocal = false, bool isTelnet = false)
    {
        parameters.IsBinary = isBinary;
        parameters.IsLocal = isLocal;
        parameters.IsTelnet = isTelnet;
    }

    private static Reply NotImplemented(string argument) => Reply.Of(504, $"Type {Printable.Text(argument)} is not implemented.");
}

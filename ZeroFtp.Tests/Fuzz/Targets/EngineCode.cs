using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Protocol.Data;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Listing;
using ZeroFtp.Protocol.Sessions;
using ZeroFtp.Protocol.Transfer.Conversion;

namespace ZeroFtp.Fuzz.Targets;

/// <summary>The code under test, each behind the signature that its target and what is planted share.</summary>
internal static class EngineCode
{
    /// <summary>Octets in pieces to the lines in them.</summary>
    public static List<(LineStatus Status, string Line)> ReadLines(IReadOnlyList<byte[]> pieces, int limit)
    {
        List<(LineStatus, string)> lines = [];
        using ControlReader reader = new(limit);
        foreach (byte[] piece in pieces)
        {
            ReadOnlySequence<byte> input = new(piece);
            while (reader.TryRead(ref input, out ReadOnlySpan<byte> line) is var status and not LineStatus.Incomplete)
                lines.Add((status, status == LineStatus.Complete ? Encoding.Latin1.GetString(line) : ""));
            DefectException.Demand("All is consumed", 0, (int)input.Length);
            _ = reader.TakeAnswers();
        }
        return lines;
    }

    /// <summary>A directory and a pathname to a path; null if it is none.</summary>
    public static string? Resolve(string directory, string pathname) =>
        FtpPath.Root.TryResolve(directory, out FtpPath at) && at.TryResolve(pathname, out FtpPath path) ? path.Text : null;

    public static bool Matches(string pattern, string name) => new Glob(pattern).IsMatch(name);

    /// <summary>The octets of the header (0: more are needed, -1: it is none) and the source in it.</summary>
    public static (int Used, IPEndPoint? Source) ParseProxy(byte[] octets)
    {
        int used = ProxyHeader.Parse(octets, out ProxyHeader? header);
        DefectException.Demand("There is a header exactly if one was parsed", used > 0, header is not null);
        return (used, header?.Source);
    }

    /// <summary>A zlib stream, as the data connection brings it in two pieces, to its content; null if it is refused.</summary>
    public static byte[]? Inflate(byte[] octets, int cut)
    {
        PipeReader receiver = TransferPipeline.Receiver(PipeReader.Create(new Pieces.Source(Pieces.At(octets, cut))), new TransferShape(IsAscii: false, DeflateLevel: 6));
        try
        {
            ArrayBufferWriter<byte> content = new();
            while (true)
            {
                // Everything is there, so nothing is ever waited for.
                ReadResult result = receiver.ReadAsync().AsTask().GetAwaiter().GetResult();
                content.Write(result.Buffer.ToArray());
                receiver.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                    return content.WrittenSpan.ToArray();
            }
        }
        catch (TransferDataException exception)
        {
            DefectException.Demand("A fault is remembered", ReferenceEquals(exception, TransferPipeline.FailureOf(receiver)));
            return null;
        }
        finally
        {
            (receiver as IDisposable)?.Dispose();
        }
    }
}

using System.Net;
using System.Net.Sockets;
using ZeroFtp.Conformance.Checks;

namespace ZeroFtp.Conformance.Wire;

/// <summary>A control connection: exact octets out, exact octets in, every reply judged and recorded.</summary>
internal sealed class ControlConnection : Endpoint
{
    private static readonly TimeSpan LongestSend = TimeSpan.FromSeconds(60);

    private readonly Transcript _transcript;
    private readonly ReplyGrammar _grammar;
    private readonly byte[] _input = new byte[16 * 1024];
    private int _start;
    private int _end;

    private ControlConnection(Socket socket, Transcript transcript)
        : base(socket)
    {
        _transcript = transcript;
        _grammar = new(transcript);
        Number = transcript.NextSession();
    }

    /// <summary>The number of this session in the transcript.</summary>
    public int Number { get; }

    public IPEndPoint Local => (IPEndPoint)Socket.LocalEndPoint!;

    public IPEndPoint Remote => (IPEndPoint)Socket.RemoteEndPoint!;

    public static async Task<ControlConnection> OpenAsync(IPEndPoint server, Transcript transcript, TimeSpan deadline, IPEndPoint? from = null)
    {
        Socket socket = new(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using CancellationTokenSource timeout = new(deadline);
        try
        {
            if (from is not null)
            {
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
                socket.Bind(from);
            }

            await socket.ConnectAsync(server, timeout.Token);
            return new(socket, transcript);
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            throw new CheckFailedException($"no connection to {server} within {deadline.TotalSeconds} s");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends octets as they are.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> octets)
    {
        _transcript.Add(Number, " C:", octets.Span);
        using CancellationTokenSource timeout = new(LongestSend);
        try
        {
            await Stream.WriteAsync(octets, timeout.Token);
            await Stream.FlushAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new CheckFailedException($"the server did not take {octets.Length} octets within {LongestSend.TotalSeconds} s");
        }
    }

    /// <summary>Sends octets of which TCP marks the last as urgent (MSG_OOB). Clear connections only.</summary>
    public async Task SendUrgentAsync(ReadOnlyMemory<byte> octets)
    {
        _transcript.Add(Number, "!C:", octets.Span);
        await Socket.SendAsync(octets, SocketFlags.OutOfBand);
    }

    public async Task<Reply> ReadReplyAsync(TimeSpan deadline)
    {
        while (true)
        {
            byte[]? line = await ReadLineAsync(deadline);
            if (line is null)
                throw new CheckFailedException("the server closed the connection instead of replying");
            _transcript.Add(Number, " S:", line);
            if (!line.AsSpan().EndsWith("\r\n"u8))
                _grammar.BareLineFeed(line);
            if (_grammar.Take(line) is { } reply)
                return reply;
        }
    }

    /// <summary>Reads exactly so many octets: what is no reply, such as an answer to a Telnet option.</summary>
    public async Task<byte[]> ReadExactlyAsync(int count, TimeSpan deadline)
    {
        List<byte> read = [];
        while (read.Count < count)
        {
            if (_start == _end && !await FillAsync(deadline))
                throw new CheckFailedException($"the server closed the connection after {read.Count} of {count} octets");
            int take = Math.Min(count - read.Count, _end - _start);
            read.AddRange(_input.AsSpan(_start, take));
            _start += take;
        }

        _transcript.Add(Number, " S:", read.ToArray());
        return [.. read];
    }

    /// <summary>Verifies that the server closes the connection and sends nothing more before.</summary>
    public async Task ExpectEndAsync(TimeSpan deadline)
    {
        if (_start == _end && !await FillAsync(deadline))
        {
            _transcript.Note(Number, "closed by the server");
            return;
        }

        Verify.Fail($"expected the end of the connection, saw {Octets.Show(_input.AsSpan(_start, _end - _start))}");
    }

    /// <summary>Reads to the end of the connection, whatever comes.</summary>
    public async Task<byte[]> ReadToEndAsync(TimeSpan deadline)
    {
        List<byte> read = [];
        do
        {
            read.AddRange(_input.AsSpan(_start, _end - _start));
            _start = _end;
        }
        while (await FillAsync(deadline));
        _transcript.Add(Number, " S:", read.ToArray());
        _transcript.Note(Number, "closed by the server");
        return [.. read];
    }

    /// <summary>Verifies that nothing arrives for so long, neither octets nor the end.</summary>
    public async Task ExpectSilenceAsync(TimeSpan duration)
    {
        if (_start != _end)
            Verify.Fail($"expected silence, saw {Octets.Show(_input.AsSpan(_start, _end - _start))}");
        if (await Task.Run(() => Socket.Poll(duration, SelectMode.SelectRead)))
        {
            bool open = await FillAsync(TimeSpan.FromSeconds(1));
            Verify.Fail(open ? $"expected silence, saw {Octets.Show(_input.AsSpan(_start, _end - _start))}" : "expected silence, saw the end of the connection");
        }
    }

    /// <summary>Whether octets or the end have arrived and wait to be read.</summary>
    public bool HasInput => _start != _end || Socket.Poll(0, SelectMode.SelectRead);

    private async Task<byte[]?> ReadLineAsync(TimeSpan deadline)
    {
        List<byte> line = [];
        while (true)
        {
            if (_start == _end && !await FillAsync(deadline))
            {
                if (line.Count > 0)
                    Verify.Fail($"the connection ended inside the reply line {Octets.Show([.. line])}");
                return null;
            }

            ReadOnlySpan<byte> rest = _input.AsSpan(_start, _end - _start);
            int feed = rest.IndexOf((byte)'\n');
            int take = feed < 0 ? rest.Length : feed + 1;
            line.AddRange(rest[..take]);
            _start += take;
            if (feed >= 0)
                return [.. line];
            if (line.Count > 1 << 16)
                Verify.Fail("a reply line of more than 64 KiB");
        }
    }

    private async Task<bool> FillAsync(TimeSpan deadline)
    {
        _start = 0;
        _end = 0;
        _end = Math.Max(0, await ReadSomeAsync(_input, deadline, "reply"));
        return _end > 0;
    }
}

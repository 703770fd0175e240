using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using ZeroFtp.Protocol.Commands;
using ZeroFtp.Protocol.Control;
using ZeroFtp.Tests.Guards;
using ZeroFtp.Tests.Protocol.Control;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Fuzzing;

/// <summary>
/// One session with a client that says anything at any time, drawn from a seed. Whatever it says, each command gets exactly one final reply, in order, of a kind that the state diagrams allow
/// (<see cref="Diagram"/>), and the session comes to its end. Which commands the octets hold is what the oracle of the command reader says.
/// </summary>
internal sealed class Dialogue
{
    private const int MaxLineLength = 8192;
    private static readonly int[] ActivePorts = [40_001, 40_002];
    private static readonly string[] Actions = ["whole", "whole", "whole", "whole", "reset", "abort", "stall", "leave"];
    private readonly MemoryServer _server;
    private readonly Random _random;
    private readonly DialogueWords _words;
    private readonly Diagram _diagram = new();
    private readonly StringBuilder _log = new();
    private readonly List<byte> _sent = [];
    private readonly MemoryClient _client;
    private readonly bool _isImplicit;
    private readonly string[] _opening;
    private int _answered;
    private bool _isOver;
    private bool _mayEnd;
    private bool _hasPassedTime;
    private bool _hasAborted;

    /// <param name="server">The server.</param>
    /// <param name="seed">What all that is left to chance is drawn from.</param>
    /// <param name="opening">Commands to be said first.</param>
    public Dialogue(MemoryServer server, int seed, string[]? opening = null)
    {
        _opening = opening ?? [];
        _server = server;
        _random = new Random(seed);
        _words = new DialogueWords(_random);
        _isImplicit = _random.Next(40) == 0;
        _client = server.Connect(implicitTls: _isImplicit);
        foreach (int port in ActivePorts)
            server.Data.Open(port);
    }

    /// <summary>What was said, for people.</summary>
    public string Log => _log.ToString();

    public async Task RunAsync()
    {
        if (_isImplicit)
        {
            await _client.SecureAsync();
            _client.ProtectsData = true;
        }
        Assert.Equal(220, (await ReadAsync())!.Value.Code);
        foreach (string command in _opening)
        {
            if (!_isOver)
                await SayAsync(Line(command));
        }
        for (int steps = _random.Next(1, 30); steps > 0 && !_isOver; steps--)
            await StepAsync();
        if (!_isOver && _random.Next(2) == 0)
        {
            // Whatever came before, the next reply is the one to this command.
            await SayAsync(Encoding.ASCII.GetBytes("\r\nHELP sync\r\n"));
            await SayAsync("QUIT\r\n"u8.ToArray());
        }
        else if (!_isOver && _client.Tls is null)
        {
            await TryWriteAsync(Encoding.ASCII.GetBytes("STOR up/half a li"));
        }
        await _server.DropAsync(_client);
    }

    private async Task StepAsync()
    {
        switch (_random.Next(20))
        {
            case < 12:
                await SayAsync(Line(_words.Command(_diagram)));
                break;
            case < 15:
                // Several at once. STAT answers out of turn while a transfer runs, so it stays alone; so does what ends TLS.
                string[] commands = [.. Enumerable.Range(0, _random.Next(2, 8)).Select(_ => _words.Command(_diagram))
                    .Where(command => !command.StartsWith("STAT", StringComparison.OrdinalIgnoreCase) && (_client.Tls is null || !command.StartsWith("REIN", StringComparison.OrdinalIgnoreCase)))];
                await SayAsync([.. commands.SelectMany(Line)]);
                break;
            case < 17:
                await SayAsync([.. _words.Damaged(_diagram), .. "\r\n"u8]);
                break;
            case 17 when _diagram.PassivePort != 0:
                Dial(_diagram.PassivePort, IPAddress.Parse("198.51.100.66"));
                break;
            case 18:
                await PassAsync(_random.Next(30));
                break;
            case 19 when _random.Next(10) == 0:
                await PassAsync(310);
                break;
        }
    }

    /// <summary>Sends octets, cut anywhere, and takes the answers to all commands in them.</summary>
    private async Task SayAsync(byte[] octets)
    {
        // Of several commands none may be left that can be sent together.
        if (octets.Length == 0)
            return;
        if (_sent.Count == 0 && octets[0] == 0x16)
            octets[0] = (byte)'x';
        // A Telnet option that is CR or LF would be answered with one, which looks like the end of a line in here.
        for (int i = 2; i < octets.Length; i++)
        {
            if (octets[i] is (byte)'\r' or (byte)'\n' && octets[i - 1] is >= 0xFB and <= 0xFE && octets[i - 2] == 0xFF)
                octets[i - 1] = (byte)'x';
        }
        _log.Append("C: ").Append(Encoding.Latin1.GetString(octets).Replace("\r\n", " | ", StringComparison.Ordinal)).Append('\n');
        _sent.AddRange(octets);
        _hasPassedTime = false;
        int cut = _random.Next(octets.Length + 1);
        await TryWriteAsync(octets[..cut]);
        await TryWriteAsync(octets[cut..]);
        // An answer may make this client say more (ABOR), or forget all (TLS).
        while (!_isOver && LineOracle.Lines([.. _sent], MaxLineLength) is var lines && _answered < lines.Count)
        {
            (LineStatus status, string line) = lines[_answered++];
            if (status != LineStatus.Complete || line.Length > 0)
                await AnswerAsync(status, line);
        }
    }

    private async Task AnswerAsync(LineStatus status, string line)
    {
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        string argument = space < 0 ? "" : line[(space + 1)..];
        string verb = status != LineStatus.Complete ? "" : Verbs.Find(CommandLine.KeyOf(space < 0 ? line : line[..space]))?.Name ?? "";
        if (await ReadAsync() is not { } reply)
            return;
        bool wasPreliminary = reply.Code < 200;
        if (wasPreliminary)
        {
            Assert.True(Diagram.IsTransfer(verb), $"{verb} has no preliminary reply.");
            _hasAborted = false;
            // What was sent behind a transfer that stalled may have begun, and its time been up, before this client came to it.
            bool isLate = _hasPassedTime;
            await MoveDataAsync(isUpload: verb is "STOR" or "APPE" or "STOU");
            if (_isOver || await ReadAsync() is not { } final)
                return;
            if (_hasAborted && !isLate)
                Assert.NotEqual(Replies.TransferTimedOut.Text, final.Text[4..]);
            reply = final;
        }
        _diagram.Take(verb, argument, reply.Code, reply.Text, wasPreliminary);
        if (status != LineStatus.Complete)
            Assert.Equal(status == LineStatus.Invalid ? 501 : 500, reply.Code);
        switch (verb, reply.Code)
        {
            case ("QUIT", 221):
                await EndAsync();
                break;
            case ("AUTH", 234):
                await SecureAsync(argument);
                break;
            case ("PROT", 200):
                _client.ProtectsData = argument.Trim().Equals("P", StringComparison.OrdinalIgnoreCase);
                break;
            case ("REIN", 220) when _client.Tls is not null && !_isImplicit:
                await _client.ReturnToClearAsync();
                Forget();
                break;
            case ("REIN", 220):
                _client.ProtectsData = _isImplicit;
                break;
        }
    }

    private async Task SecureAsync(string argument)
    {
        // What the client has sent behind AUTH, be it half a command, ends the session.
        bool isClean = LineOracle.Lines([.. _sent, (byte)'\n'], MaxLineLength) is var lines && lines.Count == _answered + 1 && lines[^1] is (LineStatus.Complete, "");
        if (!isClean)
        {
            await TakeRefusalAsync();
        }
        else if (_random.Next(6) == 0)
        {
            await TryWriteAsync("NOOP\r\n"u8.ToArray());
            await EndAsync(isClear: false);
        }
        else
        {
            try
            {
                await _client.SecureAsync(_random.Next(2) == 0 ? SslProtocols.Tls12 : SslProtocols.Tls13);
            }
            catch (IOException) when (_hasPassedTime)
            {
                // The server took AUTH while this client still did nothing about a transfer before it, and has waited for the handshake as long as it does.
                _isOver = true;
                return;
            }
            _client.ProtectsData = argument.Trim().Equals("TLS-P", StringComparison.OrdinalIgnoreCase);
            Forget();
        }
    }

    /// <summary>What stands behind AUTH is refused in words if it was there in time, and otherwise by the handshake that it cannot be.</summary>
    private async Task TakeRefusalAsync()
    {
        _mayEnd = true;
        try
        {
            if (await ReadAsync() is not { } refusal)
                return;
            Assert.Equal(503, refusal.Code);
            await EndAsync();
        }
        catch (IOException)
        {
            // An alert of TLS is no line.
            _isOver = true;
        }
    }

    /// <summary>Does something about the data connection that the server now waits for.</summary>
    private async Task MoveDataAsync(bool isUpload)
    {
        DataEnd? data = _diagram.PassivePort == 0 ? await AcceptAsync() : _random.Next(6) == 0 ? null : Dial(_diagram.PassivePort, _client.Address);
        string action = data is null ? "nobody" : Actions[_random.Next(Actions.Length)];
        _log.Append("   data: ").Append(action).Append('\n');
        try
        {
            switch (action)
            {
                case "nobody":
                    await PassAsync(61);
                    break;
                case "whole" when isUpload:
                    await data!.SendAsync(new string('x', _random.Next(3000)));
                    break;
                case "whole":
                    await data!.ReadToEndAsync();
                    break;
                case "reset":
                    await data!.ResetAsync();
                    break;
                case "abort":
                    _hasAborted = true;
                    _sent.AddRange("ABOR\r\n"u8);
                    await TryWriteAsync("ABOR\r\n"u8.ToArray());
                    // Under TLS the server may wait for the end of a transfer that was whole already.
                    await PassAsync(6);
                    break;
                case "stall":
                    await PassAsync(302);
                    break;
                case "leave":
                    _isOver = true;
                    await _client.DisposeAsync();
                    break;
            }
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException or ObjectDisposedException or InvalidOperationException)
        {
            _log.Append("   data: ").Append(exception.Message).Append('\n');
        }
    }

    /// <summary>The connection of this transfer. Those of the commands sent behind it may be there already, at a port that one of them names.</summary>
    private async Task<DataEnd?> AcceptAsync() => ActivePorts.Contains(_diagram.ActivePort)
        ? new DataEnd(await _server.Data.AcceptAsync(_diagram.ActivePort), _client.ProtectsData)
        : null;

    private DataEnd? Dial(int port, IPAddress from)
    {
        try
        {
            return new DataEnd(_server.Data.Dial(port, from), _client.ProtectsData);
        }
        catch (SocketException)
        {
            // Its time was up, or it has been used.
            return null;
        }
    }

    private Task PassAsync(int seconds)
    {
        _hasPassedTime = true;
        return _server.AdvanceAsync(TimeSpan.FromSeconds(seconds));
    }

    /// <summary>A whole reply in its exact form; null if the session is over instead.</summary>
    private async Task<(int Code, string Text)?> ReadAsync()
    {
        string? line = await ReadLineAsync();
        if (line is null)
        {
            Assert.True(_mayEnd, "The connection ended without a word.");
            _isOver = true;
            return null;
        }
        Assert.Matches("^[1-5][0-9][0-9][ -]", line);
        int code = int.Parse(line.AsSpan(0, 3), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains(code, ReplyCodes.Known);
        string end = line[..3] + " ", text = line;
        bool isLast = line[3] == ' ';
        while (!isLast)
        {
            line = await ReadLineAsync();
            Assert.NotNull(line);
            isLast = line.StartsWith(end, StringComparison.Ordinal);
            Assert.True(isLast || line.StartsWith(' '), $"Within a reply: {line}");
        }
        if (code != 421)
            return (code, text);
        await EndAsync();
        return null;
    }

    private async Task<string?> ReadLineAsync()
    {
        string? line = await _client.ReadLineAsync();
        _log.Append("S: ").Append(line ?? "<end>").Append('\n');
        // Answers to Telnet options, of any octet, come between lines.
        while (line is ['\u00FF', '\u00FC' or '\u00FE', _, ..])
            line = line[3..];
        Assert.True(line is null || line.All(static c => c >= ' ' || c == '\t'), "A reply has a control character in it.");
        return line;
    }

    /// <summary>Expects the end of the connection.</summary>
    private async Task EndAsync(bool isClear = true)
    {
        _isOver = _mayEnd = true;
        if (isClear)
            Assert.Null(await ReadLineAsync());
        else
            while (await _server.WaitAsync(_client.Transport.ReadAsync(new byte[1024].AsMemory()).AsTask()) > 0)
                _log.Append("S: <octets>\n");
    }

    private async Task TryWriteAsync(byte[] octets)
    {
        try
        {
            if (octets.Length > 0)
                await _client.WriteAsync(octets);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The server has closed; its last word tells why.
        }
    }

    /// <summary>On the other side of a change to or from TLS nothing of what was said counts.</summary>
    private void Forget()
    {
        _sent.Clear();
        _answered = 0;
    }

    private static byte[] Line(string command) => [.. Encoding.Latin1.GetBytes(command), .. "\r\n"u8];
}

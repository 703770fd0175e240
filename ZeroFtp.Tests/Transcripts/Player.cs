using System.Globalization;
using System.Net;
using System.Security.Authentication;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Tests.Guards;
using ZeroFtp.Tests.Protocol.Driver;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Transcripts;

/// <summary>Plays one transcript: sends what <c>C:</c> and <c>D&lt;</c> say and compares what comes with <c>S:</c> and <c>D&gt;</c>. What the server says beyond the transcript is an error. See Transcripts/README.md.</summary>
internal sealed class Player(TranscriptFixture fixture, string name)
{
    private readonly IReadOnlyList<Step> _steps = TranscriptFiles.Read(name);
    private readonly StringBuilder _log = new();
    private readonly Dictionary<string, Conversation> _conversations = new(StringComparer.Ordinal);
    private readonly List<string> _options = [];
    private MemoryServer? _server;
    private IServerDriver? _driver;
    private readonly FakeTimeProvider _clock = new(MemoryServer.Start);
    private Conversation _now = new();
    private Task? _stopping;

    public async Task PlayAsync()
    {
        Step? current = null;
        try
        {
            for (int i = 0; i < _steps.Count; i++)
            {
                current = _steps[i];
                _log.Append(CultureInfo.InvariantCulture, $"{current.Line}: {current.Kind} {current.Text}\n");
                if (current.Kind.StartsWith('D'))
                {
                    int first = i;
                    while (i + 1 < _steps.Count && _steps[i + 1].Kind == current.Kind)
                        i++;
                    await PlayDataAsync(current.Kind, [.. _steps.Take(i + 1).Skip(first).Select(static step => step.Text)]);
                }
                else
                {
                    await PlayAsync(current);
                }
            }
            current = null;
            await EndAsync();
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{name}, line {current?.Line.ToString(CultureInfo.InvariantCulture) ?? "end"}: {exception.Message}\n\n{_log}", exception);
        }
    }

    private async Task PlayAsync(Step step)
    {
        switch (step.Kind)
        {
            case "C:":
                await SendAsync(step.Text);
                break;
            case "S:":
                await ExpectAsync(step.Text);
                break;
            case "@needs":
                break;
            case "@with":
                _options.AddRange(step.Text.Split(' '));
                break;
            case "@as":
                _now = _conversations.TryGetValue(step.Text, out Conversation? known) ? known : _conversations[step.Text] = new Conversation();
                break;
            case "@from":
                _now.Address = IPAddress.Parse(step.Text);
                break;
            case "@local":
                _now.Local = new IPEndPoint(IPAddress.Parse(step.Text), 21);
                break;
            case "@connect":
                await ConnectAsync(step.Text);
                break;
            case "@login":
                await ConnectAsync("");
                await _now.Client!.ExpectAsync(220);
                await _now.Client.LoginAsync(step.Text.Length == 0 ? "alice" : step.Text);
                break;
            case "@tls":
                await _now.Client!.SecureAsync(Protocols(step.Text), certificate: step.Text == "certificate" ? TestCertificates.Client : null);
                break;
            case "@protect":
                _now.Client!.ProtectsData = true;
                break;
            case "@clear":
                await _now.Client!.ReturnToClearAsync(step.Text != "rudely");
                break;
            case "@epsv":
                _now.Data = await DataEnd.OpenAsync(_now.Client!);
                break;
            case "@dial":
                Dial(step.Text);
                break;
            case "@open":
                _server!.Data.Open(int.Parse(step.Text.Split(' ')[0], CultureInfo.InvariantCulture), step.Text.EndsWith(" silent", StringComparison.Ordinal));
                break;
            case "@ports":
                _server!.Data.MaxPorts = int.Parse(step.Text, CultureInfo.InvariantCulture);
                break;
            case "@accept":
                int port = int.Parse(step.Text, CultureInfo.InvariantCulture);
                _now.Data = new DataEnd(await _server!.Data.AcceptAsync(port), _now.Client!.ProtectsData);
                break;
            case "@time":
                await _server!.AdvanceAsync(TimeSpan.FromSeconds(double.Parse(step.Text, CultureInfo.InvariantCulture)));
                break;
            case "@notice":
                _server!.Ftp.PostNotice(step.Text);
                break;
            case "@stop":
                await Task.Run(() => { _stopping = _server!.Ftp.StopAsync(CancellationToken.None); }, CancellationToken.None);
                break;
            case "@hangup":
                await _now.Client!.DisposeAsync();
                await _server!.WaitAsync(_now.Client.Serving);
                break;
            default:
                throw new FormatException($"There is no step {step.Kind}.");
        }
    }

    private MemoryServer Server() => _server ??= new MemoryServer(_driver!, TranscriptOptions.Of(_options), _clock);

    private async Task ConnectAsync(string how)
    {
        _driver ??= await fixture.CreateDriverAsync(_clock, _steps.Any(static step => step.Text.Contains("big.bin", StringComparison.Ordinal)));
        _now.Client = Server().Connect(_now.Address, how == "implicit", _now.Local);
    }

    private async Task SendAsync(string text)
    {
        string octets = Octets.Unescape(text);
        if (octets.EndsWith("<no EOL>", StringComparison.Ordinal))
            octets = octets[..^"<no EOL>".Length];
        else if (octets.Length == 0 || octets[^1] is not ('\r' or '\n'))
            octets += "\r\n";
        await _now.Client!.WriteAsync(octets);
    }

    private async Task ExpectAsync(string text)
    {
        MemoryClient client = _now.Client!;
        if (text == "<nothing>")
        {
            Assert.False(client.HasUnread, "The server said something.");
            return;
        }
        if (text == "<closed>")
        {
            Assert.Null(await client.ReadLineAsync());
            await _server!.WaitAsync(client.Serving);
            return;
        }
        string line;
        if (text.Length == 3 && text.All(char.IsAsciiDigit))
        {
            do
                line = await client.ReadLineAsync() ?? throw new IOException("The server closed the connection.");
            while (line.Length < 4 || line[3] != ' ' || !char.IsAsciiDigit(line[0]));
            text += " ...";
        }
        else
        {
            line = await client.ReadLineAsync() ?? throw new IOException("The server closed the connection.");
        }
        if (!Octets.Matches(text, line))
            throw new InvalidOperationException($"Expected: {text}\nReceived: {Octets.Show(line)}");
        if (line.Length >= 4 && line[3] == ' ' && char.IsAsciiDigit(line[0]))
        {
            Assert.Contains(int.Parse(line.AsSpan(0, 3), CultureInfo.InvariantCulture), ReplyCodes.Known);
            _now.Note(line);
        }
    }

    private void Dial(string text)
    {
        IPAddress from = text.Length == 0 ? _now.Client!.Address : IPAddress.Parse(text);
        DataEnd end = new(_server!.Data.Dial(_now.PassivePort, from), _now.Client!.ProtectsData && text.Length == 0);
        if (text.Length == 0)
            _now.Data = end;
        else
            _now.Stranger = end;
    }

    private async Task PlayDataAsync(string kind, IReadOnlyList<string> texts)
    {
        if (texts is ["<stranger closed>"])
        {
            Assert.Equal("", await _now.Stranger!.ReadToEndAsync());
            return;
        }
        DataEnd data = _now.Data ?? throw new InvalidOperationException("There is no data connection.");
        bool deflated = kind.EndsWith('z');
        if (kind[1] == '<')
        {
            await SendDataAsync(data, texts, deflated);
            return;
        }
        string octets = await data.ReadToEndAsync(deflated);
        if (texts[^1] == "<reset>")
        {
            Assert.True(data.WasReset, "The data connection was closed as if all had been sent.");
            return;
        }
        Assert.True(_now.Client!.ProtectsData || !data.WasReset, "The data connection was reset.");
        string expected = string.Concat(texts);
        if (expected.StartsWith('='))
            Assert.True(octets == Encoding.Latin1.GetString(MemoryFixture.CreateTree().ReadFile(expected[1..])!), "The content is another.");
        else if (!Octets.Matches(expected, octets))
            throw new InvalidOperationException($"Expected: {expected}\nReceived: {Octets.Show(octets)}");
    }

    private static async Task SendDataAsync(DataEnd data, IReadOnlyList<string> texts, bool deflate)
    {
        string last = texts[^1];
        bool stays = last == "<more>", breaks = last == "<reset>", cuts = last == "<cut>";
        string text = string.Concat(stays || breaks || cuts ? texts.SkipLast(1) : texts);
        string octets = text.StartsWith('=') ? Encoding.Latin1.GetString(MemoryFixture.CreateTree().ReadFile(text[1..])!) : Octets.Unescape(text);
        if (deflate)
            octets = Deflated(octets);
        try
        {
            if (octets.Length > 0)
                await data.WriteAsync(octets);
            if (breaks)
            {
                // As with a socket, a reset loses what has not been read; a store may take a moment before it begins to.
                await Bounded.UntilAsync("the server reads the data", () => data.Transport.IsAllTaken);
                await data.ResetAsync();
            }
            else if (cuts)
                await data.Transport.DisposeAsync();
            else if (!stays)
                await data.CloseAsync();
        }
        catch (IOException)
        {
            // The server may break off an upload; why, its reply says.
        }
    }

    private static string Deflated(string octets)
    {
        MemoryStream packed = new();
        using (System.IO.Compression.ZLibStream zlib = new(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(MemoryClient.Octets(octets));
        return Encoding.Latin1.GetString(packed.ToArray());
    }

    private static SslProtocols Protocols(string text) => text switch
    {
        "1.2" => SslProtocols.Tls12,
        "1.3" => SslProtocols.Tls13,
        _ => SslProtocols.None,
    };

    private async Task EndAsync()
    {
        foreach (Conversation conversation in _conversations.Values.Append(_now))
            Assert.False(conversation.Client is { HasUnread: true }, "The server said more than the transcript.");
        if (_server is not null)
            await _server.DisposeAsync();
        if (_stopping is not null)
            await _stopping.WaitAsync(MemoryServer.Patience);
    }

    /// <summary>One control connection with what belongs to it.</summary>
    private sealed class Conversation
    {
        public MemoryClient? Client { get; set; }

        public IPAddress? Address { get; set; }

        public IPEndPoint? Local { get; set; }

        public DataEnd? Data { get; set; }

        public DataEnd? Stranger { get; set; }

        public int PassivePort { get; private set; }

        /// <summary>Remembers the port of 227 and 229.</summary>
        public void Note(string line)
        {
            if (line.StartsWith("229 ", StringComparison.Ordinal))
            {
                PassivePort = int.Parse(line.Split('|')[3], CultureInfo.InvariantCulture);
            }
            else if (line.StartsWith("227 ", StringComparison.Ordinal))
            {
                string[] numbers = line.Split('(', ')')[1].Split(',');
                PassivePort = (int.Parse(numbers[4], CultureInfo.InvariantCulture) << 8) | int.Parse(numbers[5], CultureInfo.InvariantCulture);
            }
        }
    }
}

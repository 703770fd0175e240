using ZeroFtp.Conformance.Checks;

namespace ZeroFtp.Conformance.Wire;

/// <summary>A control connection with what a client knows about it, in the notation of the requirements.</summary>
internal sealed class Session(ControlConnection control, Transcript transcript, TimeSpan patience) : IAsyncDisposable
{
    /// <summary>How long a failed login may take: servers delay the reply on purpose.</summary>
    private static readonly TimeSpan LoginPatience = TimeSpan.FromSeconds(20);

    public ControlConnection Control { get; } = control;

    public TimeSpan Patience { get; init; } = patience;

    /// <summary>The greeting, once <see cref="GreetAsync"/> has read it.</summary>
    public Reply Greeting { get; private set; } = null!;

    /// <summary>Whether data connections are protected (PROT P); follows PROT commands that succeed.</summary>
    public bool IsPrivate { get; set; }

    /// <summary>The receive buffer of data connections in octets, for checks that must see back-pressure; 0 leaves it to the system.</summary>
    public int DataReceiveBuffer { get; set; }

    public TlsSettings ControlTls { get; set; } = new();

    public TlsSettings DataTls { get; set; } = new();

    public async Task GreetAsync()
    {
        Greeting = await Control.ReadReplyAsync(Patience);
        if (Greeting.Code == 120)
            Greeting = await Control.ReadReplyAsync(TimeSpan.FromSeconds(30));
        Require(Greeting, 220);
    }

    /// <summary>Sends a line; text is UTF-8, CRLF is appended.</summary>
    public Task SendAsync(string line) => Control.SendAsync(Octets.Utf8(line + "\r\n"));

    /// <summary>Sends octets, one for each character, and nothing else.</summary>
    public Task SendRawAsync(string octets) => Control.SendAsync(Octets.Raw(octets));

    /// <summary>Sends octets of which the last is marked urgent.</summary>
    public Task SendUrgentAsync(string octets) => Control.SendUrgentAsync(Octets.Raw(octets));

    /// <summary>Reads the next reply, whatever it is.</summary>
    public Task<Reply> ReadAsync(TimeSpan? deadline = null) => Control.ReadReplyAsync(deadline ?? Patience);

    /// <summary>Reads the next reply and verifies its code.</summary>
    public async Task<Reply> ExpectAsync(params int[] codes) => Require(await ReadAsync(), codes);

    /// <summary>Reads the next reply and verifies its last line, in which <c>…</c> stands for anything.</summary>
    public async Task<Reply> ExpectAsync(string pattern) => Require(await ReadAsync(), pattern);

    /// <summary>Sends a line and verifies the code of the reply.</summary>
    public async Task<Reply> DoAsync(string line, params int[] codes)
    {
        await SendAsync(line);
        Reply reply = Require(await ReadAsync(PatienceFor(line)), codes);
        Follow(line, reply);
        return reply;
    }

    /// <summary>Sends a line and verifies the last line of the reply, in which <c>…</c> stands for anything.</summary>
    public async Task<Reply> DoAsync(string line, string pattern)
    {
        await SendAsync(line);
        Reply reply = Require(await ReadAsync(PatienceFor(line)), pattern);
        Follow(line, reply);
        return reply;
    }

    /// <summary>Sends octets, one for each character, and CRLF; verifies the code of the reply.</summary>
    public async Task<Reply> DoRawAsync(string octets, params int[] codes)
    {
        await SendRawAsync(octets + "\r\n");
        return Require(await ReadAsync(), codes);
    }

    /// <summary>Sends a line and gives the reply, whatever it is.</summary>
    public async Task<Reply> AskAsync(string line)
    {
        await SendAsync(line);
        Reply reply = await ReadAsync(PatienceFor(line));
        Follow(line, reply);
        return reply;
    }

    /// <summary>Verifies that no reply is outstanding: NOOP is answered by 200 and by nothing else.</summary>
    public Task InStepAsync() => DoAsync("NOOP", 200);

    public Task ExpectEndAsync(TimeSpan? deadline = null) => Control.ExpectEndAsync(deadline ?? Patience);

    public Task ExpectSilenceAsync(double seconds) => Control.ExpectSilenceAsync(TimeSpan.FromSeconds(seconds));

    /// <summary>USER and PASS.</summary>
    public async Task LoginAsync(Account account)
    {
        Reply user = await DoAsync($"USER {account.Name}", 331, 230, 232);
        if (user.Code == 331)
            await DoAsync($"PASS {account.Password}", 230);
    }

    /// <summary>AUTH TLS and the handshake.</summary>
    public async Task AuthTlsAsync(string mechanism = "TLS")
    {
        await DoAsync($"AUTH {mechanism}", 234);
        await SecureAsync();
        IsPrivate = false;
    }

    /// <summary>The handshake on the control connection.</summary>
    public Task SecureAsync() => Control.HandshakeAsync(ControlTls, Patience);

    /// <summary>PBSZ 0 and PROT P.</summary>
    public async Task ProtectDataAsync()
    {
        await DoAsync("PBSZ 0", 200);
        await DoAsync("PROT P", 200);
    }

    /// <summary>Writes data to the transcript.</summary>
    public void Record(string mark, ReadOnlySpan<byte> data) => transcript.Add(Control.Number, mark, data);

    public void Note(string text) => transcript.Note(Control.Number, text);

    public ValueTask DisposeAsync() => Control.DisposeAsync();

    private void Follow(string line, Reply reply)
    {
        if (reply.Code == 200 && line.StartsWith("PROT ", StringComparison.OrdinalIgnoreCase) && line.Length == 6)
            IsPrivate = line[5] is 'P' or 'p';
    }

    private TimeSpan PatienceFor(string line)
        => line.StartsWith("PASS", StringComparison.OrdinalIgnoreCase) || line.StartsWith("ACCT", StringComparison.OrdinalIgnoreCase)
            ? LoginPatience
            : Patience;

    private Reply Require(Reply reply, params int[] codes)
    {
        if (codes.Length > 0 && !codes.Contains(reply.Code))
            Verify.Fail($"session {Control.Number}: expected {string.Join(" or ", codes)}, saw {reply}");
        return reply;
    }

    private Reply Require(Reply reply, string pattern)
    {
        if (!Pattern.Fits(pattern, reply.Line))
            Verify.Fail($"session {Control.Number}: expected {Octets.Show(pattern)}, saw {reply}");
        return reply;
    }
}

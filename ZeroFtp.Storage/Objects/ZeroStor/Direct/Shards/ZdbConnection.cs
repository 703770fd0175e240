using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace ZeroFtp.Storage.Objects.ZeroStor.Direct.Shards;

/// <summary>
/// One connection to a namespace of 0-db. Commands of several callers are pipelined: each is sent at once, and the replies come in the order of the
/// commands.
/// </summary>
/// <remarks>
/// A connection that broke, or on which a reply came too late, is of no use any more: every command that waits on it fails, and the shard opens another.
/// </remarks>
internal sealed class ZdbConnection : IAsyncDisposable
{
    /// <summary>Values up to this length are copied behind their command and sent with it.</summary>
    private const int MaxCopied = 16 * 1024;

    private readonly string _shard;
    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly RespReader _reader;
    private readonly SemaphoreSlim _sending = new(1);
    private readonly Queue<TaskCompletionSource<ZdbReply>> _waiting = new();
    private readonly CancellationTokenSource _closed = new();
    private Exception? _failure;
    private Task _receiving = Task.CompletedTask;

    private ZdbConnection(string shard, Socket socket)
    {
        (_shard, _socket) = (shard, socket);
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = new RespReader(_stream);
    }

    /// <summary>Whether commands may still be sent.</summary>
    public bool IsUsable
    {
        get
        {
            lock (_waiting)
                return _failure is null;
        }
    }

    /// <summary>How many commands wait for their reply.</summary>
    public int Waiting
    {
        get
        {
            lock (_waiting)
                return _waiting.Count;
        }
    }

    /// <summary>Connects and selects the namespace. The password is not sent in clear.</summary>
    /// <exception cref="ZdbException">The server cannot be reached, or refuses the namespace.</exception>
    public static async Task<ZdbConnection> OpenAsync(ShardAddress address, CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        ZdbConnection? connection = null;
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, cancellationToken).ConfigureAwait(false);
            connection = new ZdbConnection(address.Id, socket);
            connection._receiving = connection.ReceiveAsync();
            await connection.SelectAsync(address, cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch (Exception exception)
        {
            if (connection is not null)
                await connection.DisposeAsync().ConfigureAwait(false);
            else
                socket.Dispose();
            if (exception is SocketException)
                throw new ZdbException(ZdbFailure.Unreachable, address.Id, exception.Message, exception);
            throw;
        }
    }

    /// <summary>Sends a command and returns its reply, which the caller disposes. Error replies are exceptions.</summary>
    /// <param name="name">The name of the command.</param>
    /// <param name="arguments">Its arguments; they stay the caller's, unchanged, until this has returned.</param>
    /// <param name="cancellationToken">Stops waiting; the command may be carried out all the same.</param>
    /// <exception cref="ZdbException">The command failed.</exception>
    public async ValueTask<ZdbReply> SendAsync(string name, ReadOnlyMemory<byte>[] arguments, CancellationToken cancellationToken)
    {
        TaskCompletionSource<ZdbReply> reply = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            lock (_waiting)
            {
                if (_failure is not null)
                    throw Broken(_failure);
                _waiting.Enqueue(reply);
            }
            // A server that reads nothing more would keep the write for ever, and half a command is of no use to anybody.
            using CancellationTokenRegistration abort = cancellationToken.UnsafeRegister(static state => ((ZdbConnection)state!).Abort(), this);
            await WriteAsync(name, arguments).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            Fail(exception);
            throw Broken(exception);
        }
        finally
        {
            _sending.Release();
        }
        try
        {
            ZdbReply result = await reply.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (result.Kind != ZdbReplyKind.Error)
                return result;
            throw ZdbException.Of(_shard, result.Text);
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for the reply any more; whoever reads it gives its memory back.
            _ = reply.Task.ContinueWith(
                static late => late.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>Ends the connection: what waits on it fails.</summary>
    public void Abort() => Fail(new IOException("The connection was given up."));

    public async ValueTask DisposeAsync()
    {
        Abort();
        await _receiving.ConfigureAwait(false);
        _reader.Dispose();
        _closed.Dispose();
        _sending.Dispose();
    }

    private async Task SelectAsync(ShardAddress address, CancellationToken cancellationToken)
    {
        byte[] space = Encoding.UTF8.GetBytes(address.Namespace);
        if (address.Password.Length == 0)
        {
            (await SendAsync("SELECT", [space], cancellationToken).ConfigureAwait(false)).Dispose();
            return;
        }
        using ZdbReply challenge = await SendAsync("AUTH", ["SECURE"u8.ToArray(), "CHALLENGE"u8.ToArray()], cancellationToken).ConfigureAwait(false);
        // The protocol of 0-db prescribes SHA-1.
#pragma warning disable CA5350
        string proof = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes($"{challenge.Text}:{address.Password}")));
#pragma warning restore CA5350
        (await SendAsync("SELECT", [space, "SECURE"u8.ToArray(), Encoding.ASCII.GetBytes(proof)], cancellationToken).ConfigureAwait(false)).Dispose();
    }

    // Once begun, a command is written whole: half of one would spoil the connection for the others.
    private async ValueTask WriteAsync(string name, ReadOnlyMemory<byte>[] arguments)
    {
        ArrayBufferWriter<byte> buffer = new(256);
        Header(buffer, '*', arguments.Length + 1);
        Header(buffer, '$', name.Length);
        Encoding.ASCII.GetBytes(name, buffer);
        buffer.Write("\r\n"u8);
        foreach (ReadOnlyMemory<byte> argument in arguments)
        {
            Header(buffer, '$', argument.Length);
            if (argument.Length > MaxCopied)
            {
                await _stream.WriteAsync(buffer.WrittenMemory, CancellationToken.None).ConfigureAwait(false);
                await _stream.WriteAsync(argument, CancellationToken.None).ConfigureAwait(false);
                buffer.ResetWrittenCount();
            }
            else
            {
                buffer.Write(argument.Span);
            }
            buffer.Write("\r\n"u8);
        }
        await _stream.WriteAsync(buffer.WrittenMemory, CancellationToken.None).ConfigureAwait(false);
    }

    private static void Header(ArrayBufferWriter<byte> buffer, char kind, int count)
    {
        Span<byte> span = buffer.GetSpan(16);
        span[0] = (byte)kind;
        count.TryFormat(span[1..], out int length, default, CultureInfo.InvariantCulture);
        "\r\n"u8.CopyTo(span[(1 + length)..]);
        buffer.Advance(length + 3);
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                ZdbReply reply = await _reader.ReadAsync(_closed.Token).ConfigureAwait(false);
                TaskCompletionSource<ZdbReply>? waiting;
                lock (_waiting)
                    _waiting.TryDequeue(out waiting);
                if (waiting is null)
                {
                    reply.Dispose();
                    throw new InvalidDataException("A reply came to no command.");
                }
                waiting.SetResult(reply);
            }
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    private void Fail(Exception exception)
    {
        TaskCompletionSource<ZdbReply>[] waiting;
        lock (_waiting)
        {
            if (_failure is not null)
                return;
            _failure = exception;
            waiting = [.. _waiting];
            _waiting.Clear();
        }
        _closed.Cancel();
        _stream.Dispose();
        foreach (TaskCompletionSource<ZdbReply> one in waiting)
            one.SetException(Broken(exception));
    }

    private ZdbException Broken(Exception exception) => new(ZdbFailure.Unreachable, _shard, $"The connection broke: {exception.Message}", exception);
}

using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using ZeroFtp.Protocol.Data;
using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Protocol.Transfer;

/// <summary>
/// Sends stretches of files straight from the page cache to the socket (sendfile), in parts, yielding between them so that a large transfer leaves the threads to small operations.
/// </summary>
internal static class FileSender
{
    private const int SmallestPart = 64 * 1024;
    private const int LargestPart = 1024 * 1024;
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(250);

    /// <exception cref="DataConnectionException">The connection broke.</exception>
    public static async ValueTask SendAsync(Socket socket, IFileBackedDownload download, long? limit, TransferMeter meter, CancellationToken cancellationToken)
    {
        long left = limit ?? long.MaxValue;
        using SendOperation operation = new();
        int part = meter.IsLimited ? SmallestPart : LargestPart;
        if (NativeSendFile.IsSupported)
            socket.Blocking = false;
        while (left > 0 && await download.NextRegionAsync(cancellationToken).ConfigureAwait(false) is { } region)
        {
            long end = region.Offset + Math.Min(region.Length, left);
            left -= end - region.Offset;
            SafeFileHandle? file = NativeSendFile.IsSupported ? region.File.SafeFileHandle : null;
            for (long offset = region.Offset; offset < end;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int count = (int)Math.Min(part, end - offset);
                int sent = file is null ? NativeSendFile.Refused : Send(socket, file, offset, count);
                if (sent == 0)
                    return;
                if (sent == NativeSendFile.Refused)
                {
                    // This waits for room. A small part is enough to wait with where the rest goes by itself.
                    sent = file is null ? count : Math.Min(count, SmallestPart);
                    await operation.SendAsync(socket, new SendPacketsElement(region.File, offset, sent)).ConfigureAwait(false);
                }
                offset += sent;
                if (!meter.IsLimited)
                    part = meter.Silence > Slow ? SmallestPart : Math.Min(part * 2, LargestPart);
                ValueTask counted = meter.CountAsync(sent, cancellationToken);
                if (!counted.IsCompletedSuccessfully)
                    await counted.ConfigureAwait(false);
                else if (offset < end)
                    await Task.Yield();
            }
        }
    }

    private static int Send(Socket socket, SafeFileHandle file, long offset, int count)
    {
        try
        {
            return NativeSendFile.Send(socket, file, offset, count);
        }
        catch (SocketException exception)
        {
            throw new DataConnectionException("The data connection broke.", exception);
        }
    }

    /// <summary>One SocketAsyncEventArgs as something to await.</summary>
    private sealed class SendOperation : IDisposable
    {
        private readonly SocketAsyncEventArgs _args = new();
        private readonly SendPacketsElement[] _elements = new SendPacketsElement[1];
        private TaskCompletionSource? _completion;

        public SendOperation() => _args.Completed += (_, _) => _completion!.SetResult();

        public async ValueTask SendAsync(Socket socket, SendPacketsElement element)
        {
            _elements[0] = element;
            _args.SendPacketsElements = _elements;
            _completion = new TaskCompletionSource();
            if (socket.SendPacketsAsync(_args))
                await _completion.Task.ConfigureAwait(false);
            // By now there is room for more than a little, and the file may have to come from a disk: nothing for a thread of the sockets.
            if (!Thread.CurrentThread.IsThreadPoolThread)
                await Task.Yield();
            if (_args.SocketError != SocketError.Success)
                throw new DataConnectionException("The data connection broke.", new SocketException((int)_args.SocketError));
        }

        public void Dispose() => _args.Dispose();
    }
}

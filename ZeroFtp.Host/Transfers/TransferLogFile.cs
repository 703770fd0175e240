using System.Buffers;

namespace ZeroFtp.Host.Transfers;

/// <summary>The file behind the transfer log: appended to, rotated when it is full, reopened on request. Used by one task at a time.</summary>
internal sealed class TransferLogFile(TransferLogSettings settings, TimeZoneInfo zone) : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new(64 * 1024);
    private FileStream? _stream;

    public void Add(TransferRecord record)
    {
        if (settings.File is null)
            return;
        if (settings.Format == TransferLogFormat.Json)
            JsonLineFormat.Write(_buffer, record);
        else
            XferlogFormat.Write(_buffer, record, zone);
    }

    public int Pending => _buffer.WrittenCount;

    /// <summary>Hands what was added to the system in one write, so that lines of two writers never mix.</summary>
    public void Flush()
    {
        if (_buffer.WrittenCount == 0)
            return;
        try
        {
            FileStream stream = _stream ??= Open();
            if (settings.MaxBytes > 0 && stream.Length > 0 && stream.Length + _buffer.WrittenCount > settings.MaxBytes)
                stream = Shift();
            stream.Write(_buffer.WrittenSpan);
        }
        finally
        {
            _buffer.ResetWrittenCount();
        }
    }

    /// <summary>Lets go of the file, which may have been moved away; the next line opens it by its name.</summary>
    public void Close()
    {
        _stream?.Dispose();
        _stream = null;
    }

    public void Dispose() => Close();

    private FileStream Shift()
    {
        Close();
        string file = settings.File!;
        for (int number = settings.Keep; number >= 1; number--)
        {
            string from = number == 1 ? file : $"{file}.{number - 1}";
            if (File.Exists(from))
                File.Move(from, $"{file}.{number}", overwrite: true);
        }
        if (settings.Keep == 0)
            File.Delete(file);
        return _stream = Open();
    }

    private FileStream Open()
    {
        string path = Path.GetFullPath(settings.File!);
        MakeDirectory(Path.GetDirectoryName(path)!);
        FileStreamOptions options = new()
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        // The log names accounts, addresses and files.
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    private void MakeDirectory(string directory)
    {
        if (settings.DataDirectory is { } data && !Directory.Exists(data) && !Path.GetRelativePath(data, directory).StartsWith("..", StringComparison.Ordinal))
            throw new DirectoryNotFoundException($"The data directory '{data}' is missing.");
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(directory);
        else
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}

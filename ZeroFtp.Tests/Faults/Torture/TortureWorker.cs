using ZeroFtp.Tests.Storage.Support;

namespace ZeroFtp.Tests.Faults.Torture;

/// <summary>
/// One client. In a directory of its own it knows what has to be there; whatever front-end it asks, an answer of success must agree with that, and nothing may be refused for good. In a directory that all
/// share it does the same things to names that others use too.
/// </summary>
internal sealed class TortureWorker(int number, TortureSession session, Random random)
{
    private const int MostFiles = 40;
    private readonly TortureModel _model = new($"/w{number}");
    private readonly TortureShared _shared = new(session, random);
    private int _names;

    public TortureModel Model => _model;

    /// <summary>Operations that were acknowledged.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>Objects at most that an upload may have left which was not acknowledged.</summary>
    public int InFlight { get; private set; }

    public async Task PrepareAsync() => Assert.Equal("257", await session.CommandAsync("MKD " + _model.Root));

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                if (random.Next(4) == 0)
                {
                    (bool done, int inFlight) = await _shared.StepAsync();
                    InFlight += inFlight;
                    Acknowledged += done ? 1 : 0;
                }
                else
                {
                    await StepAsync();
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It was waiting for a front-end.
        }
    }

    private Task StepAsync()
    {
        string? file = _model.PickFile(random);
        string? directory = _model.PickMovable(random);
        return random.Next(20) switch
        {
            0 or 1 => MakeDirectoryAsync(),
            2 when directory is not null => MoveDirectoryAsync(directory),
            3 when directory is not null && random.Next(3) == 0 => RemoveTreeAsync(directory),
            4 when directory is not null => RemoveDirectoryAsync(directory),
            5 or 6 when file is not null => AppendAsync(file),
            7 or 8 when file is not null => OverwriteAsync(file),
            9 when file is not null => ReplaceAsync(file),
            10 or 11 when file is not null => RenameAsync(file),
            12 or 13 when file is not null => DeleteAsync(file),
            14 when file is not null => TouchAsync(file),
            15 or 16 when file is not null => ReadAsync(file),
            _ when _model.Files.Count >= MostFiles => DeleteAsync(file!),
            _ => StoreAsync(),
        };
    }

    private string NewName() => $"n{_names++}";

    private string NewPath()
    {
        int place = random.Next(_model.Directories.Count + 1);
        return $"{(place == 0 ? _model.Root : _model.Directories[place - 1])}/{NewName()}";
    }

    private byte[] NewContent() => Octets.Make(random.Next(12) switch { 0 => 0, 1 => random.Next(1_000_000, 2_000_000), _ => random.Next(1, 200_000) }, random.Next());

    private async Task StoreAsync()
    {
        (string path, byte[] bytes) = (NewPath(), NewContent());
        (bool isBegun, string? code) = await session.UploadAsync("STOR", path, bytes);
        Settle(isBegun, code, bytes, () => _model.Files[path] = bytes, new TortureDoubt([path], [bytes], bytes, true), path);
    }

    private Task ReplaceAsync(string path) => ChangeAsync(path, "STOR", NewContent(), 0, static (_, bytes, _) => bytes);

    private Task AppendAsync(string path) => ChangeAsync(path, "APPE", NewContent(), 0, static (old, bytes, _) => [.. old, .. bytes]);

    private Task OverwriteAsync(string path) =>
        ChangeAsync(path, "STOR", NewContent(), random.Next(_model.Files[path].Length + 1), static (old, bytes, at) => [.. old[..at], .. bytes, .. old.AsSpan(Math.Min(old.Length, at + bytes.Length))]);

    private async Task ChangeAsync(string path, string verb, byte[] bytes, int restart, Func<byte[], byte[], int, byte[]> change)
    {
        byte[] old = _model.Files[path];
        byte[] young = change(old, bytes, restart);
        (bool isBegun, string? code) = await session.UploadAsync(verb, path, bytes, restart);
        Settle(isBegun, code, bytes, () => _model.Files[path] = young, new TortureDoubt([path], [old, young], null, false), path);
    }

    private async Task RenameAsync(string from)
    {
        string to = NewPath();
        byte[] bytes = _model.Files[from];
        (bool isBegun, string? code) = await session.CommandAsync("RNFR " + from, "RNTO " + to);
        Settle(isBegun, code, null, () =>
        {
            _model.Files.Remove(from);
            _model.Files[to] = bytes;
        }, new TortureDoubt([from, to], [bytes], null, false), from, to);
    }

    private async Task DeleteAsync(string path)
    {
        byte[] bytes = _model.Files[path];
        string? code = await session.CommandAsync("DELE " + path);
        Settle(true, code, null, () => _model.Files.Remove(path), new TortureDoubt([path], [bytes], null, true), path);
    }

    private async Task TouchAsync(string path)
    {
        string? code = await session.CommandAsync($"MFMT 20{random.Next(10, 30)}0102030405 {path}");
        Judge(code, path);
    }

    private async Task ReadAsync(string path)
    {
        (string? code, byte[] bytes) = await session.DownloadAsync("RETR", path);
        if (Judge(code, path))
            Assert.True(bytes.AsSpan().SequenceEqual(_model.Files[path]), $"{path} was read with other bytes than were acknowledged.");
    }

    private async Task MakeDirectoryAsync()
    {
        string path = $"{_model.Root}/{NewName()}";
        if (Judge(await session.CommandAsync("MKD " + path), path))
            _model.Directories.Add(path);
    }

    private async Task RemoveDirectoryAsync(string path)
    {
        string? code = await session.CommandAsync("RMD " + path);
        if (_model.FilesIn(path).Length > 0)
            Assert.True(code is null or "550" || code[0] == '4', $"{code}: a directory that is not empty was removed.");
        else if (Judge(code, path))
            _model.RemoveDirectory(path);
        else
            _model.DoubtDirectory(path, static (_, _) => throw new InvalidOperationException("It was empty."));
    }

    private async Task RemoveTreeAsync(string path)
    {
        if (Judge(await session.CommandAsync("RMDA " + path), path))
            _model.RemoveDirectory(path);
        else
            _model.DoubtDirectory(path, static (file, bytes) => new TortureDoubt([file], [bytes], null, true));
    }

    private async Task MoveDirectoryAsync(string from)
    {
        string to = $"{_model.Root}/{NewName()}";
        (bool isBegun, string? code) = await session.CommandAsync("RNFR " + from, "RNTO " + to);
        if (Judge(code, from) && isBegun)
            _model.MoveDirectory(from, to);
        else if (isBegun)
            _model.DoubtDirectory(from, (file, bytes) => new TortureDoubt([file, to + file[from.Length..]], [bytes], null, false));
    }

    private void Settle(bool isBegun, string? code, byte[]? uploaded, Action acknowledge, TortureDoubt doubt, params string[] paths)
    {
        if (Judge(code, paths[0]))
        {
            acknowledge();
        }
        else if (isBegun)
        {
            _model.Doubt(doubt, paths);
            InFlight += uploaded is null ? 0 : TortureShared.ObjectsInFlight(uploaded.Length);
        }
    }

    /// <summary>Whether it was acknowledged. A refusal for good would mean that a front-end does not see what was acknowledged, since the name is this worker's alone.</summary>
    private bool Judge(string? code, string path)
    {
        Assert.False(code?[0] == '5', $"{code}: {path}, which is there, or may be made.");
        if (code?[0] != '2')
            return false;
        Acknowledged++;
        return true;
    }
}

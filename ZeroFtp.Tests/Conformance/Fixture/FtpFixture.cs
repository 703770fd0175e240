using ZeroFtp.Conformance.Checks;
using ZeroFtp.Conformance.Wire;

namespace ZeroFtp.Conformance.Fixture;

/// <summary>Makes the fixture tree through the server itself, with the verbs that the server has; what cannot be made is said.</summary>
internal sealed class FtpFixture(Session session)
{
    private readonly FixtureParts _parts = new();

    public async Task<FixtureParts> MakeAsync()
    {
        foreach (string directory in FixtureTree.Directories)
            await session.AskAsync($"MKD {directory}");
        foreach ((string path, Func<byte[]> content) in FixtureTree.Files)
            await StoreAsync(path, content(), FixturePart.Files);
        foreach ((string path, string content) in FixtureTree.OddFiles)
            await StoreAsync(path, Octets.Raw(content), FixturePart.OddNames);
        await StoreAsync(FixtureTree.Utf8File, "u\n"u8.ToArray(), FixturePart.Utf8Name);
        Reply quoted = await session.AskAsync($"MKD {FixtureTree.QuotedDirectory}");
        if (!quoted.IsCompletion && !(await session.AskAsync($"CWD {FixtureTree.QuotedDirectory}")).IsCompletion)
            _parts.Lacks(FixturePart.OddNames, $"MKD {FixtureTree.QuotedDirectory} was answered {quoted}");
        await session.AskAsync("CWD /");
        await SetTimeAsync();
        await LinkAsync();
        await RestrictAsync();
        return _parts;
    }

    private async Task StoreAsync(string path, byte[] content, FixturePart part)
    {
        if ((await session.AskAsync($"SIZE {path}")) is { Code: 213 } size && size.Text == $"{content.Length}")
            return;
        try
        {
            await session.PutAsync(path, content);
        }
        catch (CheckFailedException failed)
        {
            _parts.Lacks(part, $"STOR {path}: {failed.Message}");
        }
    }

    private async Task SetTimeAsync()
    {
        string time = $"{FixtureTree.Modified:yyyyMMddHHmmss}";
        foreach (string way in (string[])[$"MFMT {time} docs/a.txt", $"MDTM {time} docs/a.txt", $"SITE UTIME {time} docs/a.txt"])
        {
            await session.AskAsync(way);
            Reply now = await session.AskAsync("MDTM docs/a.txt");
            if (now.Code == 213 && now.Text == time)
                return;
        }

        _parts.Lacks(FixturePart.Times, "no way to set a modification time (MFMT, MDTM, SITE UTIME)");
    }

    private async Task LinkAsync()
    {
        foreach ((string link, string target) in FixtureTree.Links)
        {
            Reply reply = await session.AskAsync($"SITE SYMLINK {target} {link}");
            if (reply.IsCompletion)
                continue;
            Transfer root = await session.DownAsync("LIST");
            if (!root.Text.Contains($" {link} -> ", StringComparison.Ordinal))
                _parts.Lacks(FixturePart.Links, $"no way to make a symbolic link (SITE SYMLINK: {reply})");
        }
    }

    private async Task RestrictAsync()
    {
        await RestrictAsync("ro.txt", "444");
        await RestrictAsync("noread.txt", "000");
        await SeeRefusalAsync("RETR noread.txt");
        await SeeRefusalAsync("APPE ro.txt");
    }

    /// <summary>Modes may be kept and yet not bind the account: then there is no file that it cannot read or write.</summary>
    private async Task SeeRefusalAsync(string line)
    {
        await using DataTarget target = await session.EpsvAsync();
        await using DataConnection data = await target.OpenAsync();
        Reply reply = await session.AskAsync(line);
        if (!reply.IsPreliminary)
            return;
        if (line.StartsWith("APPE", StringComparison.Ordinal))
            await data.CloseAsync();
        else
            await data.ReadToEndAsync();
        await session.ReadAsync();
        _parts.Lacks(FixturePart.Permissions, $"{line} is let through although SITE CHMOD forbids it");
    }

    private async Task RestrictAsync(string path, string mode)
    {
        if ((await session.AskAsync($"SIZE {path}")).Code != 213)
            await StoreAsync(path, "p\n"u8.ToArray(), FixturePart.Permissions);
        Reply reply = await session.AskAsync($"SITE CHMOD {mode} {path}");
        if (!reply.IsCompletion)
            _parts.Lacks(FixturePart.Permissions, $"SITE CHMOD {mode} {path} was answered {reply}");
    }
}

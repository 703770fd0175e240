using ZeroFtp.Conformance.Checks;

namespace ZeroFtp.Conformance.Wire;

/// <summary>Makes a file of more than 4 GiB without sending 4 GiB.</summary>
internal static class HugeFile
{
    private const long Wanted = 5_000_000_000;
    private const int Doublings = 9;

    /// <summary>By a restart offset far behind the end (a sparse file), else by combining copies; skips the check when the server has neither.</summary>
    public static async Task<long> MakeAsync(Session session, string path)
    {
        await session.DoAsync($"REST {Wanted - 1}", 350);
        await using DataTarget target = await session.EpsvAsync();
        await using DataConnection data = await target.OpenAsync();
        Reply begun = await session.AskAsync($"STOR {path}");
        if (begun.Code is not (150 or 125))
            return await CombineAsync(session, path);
        await data.WriteAsync("x");
        await data.CloseAsync();
        await session.ExpectAsync(226);
        return Wanted;
    }

    private static async Task<long> CombineAsync(Session session, string path)
    {
        await CopyAsync(session, "/big.bin", path);
        long length = 10_485_760;
        for (int round = 0; round < Doublings; round++)
        {
            await CopyAsync(session, path, $"{path}.2");
            await session.SendAsync($"COMB \"{path}\" \"{path}.2\"");
            Reply combined = await session.ReadAsync(TimeSpan.FromSeconds(60));
            Skip.Unless(combined.Code == 250, "COMB", $"no way to make a file of more than 4 GiB: COMB was answered {combined}");
            length *= 2;
        }

        return length;
    }

    private static async Task CopyAsync(Session session, string from, string to)
    {
        Reply source = await session.AskAsync($"SITE CPFR {from}");
        Skip.Unless(source.Code == 350, "SITE CPFR", $"no way to make a file of more than 4 GiB: SITE CPFR was answered {source}");
        await session.SendAsync($"SITE CPTO {to}");
        Reply copied = await session.ReadAsync(TimeSpan.FromSeconds(60));
        Skip.Unless(copied.Code == 250, "SITE CPTO", $"no way to make a file of more than 4 GiB: SITE CPTO was answered {copied}");
    }
}

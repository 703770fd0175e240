using ZeroFtp.Conformance.Checks;

namespace ZeroFtp.Conformance.Wire;

/// <summary>Whole transfers.</summary>
internal static class SessionTransfers
{
    /// <summary>Data set-up, then the verb: expects 1xx, reads the data to its end, expects 226 or 250.</summary>
    public static async Task<Transfer> DownAsync(this Session session, string line, DataMode mode = DataMode.Epsv)
    {
        await using DataTarget target = await session.AgreeAsync(mode);
        return await session.DownAsync(line, target);
    }

    public static async Task<Transfer> DownAsync(this Session session, string line, DataTarget target)
    {
        DataConnection? early = target.IsPassive ? await target.OpenAsync() : null;
        await session.SendAsync(line);
        Reply preliminary = await session.ExpectAsync(150, 125);
        await using DataConnection data = early ?? await target.OpenAsync();
        byte[] octets = await data.ReadToEndAsync();
        return new(preliminary, octets, await session.ExpectAsync(226, 250));
    }

    /// <summary>Data set-up, then the verb: expects 1xx, sends the data, closes, expects 226 or 250.</summary>
    public static Task<Transfer> UpAsync(this Session session, string line, string latin1, DataMode mode = DataMode.Epsv)
        => session.UpAsync(line, Octets.Raw(latin1), mode);

    public static async Task<Transfer> UpAsync(this Session session, string line, byte[] octets, DataMode mode = DataMode.Epsv)
    {
        await using DataTarget target = await session.AgreeAsync(mode);
        DataConnection? early = target.IsPassive ? await target.OpenAsync() : null;
        await session.SendAsync(line);
        Reply preliminary = await session.ExpectAsync(150, 125);
        await using DataConnection data = early ?? await target.OpenAsync();
        if (octets.Length > 0)
            await data.WriteAsync(octets);
        await data.CloseAsync();
        if (session.IsPrivate)
            await data.DrainAsync();
        return new(preliminary, octets, await session.ExpectAsync(226, 250));
    }

    /// <summary>RETR.</summary>
    public static async Task<byte[]> GetAsync(this Session session, string path, DataMode mode = DataMode.Epsv)
        => (await session.DownAsync($"RETR {path}", mode)).Data;

    /// <summary>RETR, and the content is as expected (each character an octet).</summary>
    public static async Task GetAsync(this Session session, string path, string expected)
        => Verify.Bytes(expected, await session.GetAsync(path), $"content of {path}");

    /// <summary>STOR.</summary>
    public static Task PutAsync(this Session session, string path, string latin1) => session.UpAsync($"STOR {path}", latin1);

    public static Task PutAsync(this Session session, string path, byte[] octets) => session.UpAsync($"STOR {path}", octets);

    /// <summary>Data set-up, then the verb: expects refusal with one of the codes, no 1xx before it, and no data.</summary>
    public static async Task<Reply> RefusedAsync(this Session session, string line, params int[] codes)
    {
        await using DataTarget target = await session.AgreeAsync(DataMode.Epsv);
        await using DataConnection data = await target.OpenAsync();
        Reply reply = await session.DoAsync(line, codes);
        return reply;
    }

    /// <summary>Data set-up and connection, the verb, 1xx: the transfer runs, the caller goes on.</summary>
    public static async Task<DataConnection> BeginAsync(this Session session, string line, DataMode mode = DataMode.Epsv)
    {
        await using DataTarget target = await session.AgreeAsync(mode);
        DataConnection? early = target.IsPassive ? await target.OpenAsync() : null;
        await session.SendAsync(line);
        await session.ExpectAsync(150, 125);
        return early ?? await target.OpenAsync();
    }

    /// <summary>The lines of FEAT, without their indent.</summary>
    public static async Task<IReadOnlyList<string>> FeaturesAsync(this Session session)
    {
        Reply reply = await session.AskAsync("FEAT");
        return reply.Code == 211 && reply.IsMultiline ? [.. reply.Middle.Select(line => line.StartsWith(' ') ? line[1..] : line)] : [];
    }
}

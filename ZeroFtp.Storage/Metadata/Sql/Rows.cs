using System.Buffers.Binary;
using System.Data.Common;

namespace ZeroFtp.Storage.Metadata.Sql;

/// <summary>Reads rows with the column order of the shared texts.</summary>
internal static class Rows
{
    /// <summary>Reads a row of <see cref="TreeSql.Columns"/>, followed by the directory's version if <paramref name="withVersion"/>.</summary>
    public static FileRow File(DbDataReader reader, bool withVersion = false) => new()
    {
        Id = reader.GetInt64(0),
        Directory = reader.GetInt64(1),
        Name = reader.GetString(2),
        IsDirectory = reader.GetBoolean(3),
        Mode = (int)reader.GetInt64(4),
        ModTime = reader.GetInt64(5),
        BirthTime = reader.GetInt64(6),
        Size = reader.GetInt64(7),
        StorKey = Text(reader, 8),
        IsPartial = reader.GetBoolean(9),
        Link = Text(reader, 10),
        Owner = reader.GetString(11),
        Version = reader.GetInt64(12),
        DirectoryVersion = withVersion && !reader.IsDBNull(13) ? reader.GetInt64(13) : 0,
    };

    /// <summary>Reads a row of <see cref="TreeSql.ListPage"/>.</summary>
    public static FileRow Listed(DbDataReader reader) => new()
    {
        Id = reader.GetInt64(0),
        Directory = reader.GetInt64(1),
        Name = reader.GetString(2),
        IsDirectory = reader.GetBoolean(3),
        Mode = (int)reader.GetInt64(4),
        ModTime = reader.GetInt64(5),
        BirthTime = reader.GetInt64(6),
        Size = reader.GetInt64(7),
        IsPartial = reader.GetBoolean(8),
        Link = Text(reader, 9),
        Owner = reader.GetString(10),
        Version = reader.GetInt64(11),
    };

    /// <summary>Reads the columns start, length, object_offset and those of <see cref="Object"/>, starting at <paramref name="at"/>.</summary>
    public static Extent Extent(DbDataReader reader, int at = 0) =>
        new(reader.GetInt64(at), reader.GetInt64(at + 1), Object(reader, at + 3), reader.GetInt64(at + 2));

    /// <summary>Reads the columns object, object_length, hash, crc, ref, starting at <paramref name="at"/>.</summary>
    public static ObjectRow Object(DbDataReader reader, int at = 0) =>
        new(reader.GetInt64(at), reader.GetInt64(at + 1), Hash((byte[])reader.GetValue(at + 2)), (uint)reader.GetInt64(at + 3), Text(reader, at + 4));

    public static byte[] Hash(UInt128 hash)
    {
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, hash);
        return bytes;
    }

    private static UInt128 Hash(byte[] bytes) => BinaryPrimitives.ReadUInt128BigEndian(bytes);

    public static string? Text(DbDataReader reader, int at) => reader.IsDBNull(at) ? null : reader.GetString(at);

    public static long? Number(DbDataReader reader, int at) => reader.IsDBNull(at) ? null : reader.GetInt64(at);

    /// <summary>Reads the first column of the only row, or null, then moves to the next result.</summary>
    public static async ValueTask<long?> NumberAsync(DbDataReader reader, CancellationToken cancellationToken)
    {
        long? number = await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? Number(reader, 0) : null;
        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        return number;
    }

    /// <summary>Reads the only row, or null, then moves to the next result.</summary>
    public static async ValueTask<FileRow?> FileAsync(DbDataReader reader, CancellationToken cancellationToken)
    {
        FileRow? row = await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? File(reader) : null;
        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        return row;
    }

    /// <summary>Reads the results of <see cref="TreeSql.State"/>.</summary>
    public static async ValueTask<NameState> StateAsync(DbDataReader reader, CancellationToken cancellationToken)
    {
        long? version = await NumberAsync(reader, cancellationToken).ConfigureAwait(false);
        return new NameState(version, await FileAsync(reader, cancellationToken).ConfigureAwait(false));
    }
}

/// <summary>A directory's version (null if it does not exist) and the row of a name in it.</summary>
internal readonly record struct NameState(long? Version, FileRow? File);

using System.Text;
using CsCheck;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Cache;

namespace ZeroFtp.Tests.Storage.Metadata.Cache;

public sealed class CachedDirectoryTests
{
    private static readonly Comparer<string> Octets = Comparer<string>.Create(static (x, y) => Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y)));

    private static FileRow Row(string name, int i) => new()
    {
        Id = i + 10,
        Directory = 7,
        Name = name,
        IsDirectory = i % 5 == 0,
        Mode = i % 512,
        ModTime = -i,
        BirthTime = i * 3L,
        Size = i % 5 == 0 ? 0 : i,
        IsPartial = i % 7 == 0,
        Link = i % 11 == 1 ? "zu/é" + i : null,
        Owner = "o" + (i % 3),
        Version = i,
    };

    private static CachedDirectory Build(IEnumerable<FileRow> rows, long version)
    {
        DirectoryBuilder builder = new(7);
        foreach (FileRow row in rows.OrderBy(static r => r.Name, Octets))
            builder.Add(row);
        return builder.Build(version);
    }

    private static List<FileRow> Rows(CachedDirectory directory)
    {
        List<FileRow> rows = [];
        for (CachedDirectory.Walk walk = directory.Entries(); walk.MoveNext();)
            rows.Add(walk.Current);
        return rows;
    }

    [Fact]
    public void It_gives_back_what_it_was_built_from()
    {
        FileRow[] rows = [.. Enumerable.Range(0, 500).Select(static i => Row((i % 2 == 0 ? "ä" : "\U0001F600") + i, i)).OrderBy(static r => r.Name, Octets)];
        CachedDirectory directory = Build(rows, 3);
        Assert.Equal(rows, Rows(directory));
        Assert.All(rows, r => Assert.Equal(r, directory.Find(r.Name)));
        Assert.Null(directory.Find("none"));
        Assert.Null(directory.Find(new string('é', 200)));
    }

    [Fact]
    public void Changes_do_what_they_would_do_to_a_sorted_dictionary()
    {
        Gen.Select(Gen.Int[0, 200], Gen.Select(Gen.Int[0, 300], Gen.Bool, Gen.Int[1, 9999]).Array[0, 600]).Sample((size, changes) =>
        {
            SortedDictionary<string, FileRow> oracle = new(Octets);
            for (int i = 0; i < size; i++)
                oracle["n" + i] = Row("n" + i, i);
            CachedDirectory directory = Build(oracle.Values, 1);
            long version = 1;
            foreach ((int n, bool adds, int i) in changes)
            {
                string name = "n" + n;
                if (adds)
                    oracle[name] = Row(name, i);
                else
                    oracle.Remove(name);
                directory = adds ? directory.With(Row(name, i), ++version) : directory.Without(name, ++version);
            }
            return directory.Version == version && directory.Count == oracle.Count && Rows(directory).SequenceEqual(oracle.Values)
                && oracle.Keys.All(k => directory.Find(k)!.Equals(oracle[k])) && Enumerable.Range(0, 300).All(n => oracle.ContainsKey("n" + n) || directory.Find("n" + n) is null);
        }, iter: 200);
    }

    [Fact]
    public void An_entry_takes_about_ninety_octets()
    {
        const int Count = 200_000;
        CachedDirectory directory = Build(Enumerable.Range(0, Count).Select(static i => Row($"picture-{i:d10}.jpeg", i) with { Link = null }), 1);
        Assert.Equal(56, System.Runtime.CompilerServices.Unsafe.SizeOf<Slot>());
        Assert.InRange(directory.Bytes / Count, 60, 100);
    }
}

namespace ZeroFtp.Storage.Metadata;

/// <summary>
/// Puts together a page of content as it was at an earlier version of its file. An overwrite keeps the extents that it cuts, as garbage of its own: what has
/// been cut since is found there, everything else where it is now.
/// </summary>
/// <remarks>
/// For example a file of one extent [0, 100) at version 3 is overwritten at [20, 30), which makes it version 4: the cut keeps [0, 100) as it was. Then [0, 10)
/// is overwritten: that cut keeps [0, 20). A reader of version 3 takes [0, 100) from the first cut, the older one; a reader of version 4 takes [0, 20) from the
/// second cut and the rest from the current extents [20, 30) and [30, 100).
/// <para>The memory is bounded whatever was cut: of more than twice the pieces of a page those at its end are left to the next page.</para>
/// </remarks>
/// <param name="from">Where the page begins.</param>
/// <param name="end">Where the content ends.</param>
/// <param name="limit">Pieces that a page has at least, unless the content ends.</param>
internal sealed class ExtentSnapshot(long from, long end, int limit)
{
    private readonly List<Extent> _pieces = [];
    private long _end = end;

    /// <summary>Adds an extent: what was cut first comes first, the current extents last. It counts only where none before it was.</summary>
    public void Add(Extent extent)
    {
        long at = Math.Max(extent.Start, from);
        long stop = Math.Min(extent.End, _end);
        int i = FirstEndingAfter(at);
        while (at < stop)
        {
            long next = i < _pieces.Count ? Math.Min(_pieces[i].Start, stop) : stop;
            if (at < next)
                _pieces.Insert(i++, new Extent(at, next - at, extent.Object, extent.ObjectOffset + at - extent.Start));
            if (i == _pieces.Count)
                break;
            at = _pieces[i++].End;
        }
        if (_pieces.Count <= 2 * limit)
            return;
        _end = _pieces[limit].Start;
        _pieces.RemoveRange(limit, _pieces.Count - limit);
    }

    /// <summary>What follows the beginning without a gap. Behind the last current extent that was read there may be more, which no cut has kept.</summary>
    public List<Extent> ToPage()
    {
        int count = 0;
        for (long at = from; count < _pieces.Count && _pieces[count].Start == at; count++)
            at = _pieces[count].End;
        return _pieces[..count];
    }

    private int FirstEndingAfter(long at)
    {
        int low = 0;
        for (int high = _pieces.Count; low < high;)
        {
            int middle = (low + high) / 2;
            if (_pieces[middle].End > at)
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }
}

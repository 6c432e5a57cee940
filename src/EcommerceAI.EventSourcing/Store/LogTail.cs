namespace EcommerceAI.EventSourcing.Store;

/// <summary>
/// The newest events as rows, read from the server once for all that follow the log in this process. A dozen followers wake with each
/// append and most of them find nothing for them in it: asking the server one by one cost more than the append itself.
/// </summary>
/// <remarks>
/// What lies further back than the tail, and stretches longer than it, are read from the server as ever. Rows are made into records for
/// each follower that wants them, so that nothing personal is held in the clear, and what cannot be read is read afresh the next time:
/// somebody may have mended it.
/// </remarks>
internal sealed class LogTail(EventReader reader) : IDisposable
{
    /// <summary>The most events of one read, and the fewest that are let go of together.</summary>
    internal const int Stretch = 2_000;

    private const long MostBytes = 16L << 20;

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly List<EventRow> _rows = [];
    private long _bytes;
    private long _after;
    private long _upTo = -1;

    /// <summary>Reads a page of the log.</summary>
    /// <param name="range">Which stretch, with the types that are wanted.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<LogPage> ReadLogAsync(LogRange range, CancellationToken cancellation)
    {
        if (range.IncludesArchived || await FindAsync(range, cancellation) is not { } rows) return await reader.ReadLogAsync(range, cancellation);
        try
        {
            return await reader.DecodeAsync(rows, range, cancellation);
        }
        catch (UnreadableEventException)
        {
            await ForgetAsync(cancellation);
            throw;
        }
    }

    public void Dispose() => _one.Dispose();

    /// <summary>The rows of a stretch, read where they are not at hand yet, or null where it lies outside of the tail.</summary>
    private async Task<List<EventRow>?> FindAsync(LogRange range, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            if (_upTo < range.After) Clear(range.After);
            if (range.After < _after) return null;
            if (range.UpTo > _upTo)
            {
                if (range.UpTo - _upTo > Stretch) return null;
                await ExtendAsync(range.UpTo, cancellation);
            }

            return Select(range);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task ExtendAsync(long upTo, CancellationToken cancellation)
    {
        // Positions are unique, so that the limit is never reached.
        foreach (var row in await reader.ReadRowsAsync(new LogRange(_upTo, upTo, Stretch), cancellation))
        {
            _rows.Add(row);
            _bytes += row.Json.Length;
        }

        _upTo = upTo;
        if (_rows.Count < 2 * Stretch && _bytes < 2 * MostBytes) return;
        var gone = 0;
        while (gone < _rows.Count && (_rows.Count - gone > Stretch || _bytes > MostBytes)) _bytes -= _rows[gone++].Json.Length;
        _after = _rows[gone - 1].Position;
        _rows.RemoveRange(0, gone);
    }

    private List<EventRow> Select(LogRange range)
    {
        // From the end: followers stand there, and look at the last few.
        var first = _rows.Count;
        while (first > 0 && _rows[first - 1].Position > range.After) first--;
        var found = new List<EventRow>();
        for (var i = first; i < _rows.Count && _rows[i].Position <= range.UpTo && found.Count < range.Limit; i++)
        {
            if (range.Types is null || range.Types.Contains(_rows[i].Type)) found.Add(_rows[i]);
        }

        return found;
    }

    private async Task ForgetAsync(CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        Clear(-1);
        _one.Release();
    }

    private void Clear(long after)
    {
        _rows.Clear();
        _bytes = 0;
        _after = _upTo = after;
    }
}

using System.Runtime.CompilerServices;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>Which events to list; what is null does not narrow the list. Marks of unused numbers are never listed.</summary>
public sealed record EventFilter
{
    /// <summary>Only events of these names.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>Only events of streams of this category.</summary>
    public string? Category { get; init; }

    /// <summary>Only events of this stream.</summary>
    public string? StreamId { get; init; }

    /// <summary>Only events that happened at this moment or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only events that happened before this moment.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only events of this conversation.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Only events of this cause.</summary>
    public string? CausationId { get; init; }

    /// <summary>Only events above this position.</summary>
    public long After { get; init; }

    /// <summary>Only events at this position or below; nothing above the high-water mark is listed in any case.</summary>
    public long UpTo { get; init; } = long.MaxValue;

    /// <summary>Only archived events, or only those that are not.</summary>
    public bool? Archived { get; init; }
}

/// <summary>How the events of a filter spread over one stream.</summary>
/// <param name="StreamId">The stream's key.</param>
/// <param name="Events">How many events.</param>
/// <param name="FirstVersion">The version of the first of them.</param>
/// <param name="LastVersion">The version of the last of them.</param>
/// <param name="Types">Their names, each once, in alphabetical order.</param>
public sealed record StreamChange(string StreamId, long Events, long FirstVersion, long LastVersion, IReadOnlyList<string> Types);

/// <summary>Lists events, for operators: it scans what has no index.</summary>
public sealed class EventQueries(EventStore store)
{
    private const int PageSize = 1000;

    /// <summary>The first events that the filter lets through, or the last.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="limit">The most, 1 or more.</param>
    /// <param name="newestFirst">In falling order of position instead of rising.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InvalidOperationException">The filter asks for a column that this database does not have.</exception>
    public async Task<IReadOnlyList<StoredEvent>> ListAsync(
        EventFilter filter, int limit, bool newestFirst = false, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return await ReadAsync(filter, await store.HighWater.ReadAsync(cancellation), limit, newestFirst, cancellation);
    }

    /// <summary>Every event that the filter lets through, in order of position, up to the high-water mark of the moment of the call.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="reached">Told the position up to which the log has been looked through.</param>
    /// <param name="cancellation">Gives up.</param>
    public async IAsyncEnumerable<StoredEvent> ReadAllAsync(
        EventFilter filter, Action<long>? reached = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var mark = await store.HighWater.ReadAsync(cancellation);
        while (filter.After < mark)
        {
            var page = await ReadAsync(filter, mark, PageSize, newestFirst: false, cancellation);
            foreach (var @event in page) yield return @event;
            filter = filter with { After = page.Count < PageSize ? mark : page[^1].Position };
            reached?.Invoke(filter.After);
        }
    }

    /// <summary>The streams that the events of a filter belong to, those with the most events first.</summary>
    /// <param name="filter">Which events.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<StreamChange>> CountByStreamAsync(EventFilter filter, CancellationToken cancellation = default)
    {
        await using var command = Where(filter, await store.HighWater.ReadAsync(cancellation)).Command(
            store.Source,
            """
            select stream_id, count(*), min(version), max(version), array_agg(distinct type order by type)
            from events.mt_events {where} group by stream_id order by count(*) desc, stream_id
            """);
        command.CommandTimeout = 0;
        var changes = new List<StreamChange>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            changes.Add(new StreamChange(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetFieldValue<string[]>(4)));
        return changes;
    }

    private async Task<List<StoredEvent>> ReadAsync(EventFilter filter, long mark, int limit, bool newestFirst, CancellationToken cancellation)
    {
        await using var command = Where(filter, mark).Command(
            store.Source,
            $"select {store.Layout.AllColumns} from events.mt_events {{where}} order by seq_id {(newestFirst ? "desc" : "")} limit {limit}");
        command.CommandTimeout = 0;
        var events = new List<StoredEvent>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) events.Add(StoredEvent.Read(reader));
        return events;
    }

    private Conditions Where(EventFilter filter, long mark)
    {
        if (filter.CorrelationId is not null && !store.Layout.HasCorrelation) throw Lacks(EventLayout.Correlation);
        if (filter.CausationId is not null && !store.Layout.HasCausation) throw Lacks(EventLayout.Causation);
        return new Conditions()
            .And("seq_id > @1", filter.After).And("seq_id <= @1", Math.Min(mark, filter.UpTo)).And($"type <> '{EventTypes.Tombstone}'")
            .And("type = any(@1)", (object?)filter.Types?.ToArray()).And("stream_id = @1", filter.StreamId).AndCategory("stream_id", filter.Category)
            .And("timestamp >= @1", filter.From?.ToUniversalTime()).And("timestamp < @1", filter.To?.ToUniversalTime())
            .And($"{EventLayout.Correlation} = @1", filter.CorrelationId).And($"{EventLayout.Causation} = @1", filter.CausationId)
            .And("(is_archived is true) = @1", filter.Archived);
    }

    private static InvalidOperationException Lacks(string column) => new($"This database keeps no {column}, so events cannot be found by it.");
}

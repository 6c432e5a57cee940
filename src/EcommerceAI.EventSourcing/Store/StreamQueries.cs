using System.Globalization;
using EcommerceAI.EventSourcing.Projections;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>What a list of streams is ordered by.</summary>
public enum StreamOrder
{
    /// <summary>By key.</summary>
    Id,

    /// <summary>The one appended to last comes first.</summary>
    Changed,

    /// <summary>The one with the most events comes first.</summary>
    Size,
}

/// <summary>Which streams to list; what is null does not narrow the list.</summary>
/// <param name="Category">The key's part before its first dash.</param>
/// <param name="Prefix">What the key begins with.</param>
/// <param name="Archived">Only archived ones, or only those that are not.</param>
/// <param name="ChangedBefore">Only those that were last appended to before this moment.</param>
/// <param name="Order">The list's order.</param>
public sealed record StreamFilter(
    string? Category = null, string? Prefix = null, bool? Archived = null, DateTimeOffset? ChangedBefore = null, StreamOrder Order = StreamOrder.Id);

/// <summary>Lists streams, for operators: it scans what has no index.</summary>
public sealed class StreamQueries(EventStore store)
{
    /// <summary>One stream.</summary>
    /// <param name="streamId">The stream's key.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The stream, or null where it is not there.</returns>
    public async Task<StoredStream?> FindAsync(string streamId, CancellationToken cancellation = default)
    {
        await using var command = new Conditions().And("id = @1", streamId)
            .Command(store.Source, $"select {store.Layout.StreamColumns} from events.mt_streams {{where}}");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? StoredStream.Read(reader) : null;
    }

    /// <summary>A page of the streams.</summary>
    /// <param name="filter">Which, and in what order.</param>
    /// <param name="after">The <c>Next</c> of the page before; null for the first.</param>
    /// <param name="limit">The most streams of a page, 1 or more.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="FormatException"><paramref name="after"/> is none that this order gives.</exception>
    public async Task<KeysetPage<StoredStream, string>> ListAsync(
        StreamFilter filter, string? after = null, int limit = 100, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var conditions = new Conditions()
            .AndCategory("id", filter.Category).And("starts_with(id, @1)", filter.Prefix).And("(is_archived is true) = @1", filter.Archived)
            .And("timestamp < @1", filter.ChangedBefore?.ToUniversalTime());
        if (after is not null) After(conditions, filter.Order, after);
        await using var command = conditions.Command(
            store.Source,
            $"select {store.Layout.StreamColumns} from events.mt_streams {{where}} order by {OrderBy(filter.Order)} limit {limit + 1L}");
        var streams = new List<StoredStream>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) streams.Add(StoredStream.Read(reader));
        return KeysetPage<StoredStream, string>.Of(streams, limit, stream => KeyOf(stream, filter.Order));
    }

    private static string OrderBy(StreamOrder order) => order switch
    {
        StreamOrder.Changed => "timestamp desc, id",
        StreamOrder.Size => "coalesce(version, 0) desc, id",
        _ => "id",
    };

    /// <summary>The value that the list is ordered by, a comma and the key, so that a stream that moves meanwhile does not move the page.</summary>
    private static string KeyOf(StoredStream stream, StreamOrder order) => order switch
    {
        StreamOrder.Changed => string.Create(CultureInfo.InvariantCulture, $"{stream.Changed.UtcDateTime:O},{stream.Id}"),
        StreamOrder.Size => string.Create(CultureInfo.InvariantCulture, $"{stream.Version},{stream.Id}"),
        _ => stream.Id,
    };

    private static void After(Conditions conditions, StreamOrder order, string after)
    {
        var comma = after.IndexOf(',', StringComparison.Ordinal);
        var (value, id) = comma < 0 ? (after, "") : (after[..comma], after[(comma + 1)..]);
        if (order == StreamOrder.Id)
            conditions.And("id > @1", after);
        else if (order == StreamOrder.Size && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            conditions.And("(coalesce(version, 0) < @1 or (coalesce(version, 0) = @1 and id > @2))", version, id);
        else if (order == StreamOrder.Changed
            && DateTime.TryParseExact(value, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var changed) && changed.Kind == DateTimeKind.Utc)
            conditions.And("(timestamp < @1 or (timestamp = @1 and id > @2))", changed, id);
        else
            throw new FormatException($"'{after}' is none of the keys that a list in this order ends with.");
    }
}

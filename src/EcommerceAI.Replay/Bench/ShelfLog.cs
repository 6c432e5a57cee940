using EcommerceAI.EventSourcing.Projections.Documents;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.OnlineRetail.Generation;

namespace EcommerceAI.Replay.Bench;

/// <summary>The event of the measurements of reading: about 100 bytes of JSON.</summary>
internal sealed record ShelfMoved(string Sku, string Shelf, int Quantity, decimal UnitPrice, DateTimeOffset At);

/// <summary>What is on a shelf.</summary>
internal sealed record ShelfStock(string Sku, long Quantity, decimal Value, int Moves, DateTimeOffset LastMoved)
{
    public static ShelfStock Empty { get; } = new("", 0, 0, 0, default);

    public static ShelfStock Evolve(ShelfStock stock, object data) => data is ShelfMoved moved
        ? new ShelfStock(moved.Sku, stock.Quantity + moved.Quantity, stock.Value + (moved.Quantity * moved.UnitPrice), stock.Moves + 1, moved.At)
        : stock;
}

/// <summary>A document a shelf.</summary>
internal sealed class ShelfProjection : StreamDocumentProjection<ShelfStock>
{
    public override string Name => "bench_shelves";

    public override int Version => 1;

    public override IReadOnlyList<Type> Handles => [typeof(ShelfMoved)];

    public override ShelfStock Initial(string id) => ShelfStock.Empty;

    public override ShelfStock? Evolve(ShelfStock document, RecordedEvent @event) => ShelfStock.Evolve(document, @event.Data);
}

/// <summary>A log for measurements, the same at each run.</summary>
internal static class ShelfLog
{
    public static EventTypes Types { get; } = new([KeyValuePair.Create("shelf_moved", typeof(ShelfMoved))]);

    public static string StreamId(long shelf) => $"shelf-{shelf:D8}";

    public static ShelfMoved Move(long shelf, int quantity, DateTimeOffset at) =>
        new($"SKU-{shelf:D8}", $"A{shelf % 40:D2}-{shelf % 7}", quantity, 4.95m, at);

    /// <summary>
    /// Fills an empty store by bulk appends. Every stream gets an event before any gets its next, and each round is in a random order:
    /// the events of a stream lie as far apart in the log as they can.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="streams">How many streams.</param>
    /// <param name="eventsEach">How many events each of them gets.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task FillAsync(EventStore store, int streams, int eventsEach, CancellationToken cancellation)
    {
        var random = new SplitMix64(1);
        var order = Enumerable.Range(0, streams).ToArray();
        var append = new BulkAppend(store);
        var moment = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        for (var round = 0; round < eventsEach; round++)
        {
            for (var i = order.Length - 1; i > 0; i--)
            {
                var other = random.Below(i + 1);
                (order[i], order[other]) = (order[other], order[i]);
            }

            foreach (var chunk in order.Chunk(5000))
            {
                var events = chunk.Select(shelf =>
                {
                    moment = moment.AddSeconds(1);
                    return new BulkEvent(StreamId(shelf), new NewEvent(Move(shelf, random.Between(1, 99), moment), Guid.NewGuid(), moment), round == 0);
                });
                await append.AppendAsync(BulkChunk.Prepare([.. events], store.Serializer.Types), null, cancellation);
            }
        }

        // As a log that has been there for a while: counted, and with the marks on its rows that the first reader would have to set.
        await using var vacuum = store.Source.CreateCommand("vacuum (analyze) events.mt_events, events.mt_streams");
        vacuum.CommandTimeout = 0;
        await vacuum.ExecuteNonQueryAsync(cancellation);
    }
}

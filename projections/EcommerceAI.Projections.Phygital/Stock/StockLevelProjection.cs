using EcommerceAI.Commerce.Inventory;
using EcommerceAI.EventSourcing.Projections;
using CommerceStock = EcommerceAI.Commerce.Inventory.Stock;

namespace EcommerceAI.Projections.Phygital.Stock;

/// <summary>
/// Stock by SKU and location: what is there, what of it is promised, and what can still be. A count sets what is on hand, whatever it was,
/// so a batch is folded over the rows as they stand, by the domain's own fold, and written as absolute values.
/// </summary>
public sealed class StockLevelProjection : IProjection
{
    /// <inheritdoc/>
    public string Name => StockLevelQueries.ProjectionName;

    /// <inheritdoc/>
    public int Version => 2;

    /// <inheritdoc/>
    public IReadOnlyList<Type> Handles { get; } = [typeof(StockEvent)];

    /// <inheritdoc/>
    public string Tables =>
        """
        create table {schema}.stock_levels (
            sku        text collate "C" not null,
            location   text collate "C" not null,
            on_hand    bigint not null,
            held       bigint not null,
            allocated  bigint not null,
            backordered bigint not null,
            incoming   bigint not null,
            set_aside  bigint not null,
            safety     integer not null,
            moved_at   timestamptz not null,
            counted_at timestamptz,
            version    bigint not null,
            primary key (sku, location)
        ) with (fillfactor = 50);
        create index stock_levels_location on {schema}.stock_levels (location, sku);
        """;

    /// <inheritdoc/>
    public async Task ApplyAsync(ProjectionBatch batch, CancellationToken cancellation)
    {
        var keys = batch.Events.Select(recorded => KeyOf((StockEvent)recorded.Data)).Distinct().ToArray();
        var levels = await ReadAsync(batch, keys);
        foreach (var recorded in batch.Events)
        {
            var moved = (StockEvent)recorded.Data;
            var before = levels.GetValueOrDefault(KeyOf(moved));
            var stock = CommerceStock.Evolve(StockOf(moved, before), moved);
            levels[KeyOf(moved)] = new StockLevel(
                moved.Sku, moved.Location, stock.OnHand, recorded.Timestamp,
                moved is StockCounted ? recorded.Timestamp : before?.CountedAt, recorded.Version,
                stock.Held, stock.Allocated, stock.Backordered, stock.Incoming, stock.SetAside, stock.Terms.SafetyStock);
        }

        await WriteAsync(batch, [.. levels.Values]);
    }

    /// <summary>The sums of a stock, which fold without the holds and orders that they are made of.</summary>
    private static CommerceStock StockOf(StockEvent moved, StockLevel? before) => before is null
        ? new CommerceStock(moved.Sku, moved.Location, 0)
        : new CommerceStock(moved.Sku, moved.Location, before.OnHand)
        {
            Held = before.Held,
            Allocated = before.Allocated,
            Backordered = before.Backordered,
            Incoming = before.Incoming,
            SetAside = before.SetAside,
            Terms = new StockTerms(before.SafetyStock),
        };

    private static (string Sku, string Location) KeyOf(StockEvent moved) => (moved.Sku, moved.Location);

    private static async Task<Dictionary<(string Sku, string Location), StockLevel>> ReadAsync(
        ProjectionBatch batch, (string Sku, string Location)[] keys)
    {
        var rows = await batch.QueryAsync(
            $$"""
            select {{StockLevelQueries.Columns}}
            from {schema}.stock_levels join unnest($1::text[], $2::text[]) as moved (sku, location) using (sku, location)
            """,
            StockLevelQueries.Read,
            keys.Select(key => key.Sku).ToArray(), keys.Select(key => key.Location).ToArray());
        return rows.ToDictionary(row => (row.Sku, row.Location));
    }

    private static Task<int> WriteAsync(ProjectionBatch batch, StockLevel[] rows) => batch.ExecuteAsync(
        """
        insert into {schema}.stock_levels
            (sku, location, on_hand, moved_at, counted_at, version, held, allocated, backordered, incoming, set_aside, safety)
        select * from unnest(
            $1::text[], $2::text[], $3::bigint[], $4::timestamptz[], $5::timestamptz[], $6::bigint[],
            $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::integer[])
        on conflict (sku, location) do update set
            on_hand = excluded.on_hand, moved_at = excluded.moved_at, counted_at = excluded.counted_at, version = excluded.version,
            held = excluded.held, allocated = excluded.allocated, backordered = excluded.backordered, incoming = excluded.incoming,
            set_aside = excluded.set_aside, safety = excluded.safety
        """,
        rows.Select(row => row.Sku).ToArray(),
        rows.Select(row => row.Location).ToArray(),
        rows.Select(row => row.OnHand).ToArray(),
        rows.Select(row => row.MovedAt.UtcDateTime).ToArray(),
        rows.Select(row => row.CountedAt?.UtcDateTime).ToArray(),
        rows.Select(row => row.Version).ToArray(),
        rows.Select(row => row.Held).ToArray(),
        rows.Select(row => row.Allocated).ToArray(),
        rows.Select(row => row.Backordered).ToArray(),
        rows.Select(row => row.Incoming).ToArray(),
        rows.Select(row => row.SetAside).ToArray(),
        rows.Select(row => row.SafetyStock).ToArray());
}

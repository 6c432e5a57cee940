using EcommerceAI.Commerce.Inventory;
using EcommerceAI.EventSourcing.Projections;
using CommerceStock = EcommerceAI.Commerce.Inventory.Stock;

namespace EcommerceAI.Projections.Phygital.Stock;

/// <summary>
/// Stock by SKU and location. A count sets what is on hand, whatever it was, so a batch is folded over the rows as they stand,
/// by the domain's own fold, and written as absolute values.
/// </summary>
public sealed class StockLevelProjection : IProjection
{
    /// <inheritdoc/>
    public string Name => StockLevelQueries.ProjectionName;

    /// <inheritdoc/>
    public int Version => 1;

    /// <inheritdoc/>
    public IReadOnlyList<Type> Handles { get; } = [typeof(StockEvent)];

    /// <inheritdoc/>
    public string Tables =>
        """
        create table {schema}.stock_levels (
            sku        text collate "C" not null,
            location   text collate "C" not null,
            on_hand    bigint not null,
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
            var stock = CommerceStock.Evolve(new CommerceStock(moved.Sku, moved.Location, before?.OnHand ?? 0), moved);
            levels[KeyOf(moved)] = new StockLevel(
                moved.Sku, moved.Location, stock.OnHand, recorded.Timestamp,
                moved is StockCounted ? recorded.Timestamp : before?.CountedAt, recorded.Version);
        }

        await WriteAsync(batch, [.. levels.Values]);
    }

    private static (string Sku, string Location) KeyOf(StockEvent moved) => (moved.Sku, moved.Location);

    private static async Task<Dictionary<(string Sku, string Location), StockLevel>> ReadAsync(
        ProjectionBatch batch, (string Sku, string Location)[] keys)
    {
        var rows = await batch.QueryAsync(
            """
            select sku, location, on_hand, moved_at, counted_at, version
            from {schema}.stock_levels join unnest($1::text[], $2::text[]) as moved (sku, location) using (sku, location)
            """,
            StockLevelQueries.Read,
            keys.Select(key => key.Sku).ToArray(), keys.Select(key => key.Location).ToArray());
        return rows.ToDictionary(row => (row.Sku, row.Location));
    }

    private static Task<int> WriteAsync(ProjectionBatch batch, StockLevel[] rows) => batch.ExecuteAsync(
        """
        insert into {schema}.stock_levels (sku, location, on_hand, moved_at, counted_at, version)
        select * from unnest($1::text[], $2::text[], $3::bigint[], $4::timestamptz[], $5::timestamptz[], $6::bigint[])
        on conflict (sku, location) do update set
            on_hand = excluded.on_hand, moved_at = excluded.moved_at, counted_at = excluded.counted_at, version = excluded.version
        """,
        rows.Select(row => row.Sku).ToArray(),
        rows.Select(row => row.Location).ToArray(),
        rows.Select(row => row.OnHand).ToArray(),
        rows.Select(row => row.MovedAt.UtcDateTime).ToArray(),
        rows.Select(row => row.CountedAt?.UtcDateTime).ToArray(),
        rows.Select(row => row.Version).ToArray());
}

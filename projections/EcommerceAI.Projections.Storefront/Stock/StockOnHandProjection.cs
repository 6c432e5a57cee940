using EcommerceAI.Commerce.Inventory;
using EcommerceAI.EventSourcing.Projections;
using CommerceStock = EcommerceAI.Commerce.Inventory.Stock;

namespace EcommerceAI.Projections.Storefront.Stock;

/// <summary>
/// Stock of a SKU over all locations, and how much of it can be promised. A count says what is on hand at its location, so the sum can only
/// follow when what stood there before is known: the projection keeps the parts beside the sum.
/// </summary>
public sealed class StockOnHandProjection : IProjection
{
    /// <inheritdoc/>
    public string Name => StockOnHandQueries.ProjectionName;

    /// <inheritdoc/>
    public int Version => 3;

    /// <inheritdoc/>
    public IReadOnlyList<Type> Handles { get; } = [typeof(StockEvent)];

    /// <inheritdoc/>
    public string Tables =>
        """
        create table {schema}.stock_parts (
            sku      text collate "C" not null,
            location text collate "C" not null,
            on_hand  bigint not null,
            promised bigint not null,
            set_aside bigint not null,
            safety   integer not null,
            primary key (sku, location)
        ) with (fillfactor = 50);

        create table {schema}.stock_on_hand (
            sku       text collate "C" primary key,
            on_hand   bigint not null,
            available bigint not null,
            locations integer not null,
            moved_at  timestamptz not null,
            position  bigint not null
        ) with (fillfactor = 50);
        create index stock_on_hand_position on {schema}.stock_on_hand (position);
        """;

    /// <inheritdoc/>
    public async Task ApplyAsync(ProjectionBatch batch, CancellationToken cancellation)
    {
        var sums = new Dictionary<string, StockOnHand>(StringComparer.Ordinal);
        var touched = batch.Events.Select(recorded => ((StockEvent)recorded.Data).Sku).Distinct(StringComparer.Ordinal).ToArray();
        var parts = await ReadPartsAsync(batch, touched);
        foreach (var recorded in batch.Events)
        {
            var moved = (StockEvent)recorded.Data;
            var there = parts.TryGetValue((moved.Sku, moved.Location), out var known);
            var before = known ?? new CommerceStock(moved.Sku, moved.Location, 0);
            var after = CommerceStock.Evolve(before, moved);
            parts[(moved.Sku, moved.Location)] = after;
            var sum = sums.GetValueOrDefault(moved.Sku);
            sums[moved.Sku] = new StockOnHand(
                moved.Sku, (sum?.OnHand ?? 0) + after.OnHand - before.OnHand, (sum?.Locations ?? 0) + (there ? 0 : 1), recorded.Timestamp,
                recorded.Position, (sum?.Available ?? 0) + after.Available - before.Available);
        }

        await WritePartsAsync(batch, parts);
        await WriteSumsAsync(batch, [.. sums.Values]);
    }

    /// <summary>What is held and what is promised to orders count alike here, so one sum stands for both.</summary>
    private static async Task<Dictionary<(string Sku, string Location), CommerceStock>> ReadPartsAsync(ProjectionBatch batch, string[] skus)
    {
        var rows = await batch.QueryAsync(
            "select sku, location, on_hand, promised, set_aside, safety from {schema}.stock_parts where sku = any($1::text[])",
            row => new CommerceStock(row.GetString(0), row.GetString(1), row.GetInt64(2))
            {
                Held = row.GetInt64(3),
                SetAside = row.GetInt64(4),
                Terms = new StockTerms(row.GetInt32(5)),
            },
            [skus]);
        return rows.ToDictionary(row => (row.Sku!, row.Location!));
    }

    private static Task<int> WritePartsAsync(ProjectionBatch batch, Dictionary<(string Sku, string Location), CommerceStock> parts) =>
        batch.ExecuteAsync(
            """
            insert into {schema}.stock_parts (sku, location, on_hand, promised, set_aside, safety)
            select * from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::integer[])
            on conflict (sku, location) do update set
                on_hand = excluded.on_hand, promised = excluded.promised, set_aside = excluded.set_aside, safety = excluded.safety
            """,
            parts.Keys.Select(key => key.Sku).ToArray(),
            parts.Keys.Select(key => key.Location).ToArray(),
            parts.Values.Select(part => part.OnHand).ToArray(),
            parts.Values.Select(part => part.Held + part.Allocated).ToArray(),
            parts.Values.Select(part => part.SetAside).ToArray(),
            parts.Values.Select(part => part.Terms.SafetyStock).ToArray());

    /// <summary>Adds what a batch changed: units and locations are differences here.</summary>
    private static Task<int> WriteSumsAsync(ProjectionBatch batch, StockOnHand[] changes) => batch.ExecuteAsync(
        """
        insert into {schema}.stock_on_hand as s (sku, on_hand, locations, moved_at, position, available)
        select * from unnest($1::text[], $2::bigint[], $3::integer[], $4::timestamptz[], $5::bigint[], $6::bigint[])
        on conflict (sku) do update set
            on_hand = s.on_hand + excluded.on_hand, available = s.available + excluded.available, locations = s.locations + excluded.locations,
            moved_at = excluded.moved_at, position = excluded.position
        """,
        changes.Select(row => row.Sku).ToArray(),
        changes.Select(row => row.OnHand).ToArray(),
        changes.Select(row => row.Locations).ToArray(),
        changes.Select(row => row.MovedAt.UtcDateTime).ToArray(),
        changes.Select(row => row.Position).ToArray(),
        changes.Select(row => row.Available).ToArray());
}

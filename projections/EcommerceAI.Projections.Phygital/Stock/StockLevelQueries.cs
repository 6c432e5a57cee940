using EcommerceAI.EventSourcing.Projections;
using Npgsql;

namespace EcommerceAI.Projections.Phygital.Stock;

/// <summary>Stock of a SKU at a location.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Warehouse or shop.</param>
/// <param name="OnHand">Units on hand; below zero only by a history that no command made.</param>
/// <param name="MovedAt">When it last moved or was counted.</param>
/// <param name="CountedAt">When somebody last counted it, or null.</param>
/// <param name="Version">Version of the stream <c>stock-{sku}@{location}</c> that the row shows.</param>
/// <param name="Held">Units that are kept for somebody for a while.</param>
/// <param name="Allocated">Units that are promised to orders and have not left.</param>
/// <param name="Backordered">How many of those were promised as still to come.</param>
/// <param name="Incoming">Units that are expected with deliveries.</param>
/// <param name="SetAside">Units that are set apart for channels and shops.</param>
/// <param name="SafetyStock">Units that are not promised to anybody.</param>
public sealed record StockLevel(
    string Sku, string Location, long OnHand, DateTimeOffset MovedAt, DateTimeOffset? CountedAt, long Version, long Held = 0, long Allocated = 0,
    long Backordered = 0, long Incoming = 0, long SetAside = 0, int SafetyStock = 0)
{
    /// <summary>Units that anybody can be promised now, 0 or more.</summary>
    public long Available => Math.Max(0, OnHand - Held - Allocated - SafetyStock - SetAside);

    /// <summary>Promised units that are not on hand.</summary>
    public long Shortfall => Math.Max(0, Held + Allocated - OnHand);
}

/// <summary>Where a list of stock at a location goes on.</summary>
/// <param name="Sku">SKU of the last row.</param>
public sealed record StockLevelKey(string Sku);

/// <summary>Reads stock by location.</summary>
public sealed class StockLevelQueries(ReadModels models)
{
    /// <summary>The projection that these queries read.</summary>
    public const string ProjectionName = "phygital_stock";

    /// <summary>The columns of a row, as <see cref="Read"/> takes them.</summary>
    internal const string Columns =
        "sku, location, on_hand, moved_at, counted_at, version, held, allocated, backordered, incoming, set_aside, safety";

    private const string Select = $"select {Columns} from {{schema}}.stock_levels";

    /// <summary>Stock of a SKU at a location.</summary>
    /// <param name="sku">SKU, upper case.</param>
    /// <param name="location">The location.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The stock, or null where the SKU never was at the location.</returns>
    public async Task<ReadSnapshot<StockLevel?>> FindAsync(string sku, string location, CancellationToken cancellation = default)
    {
        var found = await models.ListAsync(
            ProjectionName, new ReadQuery($"{Select} where sku = $1 and location = $2", sku, location), Read, cancellation);
        return new ReadSnapshot<StockLevel?>(found.Value.SingleOrDefault(), found.Position);
    }

    /// <summary>Stock of a SKU at every location where it has been, in order of the location.</summary>
    /// <param name="sku">SKU, upper case.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ReadSnapshot<List<StockLevel>>> ListBySkuAsync(string sku, CancellationToken cancellation = default) =>
        models.ListAsync(ProjectionName, new ReadQuery($"{Select} where sku = $1 order by location", sku), Read, cancellation);

    /// <summary>Stock at a location, in order of the SKU.</summary>
    /// <param name="location">The location.</param>
    /// <param name="after">The key that the last page ended with, or null for the first page.</param>
    /// <param name="size">The most rows of the page, 1 or more.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ReadSnapshot<KeysetPage<StockLevel, StockLevelKey>>> ListByLocationAsync(
        string location, StockLevelKey? after, int size, CancellationToken cancellation = default) =>
        models.PageAsync(
            ProjectionName,
            new ReadQuery($"{Select} where location = $1 and sku > $2 order by sku", location, after?.Sku ?? ""),
            size, Read, stock => new StockLevelKey(stock.Sku), cancellation);

    internal static StockLevel Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetMoment(3), row.GetMomentOrNull(4), row.GetInt64(5),
        row.GetInt64(6), row.GetInt64(7), row.GetInt64(8), row.GetInt64(9), row.GetInt64(10), row.GetInt32(11));
}

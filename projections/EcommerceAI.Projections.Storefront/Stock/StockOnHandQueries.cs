using EcommerceAI.EventSourcing.Projections;
using Npgsql;

namespace EcommerceAI.Projections.Storefront.Stock;

/// <summary>Stock of a SKU over all locations.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="OnHand">Units on hand; below zero only by a history that no command made.</param>
/// <param name="Locations">How many locations have ever held it.</param>
/// <param name="MovedAt">When it last moved or was counted.</param>
/// <param name="Position">Position in the log of the event that moved it last.</param>
/// <param name="Available">Units that anybody can be promised now, summed over locations, 0 or more.</param>
public sealed record StockOnHand(string Sku, long OnHand, int Locations, DateTimeOffset MovedAt, long Position, long Available);

/// <summary>Where a list of stock goes on.</summary>
/// <param name="Sku">SKU of the last row.</param>
public sealed record StockKey(string Sku);

/// <summary>Reads stock on hand, summed over locations.</summary>
public sealed class StockOnHandQueries(ReadModels models)
{
    /// <summary>The projection that these queries read.</summary>
    public const string ProjectionName = "storefront_stock";

    private const string Select = "select sku, on_hand, locations, moved_at, position, available from {schema}.stock_on_hand";

    /// <summary>Stock of a SKU.</summary>
    /// <param name="sku">SKU, upper case.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The stock, or null for a SKU that never had any.</returns>
    public async Task<ReadSnapshot<StockOnHand?>> FindAsync(string sku, CancellationToken cancellation = default)
    {
        var found = await FindManyAsync([sku], cancellation);
        return new ReadSnapshot<StockOnHand?>(found.Value.SingleOrDefault(), found.Position);
    }

    /// <summary>Stock of several SKUs, in order of the SKU; those that never had any are left out.</summary>
    /// <param name="skus">SKUs, upper case.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ReadSnapshot<List<StockOnHand>>> FindManyAsync(IReadOnlyCollection<string> skus, CancellationToken cancellation = default) =>
        models.ListAsync(
            ProjectionName, new ReadQuery($"{Select} where sku = any($1::text[]) order by sku", (object)skus.ToArray()), Read, cancellation);

    /// <summary>The SKUs whose stock is another than at a position, for who keeps what it read.</summary>
    /// <param name="after">The position.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ReadSnapshot<List<ChangedSku>>> ListChangedAsync(long after, CancellationToken cancellation = default) =>
        models.ListAsync(
            ProjectionName, new ReadQuery("select sku, position from {schema}.stock_on_hand where position > $1", after), ChangedSku.Read, cancellation);

    /// <summary>All stock, in order of the SKU.</summary>
    /// <param name="after">The key that the last page ended with, or null for the first page.</param>
    /// <param name="size">The most rows of the page, 1 or more.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ReadSnapshot<KeysetPage<StockOnHand, StockKey>>> ListAsync(
        StockKey? after, int size, CancellationToken cancellation = default) =>
        models.PageAsync(
            ProjectionName,
            new ReadQuery($"{Select} where sku > $1 order by sku", after?.Sku ?? ""),
            size, Read, stock => new StockKey(stock.Sku), cancellation);

    private static StockOnHand Read(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetInt64(1), row.GetInt32(2), row.GetMoment(3), row.GetInt64(4), row.GetInt64(5));
}

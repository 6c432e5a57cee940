using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Carts;
using EcommerceAI.EventSourcing.Projections;
using Npgsql;

namespace EcommerceAI.Projections.Storefront.Carts;

/// <summary>A line of a cart as it is shown.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Quantity">Units.</param>
/// <param name="UnitPrice">List price of one unit when the line was last changed, major units.</param>
/// <param name="Amount">What the line comes to, in minor units.</param>
public sealed record CartLineView(string Sku, int Quantity, decimal UnitPrice, long Amount);

/// <summary>A cart as it is shown.</summary>
/// <param name="CartId">The cart's id.</param>
/// <param name="CustomerId">Whose it is, or null for a guest.</param>
/// <param name="Channel">Where it is filled.</param>
/// <param name="Status">How far it has come.</param>
/// <param name="OrderId">The order it became, or null.</param>
/// <param name="ChangedAt">When it last changed.</param>
/// <param name="Lines">Its lines in the order they were added.</param>
/// <param name="Saved">What is put aside for later.</param>
/// <param name="Units">Sum of the lines' quantities.</param>
/// <param name="Goods">Sum of the lines' amounts at list prices, before promotions, taxes and delivery.</param>
/// <param name="Version">Version of the stream <c>cart-{id}</c> that this shows.</param>
public sealed record CartView(
    string CartId, string? CustomerId, string Channel, CartStatus Status, string? OrderId, DateTimeOffset ChangedAt, IReadOnlyList<CartLineView> Lines,
    IReadOnlyList<CartLineView> Saved, long Units, Money Goods, long Version);

/// <summary>Reads carts and wish lists.</summary>
public sealed class CartQueries(ReadModels models)
{
    /// <summary>The projection that these queries read.</summary>
    public const string ProjectionName = "storefront_carts";

    /// <summary>A cart.</summary>
    /// <param name="cartId">The cart's id.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The cart, or null where there is none of this id.</returns>
    public Task<ReadSnapshot<CartView?>> FindAsync(string cartId, CancellationToken cancellation = default) =>
        models.QueryAsync(
            ProjectionName,
            [
                new("select cart_id, customer_id, currency, channel, status, order_id, changed_at, version from {schema}.carts where cart_id = $1", cartId),
                new("select saved, sku, quantity, unit_price from {schema}.cart_lines where cart_id = $1 order by since, sku", cartId),
            ],
            ReadCartAsync,
            cancellation);

    /// <summary>The SKUs that a customer wishes for, in the order they were wished for.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ReadSnapshot<List<string>>> ListWishesAsync(string customerId, CancellationToken cancellation = default) =>
        models.ListAsync(
            ProjectionName, new ReadQuery("select sku from {schema}.wishes where customer_id = $1 order by since", customerId), row => row.GetString(0), cancellation);

    private static async Task<CartView?> ReadCartAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        if (!await reader.ReadAsync(cancellation)) return null;
        var (cartId, customerId, currency, channel) = (reader.GetString(0), reader.GetText(1), reader.GetString(2), reader.GetString(3));
        var (status, orderId, changedAt, version) = (Enum.Parse<CartStatus>(reader.GetString(4)), reader.GetText(5), reader.GetMoment(6), reader.GetInt64(7));
        var rows = (await reader.ReadNextRowsAsync(
            row => (Saved: row.GetBoolean(0), Line: ReadLine(row, currency)), cancellation)).ToLookup(row => row.Saved, row => row.Line);
        CartLineView[] lines = [.. rows[false]];
        return new CartView(
            cartId, customerId, channel, status, orderId, changedAt, lines, [.. rows[true]], lines.Sum(line => (long)line.Quantity),
            new Money(lines.Sum(line => line.Amount), currency), version);
    }

    private static CartLineView ReadLine(NpgsqlDataReader row, string currency)
    {
        var (quantity, price) = (row.GetInt32(2), row.GetDecimal(3));
        return new CartLineView(row.GetString(1), quantity, price, new UnitPrice(price, currency).Times(quantity).Minor);
    }
}

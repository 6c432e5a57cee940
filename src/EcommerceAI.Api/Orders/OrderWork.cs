using EcommerceAI.Api.Http;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Carts;
using EcommerceAI.Commerce.Inventory;
using EcommerceAI.Commerce.Invoicing;
using EcommerceAI.Commerce.Orders;
using EcommerceAI.Commerce.Payments;
using EcommerceAI.Commerce.Pricing;
using EcommerceAI.EventSourcing.Commands;

namespace EcommerceAI.Api.Orders;

/// <summary>Carries a settlement of an order out in a session: gives it the states it asks for and appends what it settled.</summary>
internal static class OrderWork
{
    /// <summary>Settles; what it says is to be appended is appended where nothing is refused.</summary>
    /// <param name="session">A session that has loaded the order and its payment.</param>
    /// <param name="settlement">The settlement with the events it begins with.</param>
    public static async Task<IReadOnlyList<Rejection>> SettleAsync(CommandSession session, OrderSettlement settlement)
    {
        while (settlement.Advance() is { } needed) settlement.Provide(needed, await LoadAsync(session, needed));
        if (settlement.Rejections.Count > 0) return settlement.Rejections;
        foreach (var (key, events) in settlement.Streams)
        {
            // A document's stream is new with its number, which nobody else can have.
            if (key.StartsWith("invoice-", StringComparison.Ordinal) || key.StartsWith("creditnote-", StringComparison.Ordinal))
                await session.LoadAsync(key, TaxDocument.Initial, TaxDocument.Evolve);
            session.Append(key, events);
        }

        return [];
    }

    /// <summary>Loads an order and its payment and begins a settlement.</summary>
    /// <param name="session">The session.</param>
    /// <param name="orderId">The order's id.</param>
    /// <param name="at">Now.</param>
    /// <param name="expected">The version that the caller named, or null.</param>
    public static async Task<OrderSettlement> BeginAsync(CommandSession session, string orderId, DateTimeOffset at, long? expected = null)
    {
        var order = await session.LoadAsync(Order.StreamKey(orderId), Order.Initial, Order.Evolve, expected);
        var payment = await session.LoadAsync(Payment.StreamKey(orderId), Payment.Initial, Payment.Evolve);
        return new OrderSettlement(orderId, order, payment, at);
    }

    private static async Task<object> LoadAsync(CommandSession session, string key) => key[..key.IndexOf('-', StringComparison.Ordinal)] switch
    {
        "stock" => await session.LoadAsync(key, Stock.Initial, Stock.Evolve),
        "promotion" => await session.LoadAsync(key, Promotion.Initial, Promotion.Evolve),
        "legalentity" => await session.LoadAsync(key, LegalEntity.Initial, LegalEntity.Evolve),
        "checkout" => await session.LoadAsync(key, Checkout.Initial, Checkout.Evolve),
        "cart" => await session.LoadAsync(key, Cart.Initial, Cart.Evolve),
        _ => throw new InvalidOperationException($"No order settles with '{key}'."),
    };
}

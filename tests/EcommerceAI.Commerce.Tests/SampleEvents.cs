using EcommerceAI.Commerce.Catalog;
using EcommerceAI.Commerce.Customers;
using EcommerceAI.Commerce.Inventory;
using EcommerceAI.Commerce.Orders;
using EcommerceAI.Commerce.Pricing;
using EcommerceAI.Commerce.Tests.Catalog;
using EcommerceAI.Commerce.Tests.Pricing;

namespace EcommerceAI.Commerce.Tests;

/// <summary>At least one event of every record, with and without what may be missing.</summary>
internal static class SampleEvents
{
    private static readonly OrderLine[] Lines = [new("A", 3, 0.333m, 100), new("B", 1, 0m, 0)];
    private static readonly OrderCharge[] Charges = [new("POST", "POSTAGE", 1, 18m, 1800), new("D", null, -1, 0.5m, -50)];

    public static IReadOnlyList<DomainEvent> All { get; } =
    [
        new ProductCreated("A", "Titel ü 😀", new UnitPrice(2.5501m, "GBP"), "D", "C"),
        new ProductCreated("A", "T", null),
        new ProductPriceChanged("A", new UnitPrice(0.001m, "GBP")),
        .. CatalogSamples.Events,
        .. PricingSamples.Events,
        new CustomerRegistered("17850", "France", "Ada", "ada@example.org", "1 Rue A\n75001 Paris"),
        new CustomerRegistered("17850", "France"),
        new CustomerForgotten("17850", "DSR-7"),
        new StockCounted("A", "shop", 0),
        new StockReceived("A", "shop", int.MaxValue, "DN-1"),
        new StockAdjusted("A", "shop", int.MinValue, null, "536365"),
        new StockIssued("A", "shop", int.MaxValue, "536365"),
        new StockReturned("A", "shop", 1, "r1"),
        new OrderPlaced("536365", "17850", "France", "warehouse", Lines, Charges, new Money(1850, "GBP")),
        new OrderPlaced("536366", null, "France", "warehouse", [], [], Money.Zero("JPY")),
        new OrderCancelled("536365", null),
        new OrderReturned("536365", "r1", Lines, new Money(100, "GBP"), "broken"),
        new OrderReturned("536365", "r2", [new("A", 99, 1m, 9900), new("Z", 1, 1m, 100)], new Money(10000, "EUR"), null),
        new ReturnReceived("C536379", null, "France", "warehouse", Lines, Charges, new Money(1650, "GBP")),
        new LedgerEntryBooked("A563186", Charges, new Money(1750, "GBP")),
    ];
}

using EcommerceAI.Commerce.Carts;
using EcommerceAI.Commerce.Catalog;
using EcommerceAI.Commerce.Customers;
using EcommerceAI.Commerce.FlashSales;
using EcommerceAI.Commerce.Fulfilment;
using EcommerceAI.Commerce.Inventory;
using EcommerceAI.Commerce.Invoicing;
using EcommerceAI.Commerce.Orders;
using EcommerceAI.Commerce.Payments;
using EcommerceAI.Commerce.Tests.Catalog;
using EcommerceAI.Commerce.Tests.Pricing;

namespace EcommerceAI.Commerce.Tests;

/// <summary>At least one event of every record, with and without what may be missing.</summary>
internal static class SampleEvents
{
    private static readonly OrderLine[] Lines = [new("A", 3, 0.333m, 100), new("B", 1, 0m, 0)];
    private static readonly OrderCharge[] Charges = [new("POST", "POSTAGE", 1, 18m, 1800), new("D", null, -1, 0.5m, -50)];

    private static readonly DateTimeOffset At = new(2026, 11, 27, 9, 30, 0, TimeSpan.Zero);

    private static readonly OrderTerms Terms = new(
        "cart-1", "17850", "web", "main", null, CaptureMoment.Placement, At, 1850, 0,
        [new LineTerms("shop", 0, 0, 0m), new LineTerms("warehouse", 0, 0, 0.2m)]);

    private static readonly LineUnits[] Units = [new(0, "A", 2, 67, 11, 0.2m), new(9, "Z", 1, 1, 0, 0m)];
    private static readonly CartLine[] CartLines = [new("A", 2, 0.333m)];
    private static readonly DocumentLine[] DocumentLines = [new("A", null, 2, 67, 11, 0.2m), new(null, "Delivery", 1, 500, 0, 0m)];

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
        new StockReceived("A", "shop", 2, "PO-9", int.MaxValue),
        new StockHeld("A", "shop", "h1", int.MaxValue, At.AddMinutes(15), At, "web", int.MaxValue),
        new StockHeld("A", "shop", "h2", 1, At, At),
        new StockHoldExtended("A", "shop", "h1", At.AddMinutes(20)),
        new StockHoldReleased("A", "shop", "h1", int.MaxValue, "expired", "web", int.MaxValue),
        new StockAllocated("A", "shop", "536365", int.MaxValue, "h2", 1, "web", int.MinValue, 3, int.MaxValue, new DateOnly(2026, 12, 24)),
        new StockAllocated("A", "shop", "536366", 1),
        new StockDeallocated("A", "shop", "536365", 0, "declined"),
        new StockPicked("A", "shop", "536366", int.MaxValue, "p1"),
        new StockShipped("A", "shop", "536366", int.MaxValue, "s1", 1),
        new StockTermsSet("A", "shop", 1, BackorderPolicy.PreOrder, 5, new DateOnly(2026, 12, 24)),
        new StockSetAside("A", "shop", "web", int.MaxValue, int.MinValue),
        new StockExpected("A", "shop", "PO-9", int.MaxValue, int.MinValue),
        new CartCreated("cart-1", "GBP", "web", null),
        new CartLineAdded("cart-1", "A", 3, 0.333m),
        new CartLineAdded("cart-1", "B", int.MaxValue, 1_000_000m),
        new CartLineChanged("cart-1", "A", 4, 0.333m),
        new CartLineSaved("cart-1", "A", 4, 0.333m),
        new CartLineRestored("cart-1", "A", 4, 0.333m),
        new CartLineRemoved("cart-1", "B"),
        new CartClaimed("cart-1", "17850"),
        new CartMerged("cart-1", "cart-2", CartLines, CartLines),
        new CartGivenUp("cart-2", "cart-1"),
        new CartOrdered("cart-1", "536365"),
        new CartReopened("cart-1", "536365"),
        new WishAdded("17850", "A"),
        new WishRemoved("17850", "A"),
        new CheckoutAddressGiven("cart-1", "17850", "Ada", "ada@example.org", "1 Rue A\n75001 Paris", "France"),
        new CheckoutNoteGiven("cart-1", "cart-1", null),
        new CheckoutDeliveryChosen("cart-1", "standard"),
        new CheckoutPaymentChosen("cart-1", "card", "tok_ok"),
        new CheckoutCouponsEntered("cart-1", ["SPRING"]),
        new PaymentRequested("536365", "card", "tok_ok", new Money(1850, "GBP")),
        new PaymentAuthorised("536365", null),
        new PaymentDeclined("536365", "declined"),
        new PaymentCaptureRequested("536365", "capture", long.MaxValue / 4),
        new PaymentCaptured("536365", "capture", long.MaxValue / 4, null),
        new PaymentCaptureFailed("536365", "capture-x", null),
        new PaymentRefundRequested("536365", "refund-x", 1),
        new PaymentRefunded("536365", "refund-x", 1, null),
        new PaymentRefundFailed("536365", "refund-x", null),
        new PaymentVoidRequested("536365"),
        new PaymentVoided("536365", null),
        new DocumentNumbered("main", DocumentKind.Invoice, 1, "main-1", "536365"),
        new InvoiceIssued("main-1", "main", 1, "536365", "s1", "17850", null, null, "France", DocumentLines, new Money(567, "GBP")),
        new CreditNoteIssued("main-1", "main", 1, "536365", "r1", "17850", "Ada", "Paris", "France", DocumentLines, new Money(567, "GBP")),
        new DeliveryOptionOffered("standard", "Standard", new UnitPrice(4.95m, "GBP"), [], null),
        new DeliveryOptionWithdrawn("standard"),
        new OrderPlaced("536364", "17850", "France", "warehouse", Lines, Charges, new Money(1850, "GBP"), Terms),
        new OrderConfirmed("536364"),
        new OrderLinesCancelled("536364", "c1", Units, new Money(68, "GBP"), null),
        new OrderShipmentPacked("536364", "s1", "shop", Units, 0, new Money(68, "GBP")),
        new OrderShipped("536364", "s1"),
        new OrderShipmentPacked("536364", "s2", "shop", Units, 0, new Money(68, "GBP")),
        new OrderShipmentDropped("536364", "s2", null),
        new OrderReturned("536364", "r1", Lines, new Money(100, "GBP"), null, true, "536390", 40),
        new OrderRefunded("536364", "f1", new Money(5, "GBP"), "late"),
        new DropScheduled("black-friday", "A", "shop", 500, At, At.AddHours(1), 2, 600, 5000),
        new DropUnitsHeld("black-friday", "r1", "17850", int.MaxValue, 7, At.AddMinutes(10)),
        new DropReservationQueued("black-friday", "r2", "17851", int.MaxValue, 8),
        new DropReservationReleased("black-friday", "r1", "17850", int.MaxValue, true, "expired"),
        new DropUnitsSold("black-friday", "r1", "17850", 2, "536365"),
        new DropClosed("black-friday", 3),
        new OrderPlaced("536365", "17850", "France", "warehouse", Lines, Charges, new Money(1850, "GBP")),
        new OrderPlaced("536366", null, "France", "warehouse", [], [], Money.Zero("JPY")),
        new OrderCancelled("536365", null),
        new OrderReturned("536365", "r1", Lines, new Money(100, "GBP"), "broken"),
        new OrderReturned("536365", "r2", [new("A", 99, 1m, 9900), new("Z", 1, 1m, 100)], new Money(10000, "EUR"), null),
        new ReturnReceived("C536379", null, "France", "warehouse", Lines, Charges, new Money(1650, "GBP")),
        new LedgerEntryBooked("A563186", Charges, new Money(1750, "GBP")),
    ];
}

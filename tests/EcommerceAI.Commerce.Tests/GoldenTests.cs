using System.Globalization;
using System.Text;
using System.Text.Json;
using EcommerceAI.Commerce.Carts;
using EcommerceAI.Commerce.Catalog;
using EcommerceAI.Commerce.Customers;
using EcommerceAI.Commerce.FlashSales;
using EcommerceAI.Commerce.Fulfilment;
using EcommerceAI.Commerce.Inventory;
using EcommerceAI.Commerce.Invoicing;
using EcommerceAI.Commerce.Orders;
using EcommerceAI.Commerce.Payments;
using EcommerceAI.Commerce.Pricing;
using EcommerceAI.Commerce.Tests.Catalog;
using EcommerceAI.Commerce.Tests.Pricing;
using EcommerceAI.EventSourcing.Store;
using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests;

/// <summary>
/// Golden/NAME/N.json is the N-th shape that events of a name were written in. Files are added and never changed: the log holds
/// such events for ever. A record that gains an optional field gains a file; one that an older reader would misread gains a name.
/// </summary>
public sealed class GoldenTests
{
    private static readonly OrderLine[] Lines = [new("85123A", 6, 2.55m, 1530)];
    private static readonly OrderCharge[] Charges = [new("POST", "POSTAGE", 1, 18m, 1800)];

    private static readonly DateTimeOffset At = new(2026, 11, 27, 9, 30, 0, TimeSpan.Zero);

    private static readonly OrderTerms Terms = new(
        "cart-1", "17850", "web", "main", "standard", CaptureMoment.Placement, At, 1800, 300, [new LineTerms("warehouse", 1530, 255, 0.2m)])
    { Promotions = ["spring"] };

    private static readonly LineUnits[] Units = [new(1, "85123A", 6, 1530, 255, 0.2m)];
    private static readonly DocumentLine[] DocumentLines = [new("85123A", "Hearts", 6, 1530, 255, 0.2m)];
    private static readonly CartLine[] CartLines = [new("85123A", 6, 2.55m)];

    private static readonly IReadOnlyList<BoundedContext> Contexts = BoundedContext.Scan();

    private static readonly EventTypes Types = new(
        Contexts.SelectMany(context => context.EventNames), Contexts.SelectMany(context => context.Upcasters),
        Contexts.SelectMany(context => context.PersonalFields), Contexts.SelectMany(context => context.ForgettingEvents));

    /// <summary>What each file says in today's records, file by file.</summary>
    private static readonly Dictionary<string, DomainEvent[]> Said = new(StringComparer.Ordinal)
    {
        ["product_created"] =
        [
            new ProductCreated("85123A", "WHITE HANGING HEART", new UnitPrice(2.5501m, "GBP"), "Ü 😀 \"quoted\"", "Hearts"),
            new ProductCreated("85123A", "WHITE HANGING HEART", new UnitPrice(2.5501m, "GBP"), "Ü 😀 \"quoted\"", "Hearts", "85123"),
        ],
        ["product_described"] = [new ProductDescribed("85123A", "Heart", "Hangs.", CatalogSamples.Details)],
        ["product_options_defined"] = [new ProductOptionsDefined("85123", CatalogSamples.Options)],
        ["product_variant_added"] = [new ProductVariantAdded("85123", CatalogSamples.Variant)],
        ["product_published"] = [new ProductPublished("85123A", ["web", "shop"])],
        ["product_withdrawn"] = [new ProductWithdrawn("85123A", "recalled")],
        ["product_price_changed"] = [new ProductPriceChanged("85123A", new UnitPrice(0.001m, "GBP"))],
        ["promotion_created"] = [new PromotionCreated("tea-weeks", PricingSamples.Terms)],
        ["promotion_changed"] = [new PromotionChanged("tea-weeks", PricingSamples.AmountTerms)],
        ["promotion_withdrawn"] = [new PromotionWithdrawn("tea-weeks", "sold out")],
        ["promotion_redeemed"] = [new PromotionRedeemed("tea-weeks", "536365", "17850")],
        ["promotion_redemption_released"] = [new PromotionRedemptionReleased("tea-weeks", "536365", "cancelled")],
        ["price_list_created"] = [new PriceListCreated("trade-2024", PricingSamples.PriceListTerms)],
        ["price_list_changed"] = [new PriceListChanged("trade-2024", PricingSamples.PriceListTerms with { Priority = 20 })],
        ["list_prices_set"] = [new ListPricesSet("trade-2024", [new("85123A", 2.2501m), new("85123A", 2m, 24)])],
        ["list_prices_removed"] = [new ListPricesRemoved("trade-2024", ["85123A"])],
        ["price_list_withdrawn"] = [new PriceListWithdrawn("trade-2024", "new terms")],
        ["tax_table_created"] = [new TaxTableCreated("GB", TaxBasis.Inclusive, PricingSamples.Rates)],
        ["tax_table_changed"] = [new TaxTableChanged("US-NY", TaxBasis.Exclusive, PricingSamples.Rates)],
        ["customer_registered"] =
        [
            new CustomerRegistered("17850", "France", "Ada", "ada@example.org"),
            new CustomerRegistered("17850", "France", "Ada", "ada@example.org", "1 Rue A\n75001 Paris"),
        ],
        ["customer_forgotten"] = [new CustomerForgotten("17850", "DSR-7")],
        ["stock_counted"] = [new StockCounted("85123A", "shop-1", 12)],
        ["stock_received"] = [new StockReceived("85123A", "warehouse", 24, "DN-1"), new StockReceived("85123A", "warehouse", 24, "DN-1", 20)],
        ["stock_adjusted"] = [new StockAdjusted("85123A", "warehouse", -2, "damaged", "note 7")],
        ["stock_issued"] = [new StockIssued("85123A", "warehouse", 6, "536365")],
        ["stock_returned"] = [new StockReturned("85123A", "warehouse", 1, "C536379")],
        ["stock_held"] = [new StockHeld("85123A", "warehouse", "cart-7", 3, At.AddMinutes(15), At, "web", 2)],
        ["stock_hold_extended"] = [new StockHoldExtended("85123A", "warehouse", "cart-7", At.AddMinutes(30))],
        ["stock_hold_released"] = [new StockHoldReleased("85123A", "warehouse", "cart-7", 3, "expired", "web", 2)],
        ["stock_allocated"] =
            [new StockAllocated("85123A", "warehouse", "536365", 6, "cart-7", 3, "web", 1, 3, 2, new DateOnly(2026, 12, 24))],
        ["stock_deallocated"] = [new StockDeallocated("85123A", "warehouse", "536365", 4, "declined", "web", 1, 2)],
        ["stock_picked"] = [new StockPicked("85123A", "warehouse", "536365", 2, "pick-1")],
        ["stock_shipped"] = [new StockShipped("85123A", "warehouse", "536365", 2, "parcel-1", 1)],
        ["stock_terms_set"] =
            [new StockTermsSet("85123A", "warehouse", 2, BackorderPolicy.Backorder, 50, new DateOnly(2026, 12, 24))],
        ["stock_set_aside"] = [new StockSetAside("85123A", "warehouse", "shop-1", 5, -1)],
        ["stock_expected"] = [new StockExpected("85123A", "warehouse", "PO-9", 20, 8, new DateOnly(2026, 12, 1))],
        ["order_placed"] =
        [
            new OrderPlaced("536365", "17850", "France", "warehouse", Lines, Charges, new Money(3330, "GBP")),
            new OrderPlaced("536365", "17850", "France", "warehouse", Lines, Charges, new Money(3330, "GBP"), Terms),
        ],
        ["drop_scheduled"] = [new DropScheduled("black-friday", "85123A", "warehouse", 500, At, At.AddHours(1), 2, 600, 5000)],
        ["drop_units_held"] = [new DropUnitsHeld("black-friday", "r-1", "17850", 2, 7, At.AddMinutes(10), true)],
        ["drop_reservation_queued"] = [new DropReservationQueued("black-friday", "r-2", "17851", 1, 8)],
        ["drop_reservation_released"] = [new DropReservationReleased("black-friday", "r-1", "17850", 2, true, "expired")],
        ["drop_units_sold"] = [new DropUnitsSold("black-friday", "r-1", "17850", 2, "536365")],
        ["drop_closed"] = [new DropClosed("black-friday", 3)],
        ["order_cancelled"] = [new OrderCancelled("536365", "changed mind")],
        ["order_returned"] =
        [
            new OrderReturned("536365", "C536379", Lines, new Money(1530, "GBP"), "chipped"),
            new OrderReturned("536365", "C536379", Lines, new Money(1530, "GBP"), "chipped", true, "536380", 1000),
        ],
        ["order_confirmed"] = [new OrderConfirmed("536365")],
        ["order_lines_cancelled"] = [new OrderLinesCancelled("536365", "change-1", Units, new Money(1530, "GBP"), "changed mind")],
        ["order_shipment_packed"] = [new OrderShipmentPacked("536365", "parcel-1", "warehouse", Units, 1800, new Money(3330, "GBP"))],
        ["order_shipped"] = [new OrderShipped("536365", "parcel-1")],
        ["order_shipment_dropped"] = [new OrderShipmentDropped("536365", "parcel-1", "capture_failed")],
        ["order_refunded"] = [new OrderRefunded("536365", "refund-1", new Money(500, "GBP"), "late")],
        ["payment_requested"] = [new PaymentRequested("536365", "card", "tok_ok", new Money(3330, "GBP"))],
        ["payment_authorised"] = [new PaymentAuthorised("536365", "ref-1")],
        ["payment_declined"] = [new PaymentDeclined("536365", "declined")],
        ["payment_capture_requested"] = [new PaymentCaptureRequested("536365", "capture-parcel-1", 3330)],
        ["payment_captured"] = [new PaymentCaptured("536365", "capture-parcel-1", 3330, "ref-2")],
        ["payment_capture_failed"] = [new PaymentCaptureFailed("536365", "capture-parcel-1", "expired")],
        ["payment_refund_requested"] = [new PaymentRefundRequested("536365", "refund-1", 500)],
        ["payment_refunded"] = [new PaymentRefunded("536365", "refund-1", 500, "ref-3")],
        ["payment_refund_failed"] = [new PaymentRefundFailed("536365", "refund-1", "try_later")],
        ["payment_void_requested"] = [new PaymentVoidRequested("536365")],
        ["payment_voided"] = [new PaymentVoided("536365", "ref-4")],
        ["document_numbered"] = [new DocumentNumbered("main", DocumentKind.CreditNote, 7, "main-7", "536365")],
        ["invoice_issued"] =
        [
            new InvoiceIssued(
                "main-7", "main", 7, "536365", "parcel-1", "17850", "Ada", "1 Rue A\n75001 Paris", "France", DocumentLines, new Money(1530, "GBP")),
        ],
        ["credit_note_issued"] =
        [
            new CreditNoteIssued(
                "main-7", "main", 7, "536365", "C536379", "17850", "Ada", "1 Rue A\n75001 Paris", "France", DocumentLines, new Money(1530, "GBP")),
        ],
        ["delivery_option_offered"] = [new DeliveryOptionOffered("standard", "Standard", new UnitPrice(4.95m, "GBP"), ["France"], 5000)],
        ["delivery_option_withdrawn"] = [new DeliveryOptionWithdrawn("standard")],
        ["cart_created"] = [new CartCreated("cart-1", "GBP", "web", "17850")],
        ["cart_line_added"] = [new CartLineAdded("cart-1", "85123A", 6, 2.55m)],
        ["cart_line_changed"] = [new CartLineChanged("cart-1", "85123A", 7, 2.55m)],
        ["cart_line_removed"] = [new CartLineRemoved("cart-1", "85123A")],
        ["cart_line_saved"] = [new CartLineSaved("cart-1", "85123A", 6, 2.55m)],
        ["cart_line_restored"] = [new CartLineRestored("cart-1", "85123A", 6, 2.55m)],
        ["cart_claimed"] = [new CartClaimed("cart-1", "17850")],
        ["cart_merged"] = [new CartMerged("cart-1", "cart-2", CartLines, CartLines)],
        ["cart_given_up"] = [new CartGivenUp("cart-2", "cart-1")],
        ["cart_ordered"] = [new CartOrdered("cart-1", "536365")],
        ["cart_reopened"] = [new CartReopened("cart-1", "536365")],
        ["wish_added"] = [new WishAdded("17850", "85123A")],
        ["wish_removed"] = [new WishRemoved("17850", "85123A")],
        ["checkout_address_given"] = [new CheckoutAddressGiven("cart-1", "17850", "Ada", "ada@example.org", "1 Rue A\n75001 Paris", "France")],
        ["checkout_note_given"] = [new CheckoutNoteGiven("cart-1", "17850", "Ring twice")],
        ["checkout_delivery_chosen"] = [new CheckoutDeliveryChosen("cart-1", "standard")],
        ["checkout_payment_chosen"] = [new CheckoutPaymentChosen("cart-1", "card", "tok_ok")],
        ["checkout_coupons_entered"] = [new CheckoutCouponsEntered("cart-1", ["SPRING"])],
        ["return_received"] = [new ReturnReceived("C536379", "17850", "France", "warehouse", Lines, Charges, new Money(270, "GBP"))],
        ["ledger_entry_booked"] = [new LedgerEntryBooked("A563186", Charges, new Money(1800, "GBP"))],
    };

    public static TheoryData<string, int> Files
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var (name, said) in Said)
            {
                for (var n = 1; n <= said.Length; n++) data.Add(name, n);
            }

            return data;
        }
    }

    [Fact]
    public void Every_event_name_that_was_ever_written_has_its_files()
    {
        var names = Contexts.SelectMany(context => context.EventNames.Keys.Concat(context.Upcasters.Select(step => step.From)));
        Said.Keys.ShouldBe(names, ignoreOrder: true, "an event name without a golden file; add one to Golden and what it says to this test");
        var files = Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Folder, file));
        files.ShouldBe(
            Said.SelectMany(said => Enumerable.Range(1, said.Value.Length).Select(n => Path.Combine(said.Key, $"{n}.json"))), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_shape_that_was_ever_written_is_read_as_todays_record(string name, int n)
    {
        var read = new EventSerializer(Types).Deserialize(name, Read(name, n));
        read.ShouldBeOfType(Said[name][n - 1].GetType());
        Text(EventSerializer.Serialize(read)).ShouldBe(Text(EventSerializer.Serialize(Said[name][n - 1])));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Todays_record_is_written_as_its_newest_file_says_byte_for_byte(string name, int n)
    {
        var said = Said[name][n - 1];
        if (n < Said[name].Length || Types.NameOf(said.GetType()) != name) return;
        Text(EventSerializer.Serialize(said)).ShouldBe(
            Text(Read(name, n)), $"the shape of {name} has changed: keep {n}.json and add {n + 1}.json, or give the new shape a name of its own");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_leaves_no_field_of_its_shape_out(string name, int n)
    {
        // A null shows that a field is there, and not what it looks like.
        using var json = JsonDocument.Parse(Read(name, n));
        json.RootElement.EnumerateObject().Where(field => field.Value.ValueKind == JsonValueKind.Null || Text(field.Value) == "[]")
            .Select(field => field.Name).ShouldBeEmpty();
    }

    [Fact]
    public void Every_personal_field_is_one_that_a_shape_has()
    {
        foreach (var (name, path, _, subject, _) in Contexts.SelectMany(context => context.PersonalFields))
        {
            using var json = JsonDocument.Parse(Read(name, Said[name].Length));
            json.RootElement.GetProperty(path).ValueKind.ShouldBe(JsonValueKind.String);
            json.RootElement.GetProperty(subject).ValueKind.ShouldBe(JsonValueKind.String);
        }
    }

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Golden");

    private static byte[] Read(string name, int n)
    {
        var file = Path.Combine(Folder, name, n.ToString(CultureInfo.InvariantCulture) + ".json");
        File.Exists(file).ShouldBeTrue($"{name}/{n}.json is missing; written today it is\n{Text(EventSerializer.Serialize(Said[name][n - 1]))}");
        return Encoding.UTF8.GetBytes(File.ReadAllText(file).TrimEnd('\n'));
    }

    private static string Text(byte[] json) => Encoding.UTF8.GetString(json);

    private static string Text(JsonElement json) => json.GetRawText();
}

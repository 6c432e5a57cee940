using System.Reflection;
using System.Reflection.Emit;
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
using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests;

/// <summary>An event record that no context of this assembly names.</summary>
public sealed record NamelessEvent : DomainEvent;

public sealed class BoundedContextTests
{
    [Fact]
    public void The_scan_finds_every_context() =>
        BoundedContext.Scan().ShouldBe(
            [
                CartsContext.Context, CatalogContext.Context, CustomersContext.Context, FlashSalesContext.Context,
                FulfilmentContext.Context, InventoryContext.Context, InvoicingContext.Context, OrdersContext.Context,
                PaymentsContext.Context, PricingContext.Context,
            ]);

    [Fact]
    public void The_events_have_their_stable_names() =>
        BoundedContext.Scan().SelectMany(context => context.EventNames.Keys).Order(StringComparer.Ordinal).ShouldBe(
        [
            "cart_claimed", "cart_created", "cart_given_up", "cart_line_added", "cart_line_changed", "cart_line_removed",
            "cart_line_restored", "cart_line_saved", "cart_merged", "cart_ordered", "cart_reopened", "checkout_address_given",
            "checkout_coupons_entered", "checkout_delivery_chosen", "checkout_note_given", "checkout_payment_chosen", "credit_note_issued",
            "customer_forgotten", "customer_registered", "delivery_option_offered", "delivery_option_withdrawn", "document_numbered",
            "drop_closed", "drop_reservation_queued", "drop_reservation_released", "drop_scheduled", "drop_units_held", "drop_units_sold",
            "invoice_issued", "ledger_entry_booked", "list_prices_removed", "list_prices_set", "order_cancelled", "order_confirmed",
            "order_lines_cancelled", "order_placed", "order_refunded", "order_returned", "order_shipment_dropped", "order_shipment_packed",
            "order_shipped", "payment_authorised", "payment_capture_failed", "payment_capture_requested", "payment_captured",
            "payment_declined", "payment_refund_failed", "payment_refund_requested", "payment_refunded", "payment_requested",
            "payment_void_requested", "payment_voided", "price_list_changed", "price_list_created", "price_list_withdrawn",
            "product_created", "product_described", "product_options_defined", "product_price_changed", "product_published",
            "product_variant_added", "product_withdrawn", "promotion_changed", "promotion_created", "promotion_redeemed",
            "promotion_redemption_released", "promotion_withdrawn", "return_received", "stock_adjusted", "stock_allocated", "stock_counted",
            "stock_deallocated", "stock_expected", "stock_held", "stock_hold_extended", "stock_hold_released", "stock_issued",
            "stock_picked", "stock_received", "stock_returned", "stock_set_aside", "stock_shipped", "stock_terms_set", "tax_table_changed",
            "tax_table_created", "wish_added", "wish_removed",
        ]);

    [Fact]
    public void Every_stream_key_s_category_has_its_fold()
    {
        string[] keys =
        [
            Product.StreamKey("A-B"), Stock.StreamKey("A-B", "shop-1"), Customer.StreamKey("a-b"), Order.StreamKey("a-b"),
            BlindReturn.StreamKey("a-b"), LedgerEntry.StreamKey("a-b"), Cart.StreamKey("a-b"), Checkout.StreamKey("a-b"),
            WishList.StreamKey("a-b"), Payment.StreamKey("a-b"), DeliveryOption.StreamKey("a-b"), LegalEntity.StreamKey("a-b"),
            TaxDocument.StreamKey(DocumentKind.Invoice, "a-b"), TaxDocument.StreamKey(DocumentKind.CreditNote, "a-b"),
            Drop.StreamKey("a-b"), Promotion.StreamKey("a-b"), PriceList.StreamKey("a-b"), RegionTaxes.StreamKey("US-NY"),
        ];
        keys.Select(key => key[..key.IndexOf('-')])
            .ShouldBe(BoundedContext.Scan().SelectMany(context => context.States.Keys), ignoreOrder: true);
    }

    [Fact]
    public void An_event_record_without_a_name_stops_the_start() =>
        Should.Throw<InvalidOperationException>(() => BoundedContext.Scan(typeof(NamelessEvent).Assembly))
            .Message.ShouldContain(typeof(NamelessEvent).FullName!);

    [Fact]
    public void Two_contexts_may_not_claim_one_event_name() =>
        Refusal(Context("One", "x", typeof(OrderPlaced)), Context("Two", "x", typeof(OrderCancelled)))
            .ShouldBe("The event name 'x' is claimed more than once: One, Two.");

    [Fact]
    public void Two_contexts_may_not_claim_one_event_record() =>
        Refusal(Context("One", "x", typeof(OrderPlaced)), Context("Two", "y", typeof(OrderPlaced)))
            .ShouldBe("The event record 'OrderPlaced' is claimed more than once: One, Two.");

    [Fact]
    public void Two_contexts_may_not_claim_one_stream_category() =>
        Refusal(
                Context("One", "x", typeof(OrderPlaced), "order"),
                Context("Two", "y", typeof(OrderCancelled), "order"))
            .ShouldBe("The stream category 'order' is claimed more than once: One, Two.");

    [Fact]
    public void An_event_name_may_not_stand_for_what_is_no_event() =>
        Refusal(Context("One", "x", typeof(OrderLine)))
            .ShouldBe("The event name 'x' of One stands for EcommerceAI.Commerce.Orders.OrderLine, which is no event record.");

    private static BoundedContext Context(string name, string eventName, Type record, params string[] categories) => new(
        name, new Dictionary<string, Type>(StringComparer.Ordinal) { [eventName] = record },
        categories.ToDictionary(category => category, _ => StateFold.Of(Order.Initial, Order.Evolve), StringComparer.Ordinal));

    private static string Refusal(params BoundedContext[] contexts) =>
        Should.Throw<InvalidOperationException>(() => BoundedContext.Scan(AssemblyOf(contexts))).Message;

    /// <summary>An assembly made here with a class for each context, because the contexts of the real one do not clash.</summary>
    private static AssemblyBuilder AssemblyOf(BoundedContext[] contexts)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Clashing"), AssemblyBuilderAccess.Run);
        var module = assembly.DefineDynamicModule("Clashing");
        foreach (var context in contexts)
        {
            var type = module.DefineType(context.Name, TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);
            var field = type.DefineField("Value", typeof(BoundedContext), FieldAttributes.Public | FieldAttributes.Static);
            var getter = type.DefineMethod(
                "get_Context", MethodAttributes.Public | MethodAttributes.Static, typeof(BoundedContext), Type.EmptyTypes);
            var code = getter.GetILGenerator();
            code.Emit(OpCodes.Ldsfld, field);
            code.Emit(OpCodes.Ret);
            type.DefineProperty("Context", PropertyAttributes.None, typeof(BoundedContext), null).SetGetMethod(getter);
            type.CreateType().GetField("Value")!.SetValue(null, context);
        }

        return assembly;
    }
}

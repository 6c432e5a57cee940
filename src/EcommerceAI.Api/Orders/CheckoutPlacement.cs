using System.Globalization;
using EcommerceAI.Api.Http;
using EcommerceAI.Api.Payments;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Carts;
using EcommerceAI.Commerce.Fulfilment;
using EcommerceAI.Commerce.Inventory;
using EcommerceAI.Commerce.Orders;
using EcommerceAI.Commerce.Payments;
using EcommerceAI.Commerce.Pricing;
using EcommerceAI.EventSourcing.Commands;
using EcommerceAI.Projections.Storefront.Pricing;
using Microsoft.Extensions.Options;

namespace EcommerceAI.Api.Orders;

/// <summary>How orders are placed and fulfilled.</summary>
public sealed class OrderOptions
{
    /// <summary>Where the settings stand.</summary>
    public const string Section = "Orders";

    /// <summary>Who sells; its invoices are numbered by itself. <c>main</c> by default.</summary>
    public string LegalEntity { get; set; } = "main";

    /// <summary>Where goods may leave from; the warehouse by default.</summary>
    public IReadOnlyList<PlaceOptions> Places { get; set; } = [];
}

/// <summary>A place that goods may leave from.</summary>
public sealed class PlaceOptions
{
    /// <summary>Warehouse or shop, a slug.</summary>
    public string Location { get; set; } = OrderPlacement.DefaultLocation;

    /// <summary>How far buyers are, in any one unit.</summary>
    public decimal Distance { get; set; }

    /// <summary>What a parcel from here costs, in minor units.</summary>
    public long ParcelCost { get; set; }

    /// <summary>What a unit from here costs on top, in minor units.</summary>
    public long UnitCost { get; set; }
}

/// <summary>
/// Turns a cart into an order: prices it, finds its goods, allocates them and asks for its payment, in one append. After that the reply
/// waits for the provider, as long as a buyer would; if the process goes down meanwhile, the order process goes on without it.
/// </summary>
internal sealed class CheckoutPlacement(
    OrderPayments payments, TimeProvider clock, IOptions<OrderOptions> orders, IOptions<PaymentOptions> paying,
    PricingQueries pricing)
{
    private readonly IReadOnlyList<SourcingPlace> _places = orders.Value.Places.Count == 0
        ? [new SourcingPlace(OrderPlacement.DefaultLocation, 0, 0, 0)]
        : [.. orders.Value.Places.Select(place => new SourcingPlace(place.Location, place.Distance, place.ParcelCost, place.UnitCost))];

    /// <summary>The command.</summary>
    /// <param name="cartId">The cart's id.</param>
    /// <param name="body">What the buyer expects.</param>
    /// <param name="placed">Gets the settlement that was appended; stays empty where an earlier request is answered again.</param>
    public CommandPlan Plan(string cartId, CartOrder body, PlacedOrder placed)
    {
        if (!IdFormat.IsWellFormed(cartId)) return Missing.Plan("unknown_cart", $"There is no cart {cartId}.");
        var orderId = Guid.CreateVersion7().ToString();
        return new([], async (session, expected) =>
        {
            var cart = await session.LoadAsync(Cart.StreamKey(cartId), Cart.Initial, Cart.Evolve, expected);
            var closing = CartDecider.Decide(cart, new OrderCart(cartId, orderId));
            if (closing.Rejections.Count > 0) return closing.Rejections.ToRefusal();
            var checkout = await session.LoadAsync(Checkout.StreamKey(cartId), Checkout.Initial, Checkout.Evolve);
            var rejections = new List<Rejection>();
            var priced = await PriceAsync(session, cart, checkout, orderId, rejections);
            if (priced is null) return ((IReadOnlyList<Rejection>)rejections).ToRefusal();
            if (body.ExpectedTotal is { } shown && shown != priced.Total.Minor)
                return Decision.Reject(
                    "total_changed", string.Create(CultureInfo.InvariantCulture, $"The order comes to {priced.Total.Minor}, not {shown}."), "expectedTotal").Rejections.ToRefusal();
            return await SettleAsync(session, priced, checkout, closing, placed);
        });
    }

    /// <summary>Waits for the provider, as long as a buyer would.</summary>
    /// <param name="taken">The order as it was placed.</param>
    /// <param name="placed">The settlement that placed it, or empty.</param>
    public async Task<CartOrderTaken> AwaitPaymentAsync(CartOrderTaken taken, PlacedOrder placed)
    {
        var standing = await payments.TryAdvanceAsync(taken.OrderId, placed.Settlement?.Payment);
        return standing is null ? taken : taken with { State = StateOf(standing) };
    }

    private static CartOrderState StateOf(OrderSettlement settlement) => settlement switch
    {
        { Order.Status: OrderStatus.Cancelled } => CartOrderState.Cancelled,
        { Order: { IsConfirmed: true, Total: { Minor: > 0 } total }, Payment: var payment } when payment.Captured >= total.Minor => CartOrderState.Paid,
        { Order.IsConfirmed: true } => CartOrderState.Confirmed,
        _ => CartOrderState.Pending,
    };

    private async Task<CommandDecision> SettleAsync(
        CommandSession session, OrderPlaced priced, Checkout checkout, Decision closing, PlacedOrder placed)
    {
        var settlement = await OrderWork.BeginAsync(session, priced.OrderId, clock.GetUtcNow());
        settlement.Add(OrderDecider.Decide(settlement.Order, new PlacePricedOrder(priced)).Events);
        if (priced.Total.Minor > 0)
            settlement.Add(PaymentDecider.Decide(
                settlement.Payment, new RequestPayment(priced.OrderId, checkout.Method!, checkout.Token!, priced.Total)).Events);
        if (await OrderWork.SettleAsync(session, settlement) is { Count: > 0 } refused) return refused.ToRefusal();
        session.Append(Cart.StreamKey(priced.Terms!.CartId), closing.Events);
        placed.Settlement = settlement;
        return CommandDecision.Accept(new CartOrderTaken(priced.OrderId, StateOf(settlement), priced.Lines, priced.Charges, priced.Total));
    }

    private async Task<OrderPlaced?> PriceAsync(CommandSession session, Cart cart, Checkout checkout, string orderId, List<Rejection> rejections)
    {
        if (checkout.BuyerId is null || checkout.Country is null) rejections.Add(Lacks("address"));
        if (checkout.OptionId is null) rejections.Add(Lacks("delivery"));
        if (checkout.Method is null) rejections.Add(Lacks("payment"));
        if (rejections.Count > 0) return null;
        var now = clock.GetUtcNow();
        var terms = await TermsAsync(cart, checkout, now);
        var lines = await CheckoutSourcing.FindAsync(session, cart, terms, _places, now, rejections);
        var option = await session.LoadAsync(DeliveryOption.StreamKey(checkout.OptionId!), DeliveryOption.Initial, DeliveryOption.Evolve);
        var (delivery, refused) = option.PriceFor(cart.Currency!, checkout.Country!, cart.Goods);
        if (refused is not null) rejections.Add(refused);
        if (rejections.Count > 0) return null;
        var quote = PriceEvaluator.Evaluate(CheckoutPricing.Request(cart, checkout, lines, delivery, terms, now));
        return CheckoutPricing.Order(orderId, cart, checkout, lines, quote, terms, orders.Value.LegalEntity, now + paying.Value.PayWithin);
    }

    /// <summary>
    /// What stands of price lists, promotions and taxes. It comes from the read model, some milliseconds old; what must be exact (the
    /// product's own price, how often a limited promotion was used) is looked at again with the command.
    /// </summary>
    private async Task<PricingTerms> TermsAsync(Cart cart, Checkout checkout, DateTimeOffset now)
    {
        // An address may write a country as people do; taxes and promotions by region know ISO codes alone.
        var region = RegionFormat.IsWellFormed(checkout.Country) ? checkout.Country! : "";
        var basket = new Basket(cart.Currency!, cart.Channel!, region, null, now, [.. cart.Lines.Keys.Select(sku => new BasketLine(sku, sku, 1))])
        {
            CouponCodes = checkout.Coupons,
        };
        return (await pricing.FindTermsAsync(basket, cart.CustomerId)).Value;
    }

    private static Rejection Lacks(string what) => new("checkout_incomplete", $"The {what} is not given yet.", what);
}

/// <summary>The settlement of the order that a request placed; empty where it placed none.</summary>
internal sealed class PlacedOrder
{
    /// <summary>What was appended.</summary>
    public OrderSettlement? Settlement { get; set; }
}

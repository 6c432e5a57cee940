using EcommerceAI.Commerce.Carts;
using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests.Carts;

public sealed class CartDeciderTests
{
    private static readonly Cart Empty = Given(Cart.Initial, new CreateCart("c1", "GBP", "web"));

    private static Cart Given(Cart cart, params CartCommand[] commands) => commands.Aggregate(cart, (state, command) =>
    {
        var decision = CartDecider.Decide(state, command);
        decision.Rejections.ShouldBeEmpty();
        return decision.Events.Aggregate(state, Cart.Evolve);
    });

    private static Cart Filled(string id = "c1", string? customer = null) => Given(
        Cart.Initial, new CreateCart(id, "GBP", "web", customer), new AddCartLine(id, "A", 2, 2.5m), new AddCartLine(id, "b", 1, 0.333m));

    [Fact]
    public void Units_of_one_sku_add_up_on_one_line_at_the_newest_price()
    {
        var cart = Given(Filled(), new AddCartLine("c1", "a", 3, 3m));
        cart.Lines["A"].ShouldBe(new CartLine("A", 5, 3m));
        (cart.Units, cart.Goods).ShouldBe((6, 1533));
    }

    [Fact]
    public void Totals_always_equal_the_sum_of_the_lines()
    {
        var random = new Random(7);
        var cart = Empty;
        for (var step = 0; step < 500; step++)
        {
            var sku = $"S{random.Next(12)}";
            CartCommand command = random.Next(5) switch
            {
                0 => new ChangeCartLine("c1", sku, random.Next(4)),
                1 => new SaveCartLine("c1", sku),
                2 => new RestoreCartLine("c1", sku, random.Next(9) / 7m is var price ? decimal.Round(price, 4) : 0),
                _ => new AddCartLine("c1", sku, random.Next(1, 5), random.Next(50_000) / 10_000m),
            };
            cart = CartDecider.Decide(cart, command).Events.Aggregate(cart, Cart.Evolve);
            cart.Units.ShouldBe(cart.Lines.Values.Sum(line => (long)line.Quantity));
            cart.Goods.ShouldBe(cart.Lines.Values.Sum(cart.AmountOf));
        }
    }

    [Fact]
    public void A_quantity_of_none_removes_the_line()
    {
        var cart = Given(Filled(), new ChangeCartLine("c1", "A", 0));
        cart.Lines.Keys.ShouldBe(["B"]);
        (cart.Units, cart.Goods).ShouldBe((1, 33));
        CartDecider.Decide(cart, new ChangeCartLine("c1", "A", 1)).ShouldRefuse("not_in_cart", kind: RejectionKind.NotFound);
        CartDecider.Decide(cart, new ChangeCartLine("c1", "B", 1)).Events.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_saved_for_later_is_not_counted_and_comes_back_at_todays_price()
    {
        var saved = Given(Filled(), new SaveCartLine("c1", "A"), new AddCartLine("c1", "A", 1, 2.6m));
        (saved.Units, saved.Goods, saved.Saved["A"].Quantity).ShouldBe((2, 293, 2));

        var back = Given(saved, new RestoreCartLine("c1", "A", 2.7m));
        back.Saved.ShouldBeEmpty();
        back.Lines["A"].ShouldBe(new CartLine("A", 3, 2.7m));
    }

    [Fact]
    public void Signing_in_lays_the_guests_cart_into_the_customers()
    {
        var mine = Given(Cart.Initial, new CreateCart("mine", "GBP", "web", "17850"), new AddCartLine("mine", "A", 1, 2m), new AddCartLine("mine", "Z", 1, 1m));
        var merged = Given(mine, new MergeCart("mine", Given(Filled("guest"), new SaveCartLine("guest", "B"))));

        merged.Lines.Values.OrderBy(line => line.Sku).ShouldBe([new CartLine("A", 3, 2m), new CartLine("Z", 1, 1m)]);
        merged.Saved["B"].Quantity.ShouldBe(1);
        merged.Goods.ShouldBe(700);
    }

    [Fact]
    public void Only_an_open_cart_of_nobody_else_in_the_same_currency_is_merged()
    {
        var mine = Filled("mine", "17850");
        CartDecider.Decide(mine, new MergeCart("mine", Filled("other", "999"))).ShouldRefuse("cart_of_another", "fromCartId");
        CartDecider.Decide(mine, new MergeCart("mine", Given(Filled("g"), new OrderCart("g", "o1")))).ShouldRefuse("cart_closed", "fromCartId");
        CartDecider.Decide(mine, new MergeCart("mine", Given(Cart.Initial, new CreateCart("g", "EUR", "web")))).ShouldRefuse("mixed_currencies", "fromCartId");
        CartDecider.Decide(mine, new MergeCart("mine", mine)).ShouldRefuse("same_cart", "fromCartId");
        CartDecider.Decide(mine, new MergeCart("mine", Cart.Initial)).ShouldRefuse("unknown_cart", "fromCartId");
    }

    [Fact]
    public void An_ordered_cart_takes_no_change_until_its_order_comes_to_nothing()
    {
        var ordered = Given(Filled(), new OrderCart("c1", "o1"));
        CartDecider.Decide(ordered, new AddCartLine("c1", "A", 1, 1m)).ShouldRefuse("cart_closed");
        CartDecider.Decide(ordered, new ReopenCart("c1", "o2")).Events.ShouldBeEmpty();

        var open = Given(ordered, new ReopenCart("c1", "o1"));
        (open.Status, open.OrderId, open.Goods).ShouldBe((CartStatus.Open, null, ordered.Goods));
        CartDecider.Decide(Empty, new OrderCart("c1", "o1")).ShouldRefuse("cart_empty");
    }

    [Fact]
    public void A_cart_has_at_most_a_thousand_lines_of_a_million_units()
    {
        var full = Enumerable.Range(0, 1_000).Aggregate(Empty, (cart, i) => Given(cart, new AddCartLine("c1", $"S{i}", 1_000_000, 1_000_000m)));
        full.Goods.ShouldBe(100_000_000_000_000_000);
        CartDecider.Decide(full, new AddCartLine("c1", "ONE-MORE", 1, 1m)).ShouldRefuse("cart_full", "sku");
        CartDecider.Decide(full, new AddCartLine("c1", "S1", 1, 1m)).ShouldRefuse("quantity_limit_exceeded", "quantity");
    }

    [Fact]
    public void A_guests_cart_becomes_a_customers_once()
    {
        var mine = Given(Filled(), new ClaimCart("c1", "17850"));
        mine.CustomerId.ShouldBe("17850");
        CartDecider.Decide(mine, new ClaimCart("c1", "17850")).Events.ShouldBeEmpty();
        CartDecider.Decide(mine, new ClaimCart("c1", "2")).ShouldRefuse("cart_of_another", "customerId");
    }

    [Fact]
    public void Every_failing_field_of_a_checkout_is_named() =>
        CheckoutDecider.Decide(Checkout.Initial, new GiveAddress("c1", " ", "no mail", "", "\t"), null).Rejections.ShouldFind(
            "name: required", "email: malformed", "address: required", "country: required");

    [Fact]
    public void What_was_said_already_changes_nothing()
    {
        var said = CheckoutDecider.Decide(Checkout.Initial, new EnterCoupons("c1", ["spring", "SPRING"]), null).Events.Aggregate(Checkout.Initial, Checkout.Evolve);
        said.Coupons.ShouldBe(["SPRING"]);
        CheckoutDecider.Decide(said, new EnterCoupons("c1", ["Spring"]), null).Events.ShouldBeEmpty();
        CheckoutDecider.Decide(said, new EnterCoupons("c1", []), null).ShouldBeOne<CheckoutCouponsEntered>().Codes.ShouldBeEmpty();
    }

    [Fact]
    public void A_wish_is_made_once_and_taken_back_once()
    {
        var list = WishList.Decide(WishList.Initial, "17850", "A", true).Events.Aggregate(WishList.Initial, WishList.Evolve);
        WishList.Decide(list, "17850", "A", true).Events.ShouldBeEmpty();
        WishList.Decide(list, "17850", "A", false).ShouldBeOne<WishRemoved>();
        WishList.Decide(list, "17850", "B", false).Events.ShouldBeEmpty();
    }
}

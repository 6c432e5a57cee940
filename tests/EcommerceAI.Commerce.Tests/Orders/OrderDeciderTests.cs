using EcommerceAI.Commerce.Orders;
using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests.Orders;

public sealed class OrderDeciderTests
{
    private static readonly PlaceOrder Place = new(
        "o1", null, "France", "warehouse", "GBP", [new PlaceOrderLine("a", 3, 0.333m), new PlaceOrderLine("B", 2, 5m)]);

    private static Order Given(params OrderEvent[] history) => history.Aggregate(Order.Initial, Order.Evolve);

    private static OrderPlaced Placed(params UnpricedLine[] lines) =>
        OrderPricing.PlacedOrder("o1", null, "France", "warehouse", "GBP", lines, []);

    private static ReturnOrder Return(string id, params ReturnOrderLine[] lines) => new("o1", id, lines);

    [Fact]
    public void An_order_is_placed_at_the_prices_that_come_with_it()
    {
        var placed = OrderDecider.Decide(Order.Initial, Place with { CustomerId = "17850", Country = " France " })
            .ShouldBeOne<OrderPlaced>();
        placed.Lines.ShouldBe([new OrderLine("A", 3, 0.333m, 100), new OrderLine("B", 2, 5m, 1000)]);
        placed.Charges.ShouldBeEmpty();
        (placed.OrderId, placed.CustomerId, placed.Country, placed.Location, placed.Total)
            .ShouldBe(("o1", "17850", "France", "warehouse", new Money(1100, "GBP")));
    }

    [Fact]
    public void Each_line_is_rounded_by_itself()
    {
        var lines = Enumerable.Repeat(new PlaceOrderLine("A", 1, 0.005m), 3).Append(new PlaceOrderLine("A", 1, 0.015m));
        OrderDecider.Decide(Order.Initial, Place with { Lines = [.. lines] }).ShouldBeOne<OrderPlaced>()
            .Total.ShouldBe(new Money(2, "GBP"));
    }

    [Fact]
    public void The_dearest_order_of_the_finest_currency_does_not_overflow()
    {
        PlaceOrderLine[] lines = [.. Enumerable.Range(0, 1_000).Select(i => new PlaceOrderLine($"S{i}", 1_000_000, 1_000_000m))];
        OrderDecider.Decide(Order.Initial, Place with { Currency = "BHD", Lines = lines }).ShouldBeOne<OrderPlaced>()
            .Total.ShouldBe(new Money(1_000_000_000_000_000_000, "BHD"));
    }

    [Fact]
    public void An_order_is_placed_once()
    {
        OrderDecider.Decide(Given(Placed()), Place).ShouldRefuse("order_exists", "orderId");
        OrderDecider.Decide(Given(Placed(), new OrderCancelled("o1", null)), Place).ShouldRefuse("order_exists", "orderId");
    }

    [Fact]
    public void Every_failing_field_is_reported_at_once() =>
        OrderDecider.Decide(
                Order.Initial,
                new PlaceOrder("a b", "", " ", "X", "£", [new("A", 1, 1), new("a/b", 0, -1), null!, new("B", 1_000_001, 0.00001m)]))
            .Rejections.ShouldFind(
                "orderId: malformed", "customerId: malformed", "country: required", "location: malformed", "currency: malformed",
                "lines[1].sku: malformed", "lines[1].quantity: out_of_range", "lines[1].unitPrice: out_of_range",
                "lines[2]: required", "lines[3].quantity: out_of_range", "lines[3].unitPrice: malformed");

    [Fact]
    public void Missing_fields_are_reported_and_not_dereferenced()
    {
        OrderDecider.Validate(new PlaceOrder(null!, null, null!, null!, null!, null!)).ShouldFind(
            "orderId: required", "country: required", "location: required", "currency: required", "lines: required");
        OrderDecider.Validate(new ReturnOrder("o1", null!, [new(null!, 1), null!]))
            .ShouldFind("returnId: required", "lines[0].sku: required", "lines[1]: required");
        OrderDecider.Validate(new CancelOrder(null!, new string('x', 201))).ShouldFind("orderId: required", "reason: too_long");
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(1_000, true)]
    [InlineData(1_001, false)]
    public void An_order_has_1_to_1000_lines(int count, bool allowed)
    {
        string[] findings = allowed ? [] : ["lines: out_of_range"];
        OrderDecider.Validate(Place with { Lines = [.. Enumerable.Repeat(new PlaceOrderLine("A", 1, 1), count)] }).ShouldFind(findings);
        OrderDecider.Validate(Return("r1", [.. Enumerable.Repeat(new ReturnOrderLine("A", 1), count)])).ShouldFind(findings);
    }

    [Fact]
    public void The_units_of_one_sku_in_an_order_have_the_bound_of_a_line() =>
        OrderDecider.Validate(Place with { Lines = [new("A", 999_999, 1), new("a", 1, 1), new(" A", 1, 1), new("B", 1_000_000, 1)] })
            .ShouldFind("lines[2].quantity: out_of_range");

    [Fact]
    public void A_placed_order_is_cancelled_once()
    {
        var cancelled = OrderDecider.Decide(Given(Placed()), new CancelOrder("o1", " ")).ShouldBeOne<OrderCancelled>();
        cancelled.ShouldBe(new OrderCancelled("o1", null));
        OrderDecider.Decide(Given(Placed(), cancelled), new CancelOrder("o1")).ShouldRefuse("order_already_cancelled");
    }

    [Fact]
    public void An_order_that_goods_came_back_of_is_not_cancelled()
    {
        var order = Given(Placed(new UnpricedLine("A", 2, 1)), new OrderReturned("o1", "r1", [new("A", 1, 1, 100)], new(100, "GBP"), null));
        OrderDecider.Decide(order, new CancelOrder("o1")).ShouldRefuse("order_has_returns");
    }

    [Fact]
    public void An_unknown_order_is_neither_cancelled_nor_returned()
    {
        OrderDecider.Decide(Order.Initial, new CancelOrder("o1"))
            .ShouldRefuse("unknown_order", kind: RejectionKind.NotFound);
        OrderDecider.Decide(Order.Initial, Return("r1", new ReturnOrderLine("A", 1)))
            .ShouldRefuse("unknown_order", kind: RejectionKind.NotFound);
    }

    [Fact]
    public void Nothing_of_a_cancelled_order_is_returned() =>
        OrderDecider.Decide(
                Given(Placed(new UnpricedLine("A", 1, 1)), new OrderCancelled("o1", null)), Return("r1", new ReturnOrderLine("A", 1)))
            .ShouldRefuse("order_cancelled");

    [Fact]
    public void Goods_come_back_at_the_price_paid_from_the_lines_in_order()
    {
        var order = Given(Placed(new("A", 2, 3m), new("B", 1, 9m), new("A", 4, 2.5m), new("A", 1, 0m)));
        var first = OrderDecider.Decide(order, Return("r1", new("a", 1), new("B", 1), new("A", 2)) with { Reason = " broken " })
            .ShouldBeOne<OrderReturned>();
        first.Lines.ShouldBe([new OrderLine("A", 2, 3m, 600), new OrderLine("B", 1, 9m, 900), new OrderLine("A", 1, 2.5m, 250)]);
        (first.ReturnId, first.Refund, first.Reason).ShouldBe(("r1", new Money(1750, "GBP"), "broken"));

        order = Order.Evolve(order, first);
        order.Lines.Select(line => line.Returned).ShouldBe([2, 1, 1, 0]);
        var rest = OrderDecider.Decide(order, Return("r2", new ReturnOrderLine("A", 4))).ShouldBeOne<OrderReturned>();
        rest.Lines.ShouldBe([new OrderLine("A", 3, 2.5m, 750), new OrderLine("A", 1, 0m, 0)]);
        Order.Evolve(order, rest).Refunded.ShouldBe(order.Total!.Value.Minor);
    }

    [Fact]
    public void The_parts_of_a_line_add_up_to_the_penny()
    {
        var order = Given(Placed(new UnpricedLine("A", 3, 0.333m)));
        var refunds = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            var returned = OrderDecider.Decide(order, Return($"r{i}", new ReturnOrderLine("A", 1))).ShouldBeOne<OrderReturned>();
            refunds.Add(returned.Refund.Minor);
            order = Order.Evolve(order, returned);
        }

        refunds.ShouldBe([33, 34, 33]);
        order.Refunded.ShouldBe(100);
    }

    [Fact]
    public void No_more_comes_back_than_was_ordered()
    {
        var order = Given(
            Placed(new("A", 2, 1m), new("A", 1, 1m)), new OrderReturned("o1", "r1", [new("A", 1, 1m, 100)], new(100, "GBP"), null));
        OrderDecider.Decide(order, Return("r2", new ReturnOrderLine("A", 3))).ShouldRefuse("return_exceeds_order", "lines[0].quantity");
        OrderDecider.Decide(order, Return("r2", new("A", 2), new("a", 1))).ShouldRefuse("return_exceeds_order", "lines[1].quantity");
        OrderDecider.Decide(order, Return("r2", new("A", 1), new("a", 1))).ShouldBeOne<OrderReturned>();
    }

    [Fact]
    public void What_an_order_says_against_a_return_is_said_of_every_line() =>
        OrderDecider.Decide(Given(Placed(new UnpricedLine("A", 1, 1m))), Return("r1", new("X", 1), new("A", 2), new("Y", 1)))
            .Rejections.Select(rejection => (rejection.Code, rejection.Field)).ShouldBe(
            [
                ("not_on_order", "lines[0].sku"), ("return_exceeds_order", "lines[1].quantity"), ("not_on_order", "lines[2].sku"),
            ]);

    [Fact]
    public void A_return_is_taken_once()
    {
        var order = Given(Placed(new UnpricedLine("A", 2, 1m)));
        var returned = OrderDecider.Decide(order, Return("r1", new ReturnOrderLine("A", 1))).ShouldBeOne<OrderReturned>();
        OrderDecider.Decide(Order.Evolve(order, returned), Return("r1", new ReturnOrderLine("A", 1)))
            .ShouldRefuse("return_exists", "returnId");
    }
}

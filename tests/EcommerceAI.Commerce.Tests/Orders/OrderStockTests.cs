using EcommerceAI.Commerce.Inventory;
using EcommerceAI.Commerce.Orders;
using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests.Orders;

public sealed class OrderStockTests
{
    private static readonly OrderPlaced Placed = OrderPricing.PlacedOrder(
        "o1", null, "France", "shop-1", "GBP", [new("b", 1, 1m), new("B", 2, 1m), new("A", 3, 1m), new("B", 4, 2m), new("_", 5, 1m)], []);

    private static readonly Order Ordered = Order.Evolve(Order.Initial, Placed);

    [Fact]
    public void A_placed_order_issues_each_sku_once_in_ordinal_order() =>
        OrderStock.CommandsFor(Order.Initial, Placed).ShouldBe(
        [
            new IssueStock("A", "shop-1", 3, "o1"), new IssueStock("B", "shop-1", 6, "o1"), new IssueStock("_", "shop-1", 5, "o1"),
            new IssueStock("b", "shop-1", 1, "o1"),
        ]);

    [Fact]
    public void A_cancelled_order_puts_its_goods_back() =>
        OrderStock.CommandsFor(Ordered, new OrderCancelled("o1", null)).ShouldBe(
        [
            new ReturnStock("A", "shop-1", 3, "o1"), new ReturnStock("B", "shop-1", 6, "o1"), new ReturnStock("_", "shop-1", 5, "o1"),
            new ReturnStock("b", "shop-1", 1, "o1"),
        ]);

    [Fact]
    public void A_return_puts_back_what_came() =>
        OrderStock.CommandsFor(
                Ordered,
                new OrderReturned("o1", "r1", [new("B", 2, 1m, 200), new("A", 1, 1m, 100), new("B", 1, 2m, 200)], new(500, "GBP"), null))
            .ShouldBe([new ReturnStock("A", "shop-1", 1, "r1"), new ReturnStock("B", "shop-1", 3, "r1")]);

    [Fact]
    public void An_order_that_was_never_placed_moves_nothing()
    {
        OrderStock.CommandsFor(Order.Initial, new OrderCancelled("o1", null)).ShouldBeEmpty();
        Should.Throw<ArgumentException>(() => OrderStock.CommandsFor(
            Order.Initial, new OrderReturned("o1", "r1", [new("A", 1, 1m, 100)], new(100, "GBP"), null)));
    }
}

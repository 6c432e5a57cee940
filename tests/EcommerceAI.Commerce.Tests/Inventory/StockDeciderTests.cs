using EcommerceAI.Commerce.Inventory;
using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests.Inventory;

public sealed class StockDeciderTests
{
    private const int Million = 1_000_000;

    private static Stock Holding(long units) => new("A", "shop", units);

    [Fact]
    public void Goods_are_received_under_the_one_spelling_of_their_sku() =>
        StockDecider.Decide(Stock.Initial, new ReceiveStock("a", "shop", 5, " DN-1 ")).ShouldBeOne<StockReceived>()
            .ShouldBe(new StockReceived("A", "shop", 5, "DN-1"));

    [Fact]
    public void Stock_is_adjusted_down_to_nothing_but_not_below()
    {
        StockDecider.Decide(Holding(3), new AdjustStock("A", "shop", -3, "damaged")).ShouldBeOne<StockAdjusted>()
            .ShouldBe(new StockAdjusted("A", "shop", -3, "damaged"));
        StockDecider.Decide(Holding(3), new AdjustStock("A", "shop", -4, "damaged")).ShouldRefuse("insufficient_stock", "quantity");
    }

    [Fact]
    public void An_order_takes_no_more_than_is_on_hand()
    {
        StockDecider.Decide(Holding(3), new IssueStock("A", "shop", 3, "o1")).ShouldBeOne<StockIssued>()
            .ShouldBe(new StockIssued("A", "shop", 3, "o1"));
        var refused = StockDecider.Decide(Holding(3), new IssueStock("a", "shop", 4, "o1"));
        refused.ShouldRefuse("insufficient_stock", "quantity");
        refused.Rejection!.Message.ShouldBe("3 of A on hand at shop; 4 asked for.");
    }

    [Fact]
    public void Nothing_is_issued_where_nothing_ever_was() =>
        StockDecider.Decide(Stock.Initial, new IssueStock("A", "shop", 1, "o1")).ShouldRefuse("insufficient_stock", "quantity");

    [Fact]
    public void A_count_is_a_fact_even_when_it_finds_what_the_books_say() =>
        StockDecider.Decide(Holding(3), new CountStock("A", "shop", 3)).ShouldBeOne<StockCounted>()
            .ShouldBe(new StockCounted("A", "shop", 3));

    [Fact]
    public void Goods_come_back_with_their_reference() =>
        StockDecider.Decide(Holding(0), new ReturnStock("A", "shop", 2, "r1")).ShouldBeOne<StockReturned>()
            .ShouldBe(new StockReturned("A", "shop", 2, "r1"));

    [Fact]
    public void No_command_takes_the_stock_beyond_an_int()
    {
        StockDecider.Decide(Holding(int.MaxValue - 1), new ReceiveStock("A", "shop", 1)).ShouldBeOne<StockReceived>();
        StockCommand[] beyond =
            [new ReceiveStock("A", "shop", 1), new AdjustStock("A", "shop", 1, "found"), new ReturnStock("A", "shop", 1, "r1")];
        foreach (var command in beyond)
            StockDecider.Decide(Holding(int.MaxValue), command).ShouldRefuse("stock_limit_exceeded", "quantity");
    }

    [Fact]
    public void Goods_may_come_in_where_a_history_left_less_than_nothing()
    {
        StockDecider.Decide(Holding(-5), new ReceiveStock("A", "shop", 3)).ShouldBeOne<StockReceived>();
        StockDecider.Decide(Holding(-5), new IssueStock("A", "shop", 1, "o1")).ShouldRefuse("insufficient_stock", "quantity");
    }

    [Fact]
    public void Quantities_have_bounds()
    {
        foreach (var quantity in new[] { 1, Million })
        {
            StockDecider.Validate(new ReceiveStock("A", "shop", quantity)).ShouldBeEmpty();
            StockDecider.Validate(new IssueStock("A", "shop", quantity, "o")).ShouldBeEmpty();
            StockDecider.Validate(new ReturnStock("A", "shop", quantity, "r")).ShouldBeEmpty();
            StockDecider.Validate(new AdjustStock("A", "shop", quantity, "r")).ShouldBeEmpty();
            StockDecider.Validate(new AdjustStock("A", "shop", -quantity, "r")).ShouldBeEmpty();
        }

        foreach (var quantity in new[] { int.MinValue, -1, 0, Million + 1, int.MaxValue })
        {
            StockDecider.Validate(new ReceiveStock("A", "shop", quantity)).ShouldFind("quantity: out_of_range");
            StockDecider.Validate(new IssueStock("A", "shop", quantity, "o")).ShouldFind("quantity: out_of_range");
            StockDecider.Validate(new ReturnStock("A", "shop", quantity, "r")).ShouldFind("quantity: out_of_range");
        }

        foreach (var quantity in new[] { int.MinValue, -Million - 1, 0, Million + 1, int.MaxValue })
            StockDecider.Validate(new AdjustStock("A", "shop", quantity, "r")).ShouldFind("quantity: out_of_range");
    }

    [Fact]
    public void A_count_is_never_negative_and_may_be_as_high_as_stock_can_be()
    {
        StockDecider.Validate(new CountStock("A", "shop", 0)).ShouldBeEmpty();
        StockDecider.Validate(new CountStock("A", "shop", int.MaxValue)).ShouldBeEmpty();
        StockDecider.Validate(new CountStock("A", "shop", -1)).ShouldFind("quantity: out_of_range");
    }

    [Fact]
    public void Every_failing_field_is_reported_at_once() =>
        StockDecider.Decide(Stock.Initial, new AdjustStock("", "No Slug", 0, " ", new string('x', 201)))
            .Rejections.ShouldFind(
                "sku: required", "location: malformed", "quantity: out_of_range", "reason: required", "reference: too_long");

    [Fact]
    public void Missing_fields_are_reported_and_not_dereferenced()
    {
        StockDecider.Validate(new IssueStock(null!, null!, 1, null!))
            .ShouldFind("sku: required", "location: required", "orderId: required");
        StockDecider.Validate(new ReturnStock("A", "shop", 1, null!)).ShouldFind("reference: required");
    }

    [Fact]
    public void The_fold_takes_any_history()
    {
        StockEvent[] history =
        [
            new StockIssued("A", "shop", int.MaxValue, "o1"), new StockIssued("A", "shop", int.MaxValue, "o2"),
            new StockAdjusted("A", "shop", int.MinValue, null), new StockReceived("A", "shop", 7),
        ];
        history.Aggregate(Stock.Initial, Stock.Evolve).OnHand.ShouldBe((-2L * int.MaxValue) + int.MinValue + 7);
        Stock.Evolve(Holding(-9), new StockCounted("A", "shop", 4)).ShouldBe(Holding(4));
    }
}

using System.Globalization;
using System.Text.RegularExpressions;
using EcommerceAI.Commerce.Orders;
using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests.Orders;

/// <summary>The cases of <c>refunds.md</c>, each read from its row and played through the decider.</summary>
public sealed partial class RefundCaseTests
{
    private const string Shop = "warehouse";

    public static TheoryData<string, string, string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string, string, string>();
            foreach (var line in File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Orders", "refunds.md")))
            {
                var cells = line.Split('|', StringSplitOptions.TrimEntries);
                if (cells.Length == 6 && cells[1] is not "Bought" && !cells[1].StartsWith("---", StringComparison.Ordinal))
                    data.Add(cells[1], cells[2], cells[3], cells[4]);
            }

            return data;
        }
    }

    [Fact]
    public void There_are_forty_cases_at_least() => Cases.Count.ShouldBeGreaterThanOrEqualTo(40);

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_captured_and_given_back_is_what_the_table_says(string bought, string happens, string comesOut, string left)
    {
        var order = Buy(bought);
        var currency = order.Total!.Value.Currency;
        var outcomes = new List<string>();
        foreach (var step in happens.Split("; "))
        {
            var decision = Play(order, step, outcomes.Count);
            outcomes.Add(decision.Rejection is { } no ? $"no: {no.Code}" : Text(AmountOf(decision.Events[0]), currency));
            order = decision.Events.Aggregate(order, Order.Evolve);
            if (order.Parcel is { } parcel)
                order = Order.Evolve(order, step.StartsWith("unpaid", StringComparison.Ordinal)
                    ? new OrderShipmentDropped("o1", parcel.ShipmentId, "capture_failed")
                    : new OrderShipped("o1", parcel.ShipmentId));
        }

        outcomes.ShouldBe(comesOut.Split("; "));
        Text(order.Charged - order.Refunded, currency).ShouldBe(left);
        order.Credits.Sum(credit => credit.Amount).ShouldBe(order.Refunded);
    }

    private static Decision Play(Order order, string step, int number)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"s{number}");
        var (verb, rest) = (step.Split(' ')[0], step[(step.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        return OrderDecider.Decide(order, verb switch
        {
            "ship" or "unpaid" => new PackShipment("o1", id, Shop, rest == "all" ? null : Units(rest)),
            "return" => new ReturnOrder("o1", id, Units(rest)),
            "cancel" => new CancelOrderLines("o1", id, Units(rest)),
            "refund" => new RefundOrder("o1", id, Minor(rest, order.Total!.Value.Currency), "courtesy"),
            _ => throw new InvalidOperationException($"Nobody knows how to {verb}."),
        });
    }

    private static long AmountOf(DomainEvent @event) => @event switch
    {
        OrderShipmentPacked packed => packed.Amount.Minor,
        OrderReturned returned => returned.Refund.Minor,
        OrderLinesCancelled cancelled => cancelled.Amount.Minor,
        OrderRefunded refunded => refunded.Amount.Minor,
        _ => throw new InvalidOperationException(@event.ToString()),
    };

    private static Order Buy(string bought)
    {
        var currency = bought.Contains(": ", StringComparison.Ordinal) ? bought[..3] : "GBP";
        var (lines, terms, charges, delivery) = (new List<OrderLine>(), new List<LineTerms>(), new List<OrderCharge>(), 0L);
        foreach (var part in bought[(bought.IndexOf(": ", StringComparison.Ordinal) is var at and >= 0 ? at + 2 : 0)..].Split("; "))
        {
            var words = Part().Match(part);
            words.Success.ShouldBeTrue(part);
            var less = words.Groups["less"].Success ? Minor(words.Groups["less"].Value, currency) : 0;
            var price = decimal.Parse(words.Groups["price"].Value, CultureInfo.InvariantCulture);
            var quantity = words.Groups["units"].Success ? int.Parse(words.Groups["units"].Value, CultureInfo.InvariantCulture) : 1;
            var amount = new UnitPrice(price, currency).Times(quantity).Minor;
            if (less > 0) charges.Add(new OrderCharge("PROMOTION", null, -1, less, -less));
            if (words.Groups["sku"].Success)
            {
                lines.Add(new OrderLine(words.Groups["sku"].Value, quantity, price, amount));
                terms.Add(new LineTerms(Shop, amount - less, (amount - less) / 6, 0.2m));
            }
            else
            {
                charges.Add(new OrderCharge("DELIVERY", null, 1, price, amount));
                delivery += amount - less;
            }
        }

        var total = new Money(lines.Sum(line => line.Amount) + charges.Sum(charge => charge.Amount), currency);
        var placed = new OrderPlaced(
            "o1", null, "GB", Shop, lines, charges, total,
            new OrderTerms("c1", "c1", "web", "main", null, CaptureMoment.Shipment, DateTimeOffset.UnixEpoch, delivery, delivery / 6, terms));
        var order = OrderDecider.Decide(Order.Initial, new PlacePricedOrder(placed)).Events.Aggregate(Order.Initial, Order.Evolve);
        return Order.Evolve(order, new OrderConfirmed("o1"));
    }

    private static ReturnOrderLine[] Units(string text) =>
        [.. text.Split(", ").Select(part => new ReturnOrderLine(part.Split(' ')[1], int.Parse(part.Split(' ')[0], CultureInfo.InvariantCulture)))];

    private static long Minor(string text, string currency) => Currencies.ToMoney(decimal.Parse(text, CultureInfo.InvariantCulture), currency).Minor;

    private static string Text(long minor, string currency)
    {
        var decimals = Currencies.Decimals(currency);
        return (minor / (decimal)Math.Pow(10, decimals)).ToString($"F{decimals}", CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("^(?:delivery (?<price>[0-9.]+)|(?<units>[0-9]+) (?<sku>[A-Z]+) @ (?<price>[0-9.]+))(?: less (?<less>[0-9.]+))?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Part();
}

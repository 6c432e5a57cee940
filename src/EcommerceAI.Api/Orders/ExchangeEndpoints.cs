using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Catalog;
using EcommerceAI.Commerce.Orders;
using EcommerceAI.EventSourcing.Commands;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.Orders;

/// <summary>
/// Exchanges goods: what comes back pays for an order of its own that goes out, in one append, so that nobody gets the one without the
/// other. The new order owes nothing; what is left of the credit flows back.
/// </summary>
internal sealed class ExchangeEndpoints : IEndpoints
{
    private const string Code = "EXCHANGE";

    public void Map(RouteGroupBuilder api) =>
        api.MapPost("/orders/{id}/exchanges", ExchangeAsync).WithTags("Orders").Allow(Roles.Staff).WithName("ExchangeGoods")
            .WithSummary("Takes goods back and sends others for them, worth no more at today's list prices; the rest is given back.");

    private static Task<Results<CommandCreated<GoodsExchanged>, Refused>> ExchangeAsync(
        string id, CommandRequest<NewExchange> request, CommandEndpoint commands, TimeProvider clock) =>
        commands.CreateAsync<NewExchange, GoodsExchanged>(
            request, body => Plan(id, body, clock), exchanged => $"/v1/orders/{exchanged.ExchangeOrderId}");

    private static CommandPlan Plan(string id, NewExchange body, TimeProvider clock)
    {
        if (!IdFormat.IsWellFormed(id)) return Missing.Plan("unknown_order", $"There is no order {id}.");
        var (returnId, exchangeId) = (Guid.CreateVersion7().ToString(), Guid.CreateVersion7().ToString());
        var command = new ReturnOrder(id, returnId, body.Lines.ToUnits(), body.Reason, body.WriteOff, exchangeId);
        // The same rules hold for what goes out as for what comes back.
        var replacements = OrderDecider.Validate(command with { Lines = body.Replacements.ToUnits() })
            .Select(rejection => rejection with { Field = rejection.Field?.Replace("lines", "replacements", StringComparison.Ordinal) });
        Rejection[] rejections = [.. OrderDecider.Validate(command), .. replacements.Where(rejection => rejection.Field?.StartsWith("replacements", StringComparison.Ordinal) == true)];
        return new(rejections, async (session, expected) =>
        {
            var returning = await OrderWork.BeginAsync(session, id, clock.GetUtcNow(), expected);
            if (!returning.Order.Exists) return Decision.NotFound("unknown_order", $"There is no order {id}.").Rejections.ToRefusal();
            if (returning.Order.Terms is null)
                return Decision.Reject("order_not_confirmed", $"Order {id} was paid elsewhere; its goods cannot be exchanged from here.").Rejections.ToRefusal();
            var missing = new List<Rejection>();
            var lines = await LinesAsync(session, body.Replacements, returning.Order, missing);
            if (missing.Count > 0) return ((IReadOnlyList<Rejection>)missing).ToRefusal();
            var worth = lines.Sum(line => line.Amount);
            var decision = OrderDecider.Decide(returning.Order, command with { ExchangeTotal = worth });
            if (decision.Events is not [OrderReturned returned]) return decision.Rejections.ToRefusal();

            var sending = await OrderWork.BeginAsync(session, exchangeId, clock.GetUtcNow());
            sending.Add(OrderDecider.Decide(sending.Order, new PlacePricedOrder(OrderOf(exchangeId, returning.Order, lines, worth))).Events);
            returning.Add([returned]);
            foreach (var settlement in (OrderSettlement[])[returning, sending])
            {
                if (await OrderWork.SettleAsync(session, settlement) is { Count: > 0 } refused) return refused.ToRefusal();
            }

            return CommandDecision.Accept(new GoodsExchanged(
                id, returnId, exchangeId, returned.Refund, returned.Refund with { Minor = returned.Refund.Minor - returned.Carried }));
        });
    }

    private static async Task<List<OrderLine>> LinesAsync(
        CommandSession session, IReadOnlyList<Goods> goods, Order of, List<Rejection> rejections)
    {
        var currency = of.Total!.Value.Currency;
        var lines = new List<OrderLine>(goods.Count);
        for (var i = 0; i < goods.Count; i++)
        {
            var sku = SkuFormat.Normalize(goods[i].Sku);
            var product = await session.LoadAsync(Product.StreamKey(sku), Product.Initial, Product.Evolve);
            if (product.Price is { } price && price.Currency == currency && product.IsSoldIn(of.Terms!.Channel))
                lines.Add(new OrderLine(sku, goods[i].Quantity, price.Amount, price.Times(goods[i].Quantity).Minor));
            else
                rejections.Add(new Rejection("not_for_sale", $"Product {sku} is not sold for {currency} in channel {of.Terms!.Channel}.", $"replacements[{i}].sku", RejectionKind.Invalid));
        }

        return lines;
    }

    /// <summary>An order that the credit pays for: its total is nothing, so it is confirmed at once.</summary>
    private static OrderPlaced OrderOf(string orderId, Order of, List<OrderLine> lines, long worth)
    {
        var currency = of.Total!.Value.Currency;
        var location = of.Location!;
        OrderCharge[] charges = worth == 0 ? [] : [new OrderCharge(Code, $"In exchange, order {of.OrderId}", -1, Currencies.ToMajor(worth, currency), -worth)];
        return new OrderPlaced(
            orderId, of.CustomerId, of.Country!, location, lines, charges, Money.Zero(currency),
            of.Terms! with
            {
                Delivery = 0,
                DeliveryTax = 0,
                Capture = CaptureMoment.Shipment,
                Promotions = [],
                Lines = [.. lines.Select(_ => new LineTerms(location, 0, 0, 0m))],
            });
    }
}

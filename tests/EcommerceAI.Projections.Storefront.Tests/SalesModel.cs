using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Orders;
using EcommerceAI.Projections.Storefront.Sales;

namespace EcommerceAI.Projections.Storefront.Tests;

/// <summary>Sales figures by a plain fold, one event after another.</summary>
internal static class SalesModel
{
    private static readonly SalesFigures None = new(
        null, null, "", new PlacedFigures(0, 0, 0, 0, 0, 0, 0), new CancelledFigures(0, 0, 0, 0, 0, 0), new ReturnedFigures(0, 0, 0, 0, 0, 0));

    public static List<(TKey Key, SalesFigures Figures)> Of<TKey>(
        IEnumerable<(string Stream, DomainEvent Data, DateTimeOffset At)> facts,
        DateOnly from,
        DateOnly to,
        Func<(DateOnly Day, string Country, string Currency), TKey> keyOf,
        string? onlyCountry = null)
        where TKey : notnull
    {
        var orders = new Dictionary<string, OrderPlaced>(StringComparer.Ordinal);
        var sums = new SortedDictionary<TKey, SalesFigures>(Comparer<TKey>.Create((one, other) =>
            StringComparer.Ordinal.Compare(Text(one), Text(other))));
        foreach (var (stream, data, at) in facts)
        {
            if (data is OrderPlaced placed) orders[stream] = placed;
            var (country, currency) = data switch
            {
                OrderEvent => (orders[stream].Country, orders[stream].Total.Currency),
                ReturnReceived received => (received.Country, received.Total.Currency),
                _ => ("", ""),
            };
            // British Summer Time of 2011: from 27 March to 30 October, at 01:00 UTC.
            var summer = at >= new DateTimeOffset(2011, 3, 27, 1, 0, 0, TimeSpan.Zero) && at < new DateTimeOffset(2011, 10, 30, 1, 0, 0, TimeSpan.Zero);
            var day = DateOnly.FromDateTime(at.UtcDateTime.AddHours(summer ? 1 : 0));
            if (country.Length == 0 || day < from || day > to || (onlyCountry ?? country) != country) continue;
            var key = keyOf((day, country, currency));
            sums[key] = Add(sums.GetValueOrDefault(key, None), data, orders.GetValueOrDefault(stream));
        }

        return [.. sums.Select(pair => (pair.Key, pair.Value))];
    }

    private static string Text<TKey>(TKey key) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{key}");

    private static SalesFigures Add(SalesFigures sum, DomainEvent data, OrderPlaced? order) => data switch
    {
        OrderPlaced placed => sum with
        {
            Placed = new PlacedFigures(
                sum.Placed.Orders + 1,
                sum.Placed.Units + placed.Lines.Where(line => line.UnitPrice > 0).Sum(line => line.Quantity),
                sum.Placed.FreeUnits + placed.Lines.Where(line => line.UnitPrice == 0).Sum(line => line.Quantity),
                sum.Placed.Revenue + placed.Lines.Sum(line => line.Quantity * line.UnitPrice),
                sum.Placed.Booked + placed.Lines.Sum(line => line.Amount),
                sum.Placed.Charges + placed.Charges.Sum(line => line.Quantity * line.UnitPrice),
                sum.Placed.ChargesBooked + placed.Charges.Sum(line => line.Amount)),
        },
        OrderCancelled => sum with
        {
            Cancelled = new CancelledFigures(
                sum.Cancelled.Orders + 1,
                sum.Cancelled.Units + order!.Lines.Sum(line => line.Quantity),
                sum.Cancelled.Revenue + order.Lines.Sum(line => line.Quantity * line.UnitPrice),
                sum.Cancelled.Booked + order.Lines.Sum(line => line.Amount),
                sum.Cancelled.Charges + order.Charges.Sum(line => line.Quantity * line.UnitPrice),
                sum.Cancelled.ChargesBooked + order.Charges.Sum(line => line.Amount)),
        },
        OrderReturned returned => sum with { Returned = TakeBack(sum.Returned, returned.Lines, returned.Refund.Minor, []) },
        ReturnReceived received => sum with
        {
            Returned = TakeBack(sum.Returned, received.Lines, received.Lines.Sum(line => line.Amount), received.Charges),
        },
        _ => sum,
    };

    private static ReturnedFigures TakeBack(
        ReturnedFigures sum, IReadOnlyList<OrderLine> lines, long booked, IReadOnlyList<OrderCharge> charges) => new(
            sum.Returns + 1, sum.Units + lines.Sum(line => line.Quantity), sum.Refunded + lines.Sum(line => line.Quantity * line.UnitPrice),
            sum.Booked + booked, sum.Charges + charges.Sum(line => line.Quantity * line.UnitPrice),
            sum.ChargesBooked + charges.Sum(line => line.Amount));
}

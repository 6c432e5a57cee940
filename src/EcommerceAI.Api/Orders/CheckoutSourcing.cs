using EcommerceAI.Api.Http;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Carts;
using EcommerceAI.Commerce.Catalog;
using EcommerceAI.Commerce.Inventory;
using EcommerceAI.Commerce.Pricing;
using EcommerceAI.EventSourcing.Commands;

namespace EcommerceAI.Api.Orders;

/// <summary>Finds today's price of each line of a cart, and the places that its units leave from.</summary>
internal static class CheckoutSourcing
{
    /// <summary>The lines in order of their SKUs.</summary>
    /// <param name="session">The session.</param>
    /// <param name="cart">The cart.</param>
    /// <param name="terms">Price lists and tax classes that stand; the product's own list price is read with the command.</param>
    /// <param name="places">Where goods may leave from, one or more.</param>
    /// <param name="at">Now.</param>
    /// <param name="rejections">Gets what keeps a line from being sold.</param>
    public static async Task<IReadOnlyList<SourcedLine>> FindAsync(
        CommandSession session, Cart cart, PricingTerms terms, IReadOnlyList<SourcingPlace> places, DateTimeOffset at, List<Rejection> rejections)
    {
        var lines = new List<SourcedLine>();
        foreach (var line in cart.Lines.Values.OrderBy(line => line.Sku, StringComparer.Ordinal))
        {
            var product = await session.LoadAsync(Product.StreamKey(line.Sku), Product.Initial, Product.Evolve);
            var known = terms.Products.GetValueOrDefault(line.Sku);
            var conditions = new PriceConditions(cart.Currency!, cart.Channel!, null, at, line.Quantity);
            if (!product.Exists || !product.IsSoldIn(cart.Channel) || PriceChooser.Choose(conditions, product.Price, known?.Listed ?? []) is not { } chosen)
                rejections.Add(new Rejection("not_for_sale", $"Product {line.Sku} is not sold for {cart.Currency} in channel {cart.Channel} any more.", line.Sku));
            else
                lines.Add(new SourcedLine(
                    new PricingLine(line.Sku, line.Sku, line.Quantity, chosen.Price.Amount)
                    {
                        Categories = known?.Categories ?? (product.Category is { } category ? [category] : []),
                        TaxClass = known?.TaxClass ?? TaxTable.StandardClass,
                        Source = chosen.Source,
                    },
                    [(places[0].Location, line.Quantity)]));
        }

        // With one place there is nothing to choose: the allocation itself says whether the goods are there.
        return rejections.Count > 0 || places.Count == 1 ? lines : await SourceAsync(session, cart, lines, places, DateOnly.FromDateTime(at.UtcDateTime));
    }

    private static async Task<IReadOnlyList<SourcedLine>> SourceAsync(
        CommandSession session, Cart cart, List<SourcedLine> lines, IReadOnlyList<SourcingPlace> places, DateOnly today)
    {
        var stock = new List<SourcingStock>();
        foreach (var line in lines)
        {
            foreach (var place in places)
            {
                var there = await session.LoadAsync(Stock.StreamKey(line.Sku, place.Location), Stock.Initial, Stock.Evolve);
                if (there.Sku is not null) stock.Add(SourcingStock.Of(there, cart.Channel, today));
            }
        }

        var plan = Sourcing.Plan(new SourcingRequest([.. lines.Select(line => new SourcingLine(line.Sku, line.Sku, line.Quantity))], places, stock, Backorder: true));
        var parts = plan.Parcels.SelectMany(parcel => parcel.Lines.Select(line => (line.Sku, parcel.Location, line.Quantity))).ToLookup(part => part.Sku, StringComparer.Ordinal);
        // What is missing is asked of the first place, whose allocation refuses it, or takes it on as a backorder.
        return [.. lines.Select(line => line with { Places = Complete(line, parts[line.Sku], places[0].Location) })];
    }

    private static List<(string Location, int Units)> Complete(SourcedLine line, IEnumerable<(string Sku, string Location, int Quantity)> parts, string first)
    {
        var byPlace = parts.GroupBy(part => part.Location, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Sum(part => part.Quantity), StringComparer.Ordinal);
        var missing = line.Quantity - byPlace.Values.Sum();
        if (missing > 0) byPlace[first] = byPlace.GetValueOrDefault(first) + missing;
        return [.. byPlace.OrderBy(place => place.Key, StringComparer.Ordinal).Select(place => (place.Key, place.Value))];
    }
}

using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Catalog;
using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.Projections.Search.Tests;

/// <summary>Products as events.</summary>
internal static class Catalogue
{
    private static readonly DateTimeOffset Start = new(2011, 1, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly string[] Colours = ["RED", "BLUE", "IVORY", "PINK", "GREEN"];
    private static readonly string[] Things = ["TEACUP", "LANTERN", "BUNTING", "CAKESTAND", "DOORMAT", "CUSHION", "CANDLE"];

    public static IEnumerable<KeyValuePair<string, Type>> EventNames => BoundedContext.Scan().SelectMany(context => context.EventNames);

    public static ProductCreated Created(string sku, string title, decimal? price = 1.25m) =>
        new(sku, title, price is { } amount ? new UnitPrice(amount, "GBP") : null);

    public static ProductPriceChanged Repriced(string sku, decimal price) => new(sku, new UnitPrice(price, "GBP"));

    public static BulkEvent Happened(int minute, string sku, object data) =>
        new(Product.StreamKey(sku), new NewEvent(data, Guid.CreateVersion7(), Start.AddMinutes(minute)), data is ProductCreated);

    /// <summary>Products that appear one after another, and prices that change among them.</summary>
    public static IEnumerable<BulkEvent> History(int seed, int products)
    {
        var random = new Random(seed);
        for (var i = 0; i < products; i++)
        {
            var title = $"{Colours[random.Next(Colours.Length)]} {Things[random.Next(Things.Length)]} {i}";
            yield return Happened(i, $"P{i}", Created($"P{i}", title, random.Next(4) == 0 ? null : random.Next(1, 900) / 100m));
            while (random.Next(3) > 0)
            {
                var priced = $"P{random.Next(i + 1)}";
                yield return Happened(i, priced, Repriced(priced, random.Next(1, 900) / 100m));
            }
        }
    }
}

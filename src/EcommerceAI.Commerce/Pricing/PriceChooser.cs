namespace EcommerceAI.Commerce.Pricing;

/// <summary>The price of one SKU on a price list, with the conditions of that list.</summary>
/// <param name="PriceListId">Id of the price list.</param>
/// <param name="Name">Its name.</param>
/// <param name="Currency">ISO 4217 code of its prices.</param>
/// <param name="Channel">The channel that it is for, or null for all.</param>
/// <param name="CustomerGroup">The customer group that it is for, or null for everybody.</param>
/// <param name="From">The first moment, or null.</param>
/// <param name="Until">The first moment after it, or null.</param>
/// <param name="Priority">0 to 1,000; the lower number goes first where two lists are equally specific.</param>
/// <param name="Amount">Price of one unit in major units, at most four places.</param>
/// <param name="MinimumQuantity">The fewest units that it is for, 1 or more.</param>
public sealed record ListedPrice(
    string PriceListId, string Name, string Currency, string? Channel, string? CustomerGroup, DateTimeOffset? From, DateTimeOffset? Until,
    int Priority, decimal Amount, int MinimumQuantity = 1)
{
    /// <summary>
    /// How many conditions it states: customer group, channel, time, quantity. The more, the more specific.
    /// </summary>
    public int Specificity =>
        (CustomerGroup is null ? 0 : 1) + (Channel is null ? 0 : 1) + (From is null && Until is null ? 0 : 1) + (MinimumQuantity > 1 ? 1 : 0);
}

/// <summary>The conditions that a unit price depends on.</summary>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Channel">Where the sale is made.</param>
/// <param name="CustomerGroup">The group that the terms are for, or null.</param>
/// <param name="At">The moment.</param>
/// <param name="Quantity">Units bought.</param>
public sealed record PriceConditions(string Currency, string Channel, string? CustomerGroup, DateTimeOffset At, int Quantity = 1);

/// <summary>A unit price and where it comes from.</summary>
/// <param name="Price">Price of one unit.</param>
/// <param name="Source">Where it comes from.</param>
public sealed record ChosenPrice(UnitPrice Price, PriceSource Source);

/// <summary>
/// Chooses the unit price of a SKU. A list that fits in every condition it states beats the product's own list price; among several the
/// most specific wins, then the lowest priority number, then the price for more units, then the lower price, then the lower id.
/// </summary>
public static class PriceChooser
{
    /// <summary>Chooses.</summary>
    /// <param name="conditions">What the price depends on.</param>
    /// <param name="listPrice">The product's own list price, or null where it has none.</param>
    /// <param name="listed">Its prices on price lists, in any order.</param>
    /// <returns>The price, or null where nothing has one in that currency.</returns>
    public static ChosenPrice? Choose(PriceConditions conditions, UnitPrice? listPrice, IEnumerable<ListedPrice> listed)
    {
        var best = listed.Where(price => Fits(price, conditions))
            .OrderByDescending(price => price.Specificity)
            .ThenBy(price => price.Priority)
            .ThenByDescending(price => price.MinimumQuantity)
            .ThenBy(price => price.Amount)
            .ThenBy(price => price.PriceListId, StringComparer.Ordinal)
            .FirstOrDefault();
        if (best is not null)
            return new ChosenPrice(new UnitPrice(best.Amount, best.Currency), new PriceSource(best.PriceListId, Explain(best)));
        return listPrice is { } own && own.Currency == conditions.Currency
            ? new ChosenPrice(own, new PriceSource(null, "The product's list price."))
            : null;
    }

    private static bool Fits(ListedPrice price, PriceConditions conditions) =>
        price.Currency == conditions.Currency
        && (price.Channel is null || price.Channel == conditions.Channel)
        && (price.CustomerGroup is null || price.CustomerGroup == conditions.CustomerGroup)
        && (price.From is not { } from || from <= conditions.At)
        && (price.Until is not { } until || conditions.At < until)
        && price.MinimumQuantity <= conditions.Quantity;

    private static string Explain(ListedPrice price)
    {
        string[] stated =
        [
            .. price.CustomerGroup is { } group ? (string[])[$"customer group {group}"] : [],
            .. price.Channel is { } channel ? (string[])[$"channel {channel}"] : [],
            .. price.From is null && price.Until is null ? (string[])[] : ["this time"],
            .. price.MinimumQuantity > 1 ? (string[])[$"{Wording.Units(price.MinimumQuantity)} and more"] : [],
        ];
        return stated.Length == 0 ? $"Price list {price.Name}." : $"Price list {price.Name}, for {string.Join(", ", stated)}.";
    }
}

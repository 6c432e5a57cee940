namespace EcommerceAI.Commerce.Fulfilment;

/// <summary>What happens to a delivery option; stream <c>deliveryoption-{id}</c>.</summary>
/// <param name="OptionId">The option's id, a slug.</param>
public abstract record DeliveryOptionEvent(string OptionId) : DomainEvent;

/// <summary>A way of delivery is offered, or offered on other terms. Event <c>delivery_option_offered</c>.</summary>
/// <param name="OptionId">The option's id, a slug.</param>
/// <param name="Name">What shoppers read.</param>
/// <param name="Price">What it costs, before promotions.</param>
/// <param name="Countries">Where it goes, as addresses write it; none for everywhere.</param>
/// <param name="FreeFrom">From which amount of goods on it costs nothing, in minor units of the price's currency; null for never.</param>
public sealed record DeliveryOptionOffered(string OptionId, string Name, UnitPrice Price, IReadOnlyList<string> Countries, long? FreeFrom)
    : DeliveryOptionEvent(OptionId);

/// <summary>A way of delivery is no longer offered. Event <c>delivery_option_withdrawn</c>.</summary>
/// <param name="OptionId">The option's id.</param>
public sealed record DeliveryOptionWithdrawn(string OptionId) : DeliveryOptionEvent(OptionId);

/// <summary>A way of delivery as its stream tells it.</summary>
/// <param name="Terms">What is offered, or null where nothing is.</param>
public sealed record DeliveryOption(DeliveryOptionOffered? Terms)
{
    private const int MaxCountries = 300;

    /// <summary>The state before the first event.</summary>
    public static DeliveryOption Initial { get; } = new((DeliveryOptionOffered?)null);

    /// <summary>The key of an option's stream, <c>deliveryoption-{id}</c>.</summary>
    /// <param name="optionId">The option's id.</param>
    /// <exception cref="ArgumentException"><paramref name="optionId"/> is no id.</exception>
    public static string StreamKey(string optionId) => IdFormat.StreamKey("deliveryoption", optionId);

    /// <summary>Folds one event into the state; takes any history.</summary>
    /// <param name="state">The state so far.</param>
    /// <param name="event">What happened next.</param>
    public static DeliveryOption Evolve(DeliveryOption state, DomainEvent @event) => @event switch
    {
        DeliveryOptionOffered offered => new DeliveryOption(offered),
        DeliveryOptionWithdrawn => Initial,
        _ => state,
    };

    /// <summary>What is wrong with an offer; empty when nothing is.</summary>
    /// <param name="offer">The offer.</param>
    public static IReadOnlyList<Rejection> Validate(DeliveryOptionOffered offer)
    {
        var fields = new CommandFields();
        fields.Location("optionId", offer.OptionId);
        fields.RequiredText("name", offer.Name, CommandFields.MaxNote);
        fields.Price("price", offer.Price);
        if (offer.Countries.Count > MaxCountries) fields.RefuseWithNumbers("countries", "out_of_range", $"countries lists more than {MaxCountries}.");
        else
            for (var i = 0; i < offer.Countries.Count; i++) fields.RequiredText($"countries[{i}]", offer.Countries[i], CommandFields.MaxCountry);
        if (offer.FreeFrom < 0) fields.Refuse("freeFrom", "out_of_range", "freeFrom must be 0 or more.");
        return fields.Rejections;
    }

    /// <summary>What it costs for goods of an amount to a country, or why it cannot be had.</summary>
    /// <param name="currency">Currency of the order.</param>
    /// <param name="country">Where it goes.</param>
    /// <param name="goods">What the goods come to, in minor units.</param>
    public (decimal Price, Rejection? Refused) PriceFor(string currency, string country, long goods)
    {
        if (Terms is not { } terms) return Refuse("unknown_delivery_option", "The delivery option is not offered any more.");
        if (terms.Price.Currency != currency)
            return Refuse("mixed_currencies", $"Delivery option {terms.OptionId} is priced in {terms.Price.Currency}, the cart in {currency}.");
        if (terms.Countries.Count > 0 && !terms.Countries.Contains(country, StringComparer.OrdinalIgnoreCase))
            return Refuse("delivery_not_offered", $"Delivery option {terms.OptionId} does not go to {country}.");
        return (terms.FreeFrom <= goods ? 0 : terms.Price.Amount, null);

        static (decimal, Rejection?) Refuse(string code, string message) => (0, new Rejection(code, message));
    }
}

/// <summary>How goods reach the buyer.</summary>
public static class FulfilmentContext
{
    /// <summary>The context's plain data.</summary>
    public static BoundedContext Context { get; } = new(
        "Fulfilment",
        new Dictionary<string, Type>(StringComparer.Ordinal)
        {
            ["delivery_option_offered"] = typeof(DeliveryOptionOffered),
            ["delivery_option_withdrawn"] = typeof(DeliveryOptionWithdrawn),
        },
        new Dictionary<string, StateFold>(StringComparer.Ordinal)
        {
            ["deliveryoption"] = StateFold.Of(DeliveryOption.Initial, DeliveryOption.Evolve),
        });
}

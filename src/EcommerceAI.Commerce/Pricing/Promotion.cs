using System.Collections.Immutable;

namespace EcommerceAI.Commerce.Pricing;

/// <summary>A promotion as its stream tells it.</summary>
/// <param name="PromotionId">Its id, or null before it exists.</param>
/// <param name="Terms">Its terms, or null before it exists.</param>
/// <param name="IsWithdrawn">Whether it was taken back.</param>
/// <param name="Redemptions">The orders that use it, each with its customer; empty for a guest.</param>
/// <param name="ByCustomer">How many of them each customer has.</param>
public sealed record Promotion(
    string? PromotionId, PromotionTerms? Terms, bool IsWithdrawn, ImmutableDictionary<string, string> Redemptions,
    ImmutableDictionary<string, int> ByCustomer)
{
    /// <summary>The state before the first event.</summary>
    public static Promotion Initial { get; } = new(
        null, null, false, ImmutableDictionary.Create<string, string>(StringComparer.Ordinal),
        ImmutableDictionary.Create<string, int>(StringComparer.Ordinal));

    /// <summary>Whether it has been made.</summary>
    public bool Exists => PromotionId is not null;

    /// <summary>How many orders of a customer use it.</summary>
    /// <param name="customerId">The customer.</param>
    public int RedeemedBy(string customerId) => ByCustomer.GetValueOrDefault(customerId);

    /// <summary>The key of a promotion's stream, <c>promotion-{id}</c>.</summary>
    /// <param name="promotionId">Its id.</param>
    /// <exception cref="ArgumentException"><paramref name="promotionId"/> is no id.</exception>
    public static string StreamKey(string promotionId) => IdFormat.StreamKey("promotion", promotionId);

    /// <summary>Folds one event into the state; takes any history, also one that no command would have made.</summary>
    /// <param name="state">The state so far.</param>
    /// <param name="event">What happened next.</param>
    public static Promotion Evolve(Promotion state, DomainEvent @event) => @event switch
    {
        PromotionCreated created => state with { PromotionId = created.PromotionId, Terms = created.Terms },
        PromotionChanged changed => state with { Terms = changed.Terms },
        PromotionWithdrawn => state with { IsWithdrawn = true },
        PromotionRedeemed redeemed => state.Release(redeemed.OrderId).Redeem(redeemed.OrderId, redeemed.CustomerId),
        PromotionRedemptionReleased released => state.Release(released.OrderId),
        _ => state,
    };

    private Promotion Redeem(string orderId, string? customerId) => this with
    {
        Redemptions = Redemptions.Add(orderId, customerId ?? ""),
        ByCustomer = customerId is null ? ByCustomer : ByCustomer.SetItem(customerId, RedeemedBy(customerId) + 1),
    };

    private Promotion Release(string orderId)
    {
        if (!Redemptions.TryGetValue(orderId, out var customerId)) return this;
        return this with
        {
            Redemptions = Redemptions.Remove(orderId),
            ByCustomer = customerId.Length == 0 ? ByCustomer
                : RedeemedBy(customerId) > 1 ? ByCustomer.SetItem(customerId, RedeemedBy(customerId) - 1) : ByCustomer.Remove(customerId),
        };
    }
}

namespace EcommerceAI.Commerce.Pricing;

/// <summary>What happens to a promotion; stream <c>promotion-{id}</c>.</summary>
/// <param name="PromotionId">Its id.</param>
public abstract record PromotionEvent(string PromotionId) : DomainEvent;

/// <summary>A promotion was made. Event <c>promotion_created</c>.</summary>
/// <param name="PromotionId">Its id.</param>
/// <param name="Terms">Its terms.</param>
public sealed record PromotionCreated(string PromotionId, PromotionTerms Terms) : PromotionEvent(PromotionId);

/// <summary>A promotion got other terms; what was redeemed stays counted. Event <c>promotion_changed</c>.</summary>
/// <param name="PromotionId">Its id.</param>
/// <param name="Terms">Its terms from now on.</param>
public sealed record PromotionChanged(string PromotionId, PromotionTerms Terms) : PromotionEvent(PromotionId);

/// <summary>A promotion was taken back and applies no more. Event <c>promotion_withdrawn</c>.</summary>
/// <param name="PromotionId">Its id.</param>
/// <param name="Reason">Why, or null.</param>
public sealed record PromotionWithdrawn(string PromotionId, string? Reason) : PromotionEvent(PromotionId);

/// <summary>An order used a promotion. Event <c>promotion_redeemed</c>.</summary>
/// <param name="PromotionId">Its id.</param>
/// <param name="OrderId">The order.</param>
/// <param name="CustomerId">Who ordered, or null for a guest.</param>
public sealed record PromotionRedeemed(string PromotionId, string OrderId, string? CustomerId) : PromotionEvent(PromotionId);

/// <summary>An order that used a promotion came to nothing, and its use counts no more. Event <c>promotion_redemption_released</c>.</summary>
/// <param name="PromotionId">Its id.</param>
/// <param name="OrderId">The order.</param>
/// <param name="Reason">Why, or null.</param>
public sealed record PromotionRedemptionReleased(string PromotionId, string OrderId, string? Reason) : PromotionEvent(PromotionId);

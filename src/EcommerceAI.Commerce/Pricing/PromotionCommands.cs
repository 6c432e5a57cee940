namespace EcommerceAI.Commerce.Pricing;

/// <summary>What can be asked of a promotion. The family is closed: <see cref="PromotionDecider"/> answers every member.</summary>
/// <param name="PromotionId">Its id, as <see cref="IdFormat"/> takes it.</param>
public abstract record PromotionCommand(string PromotionId);

/// <summary>Makes a promotion; when it is in force follows from its terms.</summary>
/// <param name="PromotionId">Its id.</param>
/// <param name="Terms">Its terms.</param>
public sealed record CreatePromotion(string PromotionId, PromotionTerms Terms) : PromotionCommand(PromotionId);

/// <summary>Gives a promotion other terms; those that already stand change nothing.</summary>
/// <param name="PromotionId">Its id.</param>
/// <param name="Terms">Its terms from now on.</param>
public sealed record ChangePromotion(string PromotionId, PromotionTerms Terms) : PromotionCommand(PromotionId);

/// <summary>Takes a promotion back for good; a second time changes nothing.</summary>
/// <param name="PromotionId">Its id.</param>
/// <param name="Reason">Why: at most 200 characters, or null.</param>
public sealed record WithdrawPromotion(string PromotionId, string? Reason = null) : PromotionCommand(PromotionId);

/// <summary>Counts an order that uses a promotion; the same order again changes nothing.</summary>
/// <param name="PromotionId">Its id.</param>
/// <param name="OrderId">The order.</param>
/// <param name="CustomerId">Who orders, or null for a guest, who cannot use a promotion with a limit per customer.</param>
public sealed record RedeemPromotion(string PromotionId, string OrderId, string? CustomerId = null) : PromotionCommand(PromotionId);

/// <summary>Gives back the use of an order that came to nothing; one that used nothing changes nothing.</summary>
/// <param name="PromotionId">Its id.</param>
/// <param name="OrderId">The order.</param>
/// <param name="Reason">Why: at most 200 characters, or null.</param>
public sealed record ReleaseRedemption(string PromotionId, string OrderId, string? Reason = null) : PromotionCommand(PromotionId);

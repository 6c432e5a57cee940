using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Pricing;
using EcommerceAI.Projections.Storefront.Pricing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.Pricing;

/// <summary>Promotions: commands and what the retailer sees of them.</summary>
internal sealed class PromotionEndpoints : IEndpoints
{
    public void Map(RouteGroupBuilder api)
    {
        var promotions = api.MapGroup("/promotions").WithTags("Pricing");
        promotions.MapPost("", CreateAsync).Allow(Roles.Operator).WithName("CreatePromotion").WithSummary("Makes a promotion; its terms say when it applies.");
        promotions.MapPut("/{promotionId}", ChangeAsync).Allow(Roles.Operator).WithName("ChangePromotion").WithSummary("Gives a promotion other terms.");
        promotions.MapPost("/{promotionId}/withdrawal", WithdrawAsync).Allow(Roles.Operator).WithName("WithdrawPromotion").WithSummary("Takes a promotion back for good.");
        promotions.MapGet("", ListAsync).Allow(Roles.Staff).WithName("ListPromotions").WithSummary("Lists promotions, a page at a time.");
        promotions.MapGet("/{promotionId}", FindAsync).Allow(Roles.Staff).WithName("GetPromotion").WithSummary("A promotion's terms and how often it was used.");
    }

    private static Task<Results<CommandCreated<PromotionStands>, Refused>> CreateAsync(
        CommandRequest<NewPromotion> request, CommandEndpoint commands) =>
        commands.CreateAsync<NewPromotion, PromotionStands>(
            request, body => PlanFor(new CreatePromotion(body.PromotionId, body.Terms)), stands => $"/v1/promotions/{stands.PromotionId}");

    private static Task<Results<CommandDone<PromotionStands>, Refused>> ChangeAsync(
        string promotionId, CommandRequest<PromotionChange> request, CommandEndpoint commands) =>
        commands.ChangeAsync<PromotionChange, PromotionStands>(
            request, body => PlanForKnown(promotionId, () => new ChangePromotion(promotionId, body.Terms)));

    private static Task<Results<CommandDone<PromotionStands>, Refused>> WithdrawAsync(
        string promotionId, CommandRequest<TakingBack> request, CommandEndpoint commands) =>
        commands.ChangeAsync<TakingBack, PromotionStands>(
            request, body => PlanForKnown(promotionId, () => new WithdrawPromotion(promotionId, body.Reason)));

    private static Task<Results<ResourceAnswer<PromotionView>, Refused>> FindAsync(
        string promotionId, QueryRequest request, QueryEndpoint queries, PricingQueries pricing) =>
        queries.FindAsync(
            request, [PricingQueries.ProjectionName], cancellation => pricing.FindPromotionAsync(promotionId, cancellation),
            (promotion, position) => new ResourceAnswer<PromotionView>(promotion, position, promotion.Version, showsMore: false),
            () => Problems.NotFound("unknown_promotion", $"There is no promotion {promotionId}."));

    /// <param name="request">Consistent-After.</param>
    /// <param name="queries">Answers.</param>
    /// <param name="pricing">The read model.</param>
    /// <param name="limit">Promotions of a page, 1 to 100; 20 where none is given.</param>
    /// <param name="cursor">The nextCursor of the page before.</param>
    private static async Task<Results<QueryAnswer<Page<PromotionView>>, Refused>> ListAsync(
        QueryRequest request, QueryEndpoint queries, PricingQueries pricing, int? limit = null, string? cursor = null)
    {
        if (PageRequests.TryRead<PromotionKey>("promotions", limit, cursor, out var page) is { } wrong) return new Refused(wrong);
        return await queries.AnswerAsync(
            request, [PricingQueries.ProjectionName],
            async cancellation => (await pricing.ListPromotionsAsync(page.After, page.Size, cancellation)).ToPage("promotions"));
    }

    private static CommandPlan PlanForKnown(string promotionId, Func<PromotionCommand> command) => IdFormat.IsWellFormed(promotionId)
        ? PlanFor(command())
        : Missing.Plan("unknown_promotion", $"There is no promotion {promotionId}.");

    private static CommandPlan PlanFor(PromotionCommand command) => new(PromotionDecider.Validate(command), async (session, expected) =>
    {
        var key = Promotion.StreamKey(command.PromotionId);
        var promotion = await session.LoadAsync(key, Promotion.Initial, Promotion.Evolve, expected);
        return session.Settle(key, PromotionDecider.Decide(promotion, command), () => new PromotionStands(command.PromotionId));
    });
}

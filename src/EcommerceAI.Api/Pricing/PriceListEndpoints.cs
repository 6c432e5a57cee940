using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Pricing;
using EcommerceAI.Projections.Storefront.Pricing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.Pricing;

/// <summary>Price lists: commands and what the retailer sees of them.</summary>
internal sealed class PriceListEndpoints : IEndpoints
{
    public void Map(RouteGroupBuilder api)
    {
        var lists = api.MapGroup("/price-lists").WithTags("Pricing");
        lists.MapPost("", CreateAsync).Allow(Roles.Operator).WithName("CreatePriceList").WithSummary("Makes a price list, without prices.");
        lists.MapPut("/{priceListId}", ChangeAsync).Allow(Roles.Operator).WithName("ChangePriceList").WithSummary("Says for whom, where and when a price list is.");
        lists.MapPut("/{priceListId}/prices", SetAsync).Allow(Roles.Operator).WithName("SetListPrices").WithSummary("Sets prices of a list.");
        lists.MapPost("/{priceListId}/removals", RemoveAsync).Allow(Roles.Operator).WithName("RemoveListPrices").WithSummary("Takes products off a list.");
        lists.MapPost("/{priceListId}/withdrawal", WithdrawAsync).Allow(Roles.Operator).WithName("WithdrawPriceList").WithSummary("Takes a price list back for good.");
        lists.MapGet("/{priceListId}", FindAsync).Allow(Roles.Staff).WithName("GetPriceList").WithSummary("For whom, where and when a price list is.");
        lists.MapGet("/{priceListId}/prices", ListPricesAsync).Allow(Roles.Staff).WithName("ListListPrices").WithSummary("The prices of a list, a page at a time.");
    }

    private static Task<Results<CommandCreated<PriceListStands>, Refused>> CreateAsync(
        CommandRequest<NewPriceList> request, CommandEndpoint commands) =>
        commands.CreateAsync<NewPriceList, PriceListStands>(
            request, body => PlanFor(new CreatePriceList(body.PriceListId, body.Terms)), stands => $"/v1/price-lists/{stands.PriceListId}");

    private static Task<Results<CommandDone<PriceListStands>, Refused>> ChangeAsync(
        string priceListId, CommandRequest<PriceListChange> request, CommandEndpoint commands) =>
        CarryOutAsync(priceListId, request, commands, body => new ChangePriceList(priceListId, body.Terms));

    private static Task<Results<CommandDone<PriceListStands>, Refused>> SetAsync(
        string priceListId, CommandRequest<PricesToSet> request, CommandEndpoint commands) =>
        CarryOutAsync(priceListId, request, commands, body => new SetListPrices(priceListId, body.Prices));

    private static Task<Results<CommandDone<PriceListStands>, Refused>> RemoveAsync(
        string priceListId, CommandRequest<PricesToRemove> request, CommandEndpoint commands) =>
        CarryOutAsync(priceListId, request, commands, body => new RemoveListPrices(priceListId, body.Skus));

    private static Task<Results<CommandDone<PriceListStands>, Refused>> WithdrawAsync(
        string priceListId, CommandRequest<TakingBack> request, CommandEndpoint commands) =>
        CarryOutAsync(priceListId, request, commands, body => new WithdrawPriceList(priceListId, body.Reason));

    private static Task<Results<ResourceAnswer<PriceListView>, Refused>> FindAsync(
        string priceListId, QueryRequest request, QueryEndpoint queries, PricingQueries pricing) =>
        queries.FindAsync(
            request, [PricingQueries.ProjectionName], cancellation => pricing.FindPriceListAsync(priceListId, cancellation),
            (list, position) => new ResourceAnswer<PriceListView>(list, position, list.Version, showsMore: false), () => Unknown(priceListId));

    /// <param name="priceListId">Id of the price list.</param>
    /// <param name="request">Consistent-After.</param>
    /// <param name="queries">Answers.</param>
    /// <param name="pricing">The read model.</param>
    /// <param name="limit">Prices of a page, 1 to 100; 20 where none is given.</param>
    /// <param name="cursor">The nextCursor of the page before.</param>
    private static async Task<Results<QueryAnswer<Page<PriceEntry>>, Refused>> ListPricesAsync(
        string priceListId, QueryRequest request, QueryEndpoint queries, PricingQueries pricing, int? limit = null, string? cursor = null)
    {
        if (await queries.RefuseAsync(request, [PricingQueries.ProjectionName]) is { } refused) return refused;
        var query = $"list-prices?list={priceListId}";
        if (PageRequests.TryRead<PriceEntryKey>(query, limit, cursor, out var page) is { } wrong) return new Refused(wrong);
        if ((await pricing.FindPriceListAsync(priceListId, request.Aborted)).Value is null) return new Refused(Unknown(priceListId));
        var prices = (await pricing.ListPricesAsync(priceListId, page.After, page.Size, request.Aborted)).ToPage(query);
        return new QueryAnswer<Page<PriceEntry>>(prices.Value, prices.Position);
    }

    private static Task<Results<CommandDone<PriceListStands>, Refused>> CarryOutAsync<TBody>(
        string priceListId, CommandRequest<TBody> request, CommandEndpoint commands, Func<TBody, PriceListCommand> command)
        where TBody : class =>
        commands.ChangeAsync<TBody, PriceListStands>(
            request,
            body => IdFormat.IsWellFormed(priceListId)
                ? PlanFor(command(body))
                : Missing.Plan("unknown_price_list", $"There is no price list {priceListId}."));

    private static CommandPlan PlanFor(PriceListCommand command) => new(PriceListDecider.Validate(command), async (session, expected) =>
    {
        var key = PriceList.StreamKey(command.PriceListId);
        var list = await session.LoadAsync(key, PriceList.Initial, PriceList.Evolve, expected);
        return session.Settle(key, PriceListDecider.Decide(list, command), () => new PriceListStands(command.PriceListId));
    });

    private static ProblemHttpResult Unknown(string priceListId) =>
        Problems.NotFound("unknown_price_list", $"There is no price list {priceListId}.");
}

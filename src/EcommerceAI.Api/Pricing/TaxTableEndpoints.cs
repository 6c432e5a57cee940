using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce.Pricing;
using EcommerceAI.Projections.Storefront.Pricing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.Pricing;

/// <summary>Taxes by region.</summary>
internal sealed class TaxTableEndpoints : IEndpoints
{
    public void Map(RouteGroupBuilder api)
    {
        var tables = api.MapGroup("/tax-tables").WithTags("Pricing");
        tables.MapPost("", CreateAsync).Allow(Roles.Operator).WithName("CreateTaxTable").WithSummary("Begins to keep the taxes of a region.");
        tables.MapPut("/{region}", ChangeAsync).Allow(Roles.Operator).WithName("ChangeTaxTable").WithSummary("Gives a region other taxes.");
        tables.MapGet("/{region}", FindAsync).Allow(Roles.Everybody).WithName("GetTaxTable").WithSummary("The taxes of a region.");
    }

    private static Task<Results<CommandCreated<TaxTableStands>, Refused>> CreateAsync(
        CommandRequest<NewTaxTable> request, CommandEndpoint commands) =>
        commands.CreateAsync<NewTaxTable, TaxTableStands>(
            request, body => PlanFor(new CreateTaxTable(body.Region, body.Basis, body.Rates)), stands => $"/v1/tax-tables/{stands.Region}");

    private static Task<Results<CommandDone<TaxTableStands>, Refused>> ChangeAsync(
        string region, CommandRequest<TaxTableChange> request, CommandEndpoint commands) =>
        commands.ChangeAsync<TaxTableChange, TaxTableStands>(
            request,
            body => RegionFormat.IsWellFormed(region)
                ? PlanFor(new ChangeTaxTable(region, body.Basis, body.Rates))
                : Missing.Plan("unknown_tax_table", $"No taxes are kept for {region}."));

    private static Task<Results<ResourceAnswer<TaxTableView>, Refused>> FindAsync(
        string region, QueryRequest request, QueryEndpoint queries, PricingQueries pricing) =>
        queries.FindAsync(
            request, [PricingQueries.ProjectionName], cancellation => pricing.FindTaxTableAsync(region, cancellation),
            (table, position) => new ResourceAnswer<TaxTableView>(table, position, table.Version, showsMore: false),
            () => Problems.NotFound("unknown_tax_table", $"No taxes are kept for {region}."));

    private static CommandPlan PlanFor(TaxTableCommand command) => new(TaxTableDecider.Validate(command), async (session, expected) =>
    {
        var key = RegionTaxes.StreamKey(command.Region);
        var taxes = await session.LoadAsync(key, RegionTaxes.Initial, RegionTaxes.Evolve, expected);
        return session.Settle(key, TaxTableDecider.Decide(taxes, command), () => new TaxTableStands(command.Region));
    });
}

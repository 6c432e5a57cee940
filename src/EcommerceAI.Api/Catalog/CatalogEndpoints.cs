using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.Catalog;

/// <summary>Commands on products.</summary>
internal sealed class CatalogEndpoints : IEndpoints
{
    public void Map(RouteGroupBuilder api)
    {
        var products = api.MapGroup("/products").WithTags("Catalog");
        products.MapPost("", CreateAsync).Allow(Roles.Operator).WithName("CreateProduct").WithSummary("Enters a product into the catalogue.");
        products.MapPut("/{sku}/price", ChangePriceAsync).Allow(Roles.Operator).WithName("ChangePrice").WithSummary("Sets the list price of a product.");
    }

    private static Task<Results<CommandCreated<ProductEntered>, Refused>> CreateAsync(
        CommandRequest<NewProduct> request, CommandEndpoint commands) =>
        commands.CreateAsync<NewProduct, ProductEntered>(
            request,
            body =>
            {
                var command = new CreateProduct(body.Sku, body.Title, body.Price.ToUnitPrice(), body.Description, body.Category);
                return PlanFor(command, sku => new ProductEntered(sku));
            },
            entered => $"/v1/products/{Uri.EscapeDataString(entered.Sku)}");

    private static Task<Results<CommandDone<PriceSet>, Refused>> ChangePriceAsync(
        string sku, CommandRequest<NewPrice> request, CommandEndpoint commands) =>
        commands.ChangeAsync<NewPrice, PriceSet>(
            request,
            body => SkuFormat.TryNormalize(sku, out _)
                ? PlanFor(new ChangePrice(sku, body.ToUnitPrice()), normalized => new PriceSet(normalized, body.ToUnitPrice())).Naming("price", "")
                : Missing.Plan("unknown_product", $"Product {sku} is not in the catalogue."));

    /// <summary>A command on one product.</summary>
    internal static CommandPlan PlanFor(ProductCommand command, Func<string, object> reply) => new(ProductDecider.Validate(command), async (session, expected) =>
    {
        var key = Product.StreamKey(command.Sku);
        var product = await session.LoadAsync(key, Product.Initial, Product.Evolve, expected);
        return session.Settle(key, ProductDecider.Decide(product, command), () => reply(SkuFormat.Normalize(command.Sku)));
    });
}

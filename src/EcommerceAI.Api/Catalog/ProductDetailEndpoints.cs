using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.Catalog;

/// <summary>Commands on what is said of a product, its variants, and where it is sold.</summary>
internal sealed class ProductDetailEndpoints : IEndpoints
{
    public void Map(RouteGroupBuilder api)
    {
        var product = api.MapGroup("/products/{sku}").WithTags("Catalog");
        product.MapPut("/details", DescribeAsync).Allow(Roles.Operator).WithName("DescribeProduct")
            .WithSummary("Says what a product is: texts, categories, attributes, media, languages, tax class.");
        product.MapPut("/options", DefineOptionsAsync).Allow(Roles.Operator).WithName("DefineOptions").WithSummary("Says what variants of a product differ in.");
        product.MapPost("/variants", AddVariantAsync).Allow(Roles.Operator).WithName("AddVariant").WithSummary("Adds a variant: a product of its own, for a choice of each option.");
        product.MapPut("/channels", PublishAsync).Allow(Roles.Operator).WithName("PublishProduct").WithSummary("Sells a product in these channels and no others.");
        product.MapPost("/withdrawal", WithdrawAsync).Allow(Roles.Operator).WithName("WithdrawProduct").WithSummary("Takes a product out of all channels.");
    }

    private static Task<Results<CommandDone<ProductEntered>, Refused>> DescribeAsync(
        string sku, CommandRequest<ProductDescription> request, CommandEndpoint commands) =>
        CarryOutAsync(sku, request, commands, body => new DescribeProduct(sku, body.Title, body.Description, body.ToDetails()));

    private static Task<Results<CommandDone<ProductEntered>, Refused>> DefineOptionsAsync(
        string sku, CommandRequest<OptionsToDefine> request, CommandEndpoint commands) =>
        CarryOutAsync(sku, request, commands, body => new DefineOptions(sku, body.Options));

    private static Task<Results<CommandDone<ProductEntered>, Refused>> PublishAsync(
        string sku, CommandRequest<Publication> request, CommandEndpoint commands) =>
        CarryOutAsync(sku, request, commands, body => new PublishProduct(sku, body.Channels));

    private static Task<Results<CommandDone<ProductEntered>, Refused>> WithdrawAsync(
        string sku, CommandRequest<Withdrawal> request, CommandEndpoint commands) =>
        CarryOutAsync(sku, request, commands, body => new WithdrawProduct(sku, body.Reason));

    private static Task<Results<CommandCreated<ProductEntered>, Refused>> AddVariantAsync(
        string sku, CommandRequest<NewVariant> request, CommandEndpoint commands) =>
        commands.CreateAsync<NewVariant, ProductEntered>(
            request,
            body => SkuFormat.TryNormalize(sku, out _)
                ? PlanForVariant(new AddVariant(sku, body.Sku, body.Choices), body.Price?.ToUnitPrice())
                : Unknown(sku),
            entered => $"/v1/products/{Uri.EscapeDataString(entered.Sku)}");

    /// <summary>The variant enters its product and the catalogue at once, or neither. A product that is there already may become one.</summary>
    private static CommandPlan PlanForVariant(AddVariant command, UnitPrice? price)
    {
        IReadOnlyList<Rejection> Faults(string title) => ProductDecider.Validate(new CreateProduct(command.VariantSku, title, price));
        // A fault of the SKU is the command's own, and is told once.
        return new CommandPlan(
            [.. ProductDecider.Validate(command), .. Faults("-").Where(fault => fault.Field != "sku")],
            async (session, expected) =>
            {
                var key = Product.StreamKey(command.Sku);
                var product = await session.LoadAsync(key, Product.Initial, Product.Evolve, expected);
                var decision = ProductDecider.Decide(product, command);
                if (decision.Rejections.Count > 0) return decision.Rejections.ToRefusal();
                var variantKey = Product.StreamKey(command.VariantSku);
                var variant = await session.LoadAsync(variantKey, Product.Initial, Product.Evolve);
                if (!variant.Exists)
                    session.Append(variantKey, ProductDecider.Decide(variant, Creation(product, command, price)).Events);
                return session.Settle(key, decision, () => new ProductEntered(SkuFormat.Normalize(command.VariantSku)));
            });
    }

    private static CreateProduct Creation(Product product, AddVariant command, UnitPrice? price)
    {
        const int mostCharacters = 200;
        var title = $"{product.Title}, {string.Join(", ", command.Choices.Select(choice => choice.Value.Trim()))}";
        if (title.Length > mostCharacters) title = product.Title!;
        return new CreateProduct(command.VariantSku, title, price ?? product.Price, product.Description, product.Category, product.Sku);
    }

    private static Task<Results<CommandDone<ProductEntered>, Refused>> CarryOutAsync<TBody>(
        string sku, CommandRequest<TBody> request, CommandEndpoint commands, Func<TBody, ProductCommand> commandOf)
        where TBody : class =>
        commands.ChangeAsync<TBody, ProductEntered>(
            request, body => SkuFormat.TryNormalize(sku, out _) ? CatalogEndpoints.PlanFor(commandOf(body), known => new ProductEntered(known)) : Unknown(sku));

    private static CommandPlan Unknown(string sku) => Missing.Plan("unknown_product", $"Product {sku} is not in the catalogue.");
}

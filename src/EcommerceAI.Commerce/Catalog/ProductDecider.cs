using System.Diagnostics;

namespace EcommerceAI.Commerce.Catalog;

/// <summary>Decides what is asked of a product.</summary>
public static class ProductDecider
{
    /// <summary>
    /// What is wrong with the command's own fields, whatever the state; empty when nothing is. A host asks this before it
    /// derives a stream key from the command; <see cref="Decide"/> asks it again.
    /// </summary>
    /// <param name="command">The command.</param>
    public static IReadOnlyList<Rejection> Validate(ProductCommand command)
    {
        var fields = new CommandFields();
        fields.Sku(command is AddVariant ? "product" : "sku", command.Sku);
        switch (command)
        {
            case CreateProduct create:
                fields.RequiredText("title", create.Title, ProductDetailsCheck.MaxTitle);
                if (create.Price is { } price) fields.Price("price", price);
                fields.OptionalText("description", create.Description, ProductDetailsCheck.MaxDescription, multiline: true);
                fields.OptionalText("category", create.Category, ProductDetailsCheck.MaxCategory);
                break;
            case ChangePrice change:
                fields.Price("price", change.Price);
                break;
            case DescribeProduct describe:
                CheckDescription(fields, describe.Title, describe.Description, describe.Details);
                break;
            case DefineOptions define:
                ProductDetailsCheck.CheckOptions(fields, define.Options);
                break;
            case AddVariant add:
                fields.Sku("sku", add.VariantSku);
                ProductDetailsCheck.CheckChoices(fields, add.Choices);
                break;
            case PublishProduct publish:
                ProductDetailsCheck.CheckChannels(fields, publish.Channels);
                break;
            case WithdrawProduct withdraw:
                fields.OptionalText("reason", withdraw.Reason, CommandFields.MaxNote);
                break;
            case ImportProduct import:
                CheckDescription(fields, import.Title, import.Description, import.Details);
                if (import.Price is { } imported) fields.Price("price", imported);
                if (import.Channels is not null) ProductDetailsCheck.CheckChannels(fields, import.Channels);
                break;
        }

        return fields.Rejections;
    }

    /// <summary>
    /// Answers a command: with events, with none where it changes nothing, or with <c>product_exists</c>, <c>unknown_product</c>,
    /// <c>unknown_choice</c>, <c>variant_exists</c>, <c>choices_taken</c>, <c>options_in_use</c> or what <see cref="Validate"/> found.
    /// </summary>
    /// <param name="state">The product as it stands.</param>
    /// <param name="command">What is asked.</param>
    public static Decision Decide(Product state, ProductCommand command)
    {
        if (Validate(command) is { Count: > 0 } rejections) return Decision.Reject(rejections);
        var sku = SkuFormat.Normalize(command.Sku);
        if (!state.Exists && command is not (CreateProduct or ImportProduct))
            return Decision.NotFound("unknown_product", $"Product {sku} is not in the catalogue.");
        return command switch
        {
            CreateProduct create => Create(state, create, sku),
            ChangePrice change => state.Price == change.Price ? Decision.Accept() : Decision.Accept(new ProductPriceChanged(sku, change.Price)),
            DescribeProduct describe => Describe(state, describe, sku),
            DefineOptions define => ProductVariants.Define(state, define, sku),
            AddVariant add => ProductVariants.Add(state, add, sku),
            PublishProduct publish => state.Channels is { } channels && channels.SequenceEqual(publish.Channels)
                ? Decision.Accept()
                : Decision.Accept(new ProductPublished(sku, [.. publish.Channels])),
            WithdrawProduct withdraw => state.Channels is []
                ? Decision.Accept()
                : Decision.Accept(new ProductWithdrawn(sku, CommandFields.Clean(withdraw.Reason))),
            ImportProduct import => Import(state, import),
            _ => throw new UnreachableException($"No rule for {command.GetType().Name}."),
        };
    }

    private static Decision Create(Product state, CreateProduct command, string sku)
    {
        if (state.Exists) return Decision.Reject("product_exists", $"Product {sku} is already in the catalogue.", "sku");
        return Decision.Accept(new ProductCreated(
            sku, command.Title.Trim(), command.Price, CommandFields.Clean(command.Description), CommandFields.Clean(command.Category),
            command.VariantOf is { } parent ? SkuFormat.Normalize(parent) : null));
    }

    private static Decision Describe(Product state, DescribeProduct command, string sku)
    {
        var described = new ProductDescribed(
            sku, command.Title.Trim(), CommandFields.Clean(command.Description), ProductDetailsCheck.Normalize(command.Details));
        // A product of which only a category was ever said stands as if it had been described so.
        var standing = new ProductDescribed(
            sku, state.Title ?? "", state.Description,
            state.Details ?? new ProductDetails { Categories = state.Category is { } category ? [category] : [] });
        return ProductDetailsCheck.Same(described, standing) ? Decision.Accept() : Decision.Accept(described);
    }

    /// <summary>The commands that a row stands for, one after another, each on what the one before left.</summary>
    private static Decision Import(Product state, ImportProduct command)
    {
        var events = new List<DomainEvent>();
        void Run(ProductCommand step)
        {
            foreach (var happened in Decide(state, step).Events)
            {
                events.Add(happened);
                state = Product.Evolve(state, happened);
            }
        }

        if (!state.Exists)
            Run(new CreateProduct(command.Sku, command.Title, command.Price, command.Description, command.Details.MainCategory()));
        Run(new DescribeProduct(command.Sku, command.Title, command.Description, command.Details));
        if (command.Price is { } price) Run(new ChangePrice(command.Sku, price));
        if (command.Channels is { } channels) Run(new PublishProduct(command.Sku, channels));
        return Decision.Accept(events);
    }

    private static void CheckDescription(CommandFields fields, string title, string? description, ProductDetails details)
    {
        fields.RequiredText("title", title, ProductDetailsCheck.MaxTitle);
        fields.OptionalText("description", description, ProductDetailsCheck.MaxDescription, multiline: true);
        ProductDetailsCheck.Check(fields, details);
    }
}

using System.Diagnostics;

namespace EcommerceAI.Commerce.Catalog;

/// <summary>Decides what is asked of a product.</summary>
public static class ProductDecider
{
    private const int MaxTitle = 200;
    private const int MaxDescription = 10_000;
    private const int MaxCategory = 100;

    /// <summary>
    /// What is wrong with the command's own fields, whatever the state; empty when nothing is. A host asks this before it
    /// derives a stream key from the command; <see cref="Decide"/> asks it again.
    /// </summary>
    /// <param name="command">The command.</param>
    public static IReadOnlyList<Rejection> Validate(ProductCommand command)
    {
        var fields = new CommandFields();
        fields.Sku("sku", command.Sku);
        switch (command)
        {
            case CreateProduct create:
                fields.RequiredText("title", create.Title, MaxTitle);
                if (create.Price is { } price) fields.Price("price", price);
                fields.OptionalText("description", create.Description, MaxDescription, multiline: true);
                fields.OptionalText("category", create.Category, MaxCategory);
                break;
            case ChangePrice change:
                fields.Price("price", change.Price);
                break;
        }

        return fields.Rejections;
    }

    /// <summary>
    /// Answers a command: with events, with none where it changes nothing, or with <c>product_exists</c>, <c>unknown_product</c> or
    /// what <see cref="Validate"/> found.
    /// </summary>
    /// <param name="state">The product as it stands.</param>
    /// <param name="command">What is asked.</param>
    public static Decision Decide(Product state, ProductCommand command)
    {
        if (Validate(command) is { Count: > 0 } rejections) return Decision.Reject(rejections);
        return command switch
        {
            CreateProduct create => Create(state, create),
            ChangePrice change => ChangePrice(state, change),
            _ => throw new UnreachableException($"No rule for {command.GetType().Name}."),
        };
    }

    private static Decision Create(Product state, CreateProduct command)
    {
        var sku = SkuFormat.Normalize(command.Sku);
        if (state.Exists) return Decision.Reject("product_exists", $"Product {sku} is already in the catalogue.", "sku");
        return Decision.Accept(new ProductCreated(
            sku, command.Title.Trim(), command.Price, CommandFields.Clean(command.Description), CommandFields.Clean(command.Category)));
    }

    private static Decision ChangePrice(Product state, ChangePrice command)
    {
        var sku = SkuFormat.Normalize(command.Sku);
        if (!state.Exists) return Decision.NotFound("unknown_product", $"Product {sku} is not in the catalogue.");
        return state.Price == command.Price ? Decision.Accept() : Decision.Accept(new ProductPriceChanged(sku, command.Price));
    }
}

namespace EcommerceAI.Commerce.Catalog;

/// <summary>Decides on options and variants.</summary>
internal static class ProductVariants
{
    public static Decision Define(Product state, DefineOptions command, string sku)
    {
        ProductOption[] options = [.. command.Options.Select(option => new ProductOption(option.Name.Trim(), [.. option.Values.Select(value => value.Trim())]))];
        if (ProductDetailsCheck.Same<IReadOnlyList<ProductOption>>(options, state.Options)) return Decision.Accept();
        var lost = state.Variants.Find(variant => Order(options, variant.Choices) is null);
        return lost is null
            ? Decision.Accept(new ProductOptionsDefined(sku, options))
            : Decision.Reject("options_in_use", $"Variant {lost.Sku} would be no choice of these options.", "options");
    }

    public static Decision Add(Product state, AddVariant command, string sku)
    {
        var variantSku = SkuFormat.Normalize(command.VariantSku);
        OptionChoice[] trimmed = [.. command.Choices.Select(choice => new OptionChoice(choice.Option.Trim(), choice.Value.Trim()))];
        if (Order(state.Options, trimmed) is not { } choices)
            return Decision.Reject("unknown_choice", $"A variant of {sku} has one value of each of its options, and nothing else.", "choices");
        if (variantSku == sku) return Decision.Reject("variant_exists", $"Product {sku} is no variant of itself.", "sku");
        if (state.Variants.Find(variant => variant.Sku == variantSku) is { } there)
            return there.Choices.SequenceEqual(choices)
                ? Decision.Accept()
                : Decision.Reject("variant_exists", $"Variant {variantSku} stands for other choices.", "sku");
        return state.Variants.Find(variant => variant.Choices.SequenceEqual(choices)) is { } same
            ? Decision.Reject("choices_taken", $"Variant {same.Sku} stands for these choices.", "choices")
            : Decision.Accept(new ProductVariantAdded(sku, new ProductVariant(variantSku, choices)));
    }

    /// <summary>The choices in the order of the options, or null where they are not one value of each.</summary>
    private static OptionChoice[]? Order(IReadOnlyList<ProductOption> options, IReadOnlyList<OptionChoice> choices)
    {
        if (options.Count == 0 || choices.Count != options.Count) return null;
        OptionChoice[] ordered =
        [
            .. options.SelectMany(option => choices.Where(choice => choice.Option == option.Name && option.Values.Contains(choice.Value))),
        ];
        return ordered.Length == options.Count && ordered.Select(choice => choice.Option).Distinct(StringComparer.Ordinal).Count() == options.Count
            ? ordered : null;
    }
}

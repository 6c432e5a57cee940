using System.Diagnostics;

namespace EcommerceAI.Commerce.Pricing;

/// <summary>Decides what is asked of a price list.</summary>
public static class PriceListDecider
{
    /// <summary>What is wrong with the command's own fields, whatever the state; empty when nothing is.</summary>
    /// <param name="command">The command.</param>
    public static IReadOnlyList<Rejection> Validate(PriceListCommand command)
    {
        var fields = new CommandFields();
        fields.Id("priceListId", command.PriceListId);
        switch (command)
        {
            case CreatePriceList create:
                CheckTerms(fields, create.Terms);
                break;
            case ChangePriceList change:
                CheckTerms(fields, change.Terms);
                break;
            case SetListPrices set:
                CheckPrices(fields, set.Prices);
                break;
            case RemoveListPrices remove:
                fields.Lines("skus", remove.Skus, fields.Sku);
                break;
            case WithdrawPriceList withdraw:
                fields.OptionalText("reason", withdraw.Reason, CommandFields.MaxNote);
                break;
        }

        return fields.Rejections;
    }

    /// <summary>
    /// Answers a command: with events, with none where it changes nothing, or with <c>price_list_exists</c>, <c>unknown_price_list</c>,
    /// <c>price_list_withdrawn</c>, <c>currency_fixed</c> or what <see cref="Validate"/> found.
    /// </summary>
    /// <param name="state">The price list as it stands.</param>
    /// <param name="command">What is asked.</param>
    public static Decision Decide(PriceList state, PriceListCommand command)
    {
        if (Validate(command) is { Count: > 0 } rejections) return Decision.Reject(rejections);
        var id = command.PriceListId;
        if (command is CreatePriceList create)
            return state.Exists
                ? Decision.Reject("price_list_exists", $"There is a price list {id} already.", "priceListId")
                : Decision.Accept(new PriceListCreated(id, Normalize(create.Terms)));
        if (!state.Exists) return Decision.NotFound("unknown_price_list", $"There is no price list {id}.");
        if (command is WithdrawPriceList withdraw)
            return state.IsWithdrawn ? Decision.Accept() : Decision.Accept(new PriceListWithdrawn(id, CommandFields.Clean(withdraw.Reason)));
        if (state.IsWithdrawn) return Decision.Reject("price_list_withdrawn", $"Price list {id} was withdrawn.");
        return command switch
        {
            ChangePriceList change => Change(state, change),
            SetListPrices set => Set(state, set),
            RemoveListPrices remove => Remove(state, remove),
            _ => throw new UnreachableException($"No rule for {command.GetType().Name}."),
        };
    }

    private static Decision Change(PriceList state, ChangePriceList command)
    {
        var terms = Normalize(command.Terms);
        if (terms == state.Terms) return Decision.Accept();
        return terms.Currency == state.Terms!.Currency
            ? Decision.Accept(new PriceListChanged(command.PriceListId, terms))
            : Decision.Reject("currency_fixed", $"Price list {command.PriceListId} has prices in {state.Terms.Currency}.", "terms.currency");
    }

    private static Decision Set(PriceList state, SetListPrices command)
    {
        var changed = PriceList.BySku([.. command.Prices.Select(price => price with { Sku = SkuFormat.Normalize(price.Sku) })])
            .Where(sku => !state.Prices.TryGetValue(sku.Key, out var prices) || !prices.SequenceEqual(sku.Value))
            .SelectMany(sku => sku.Value).ToArray();
        return changed.Length == 0 ? Decision.Accept() : Decision.Accept(new ListPricesSet(command.PriceListId, changed));
    }

    private static Decision Remove(PriceList state, RemoveListPrices command)
    {
        string[] listed = [.. command.Skus.Select(SkuFormat.Normalize).Distinct(StringComparer.Ordinal).Where(state.Prices.ContainsKey)];
        return listed.Length == 0 ? Decision.Accept() : Decision.Accept(new ListPricesRemoved(command.PriceListId, listed));
    }

    private static PriceListTerms Normalize(PriceListTerms terms) =>
        terms with { Name = terms.Name.Trim(), From = terms.From?.ToUniversalTime(), Until = terms.Until?.ToUniversalTime() };

    private static void CheckTerms(CommandFields fields, PriceListTerms? terms)
    {
        if (terms is null)
        {
            fields.Refuse("terms", "required", "terms must be given.");
            return;
        }

        fields.RequiredText("terms.name", terms.Name, PricingFields.MaxName);
        fields.Currency("terms.currency", terms.Currency);
        if (terms.Channel is not null) fields.Slug("terms.channel", terms.Channel);
        if (terms.CustomerGroup is not null) fields.Slug("terms.customerGroup", terms.CustomerGroup);
        fields.Window("terms.until", terms.From, terms.Until);
        fields.Priority("terms.priority", terms.Priority);
    }

    private static void CheckPrices(CommandFields fields, IReadOnlyList<PriceEntry> prices)
    {
        var seen = new HashSet<(string, int)>();
        fields.Lines("prices", prices, (field, price) =>
        {
            fields.Sku($"{field}.sku", price.Sku);
            fields.Amount($"{field}.amount", price.Amount);
            fields.Quantity($"{field}.minimumQuantity", price.MinimumQuantity);
            if (SkuFormat.TryNormalize(price.Sku, out var sku) && !seen.Add((sku, price.MinimumQuantity)))
                fields.Refuse(field, "duplicate", $"{field} gives {sku} a second price for as many units.");
        });
    }
}

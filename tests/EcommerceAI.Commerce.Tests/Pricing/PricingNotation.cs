using System.Globalization;
using System.Text.RegularExpressions;
using EcommerceAI.Commerce.Pricing;

namespace EcommerceAI.Commerce.Tests.Pricing;

/// <summary>Reads baskets, promotions and rates as the tables of cases write them; a word that it does not know fails the test.</summary>
internal static partial class PricingNotation
{
    public static string[] List(string text, string separator = ",") =>
        text.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Minor units of an amount in major units.</summary>
    public static long Minor(string amount, string currency) => Currencies.ToMoney(Number(amount), currency).Minor;

    /// <summary>Major units with the places of the currency, as tables write them.</summary>
    public static string Major(long minor, string currency)
    {
        var places = Currencies.Decimals(currency);
        return (minor / (decimal)Math.Pow(10, places)).ToString($"F{places}", CultureInfo.InvariantCulture);
    }

    /// <summary><c>A 2 x 3.50 tea</c>; the words at the end are categories, or the tax class.</summary>
    public static PricingLine Line(string text, bool wordIsTaxClass)
    {
        var match = Matched(BasketLine(), text);
        var words = List(match.Groups["words"].Value, " ");
        var line = new PricingLine(
            match.Groups["id"].Value, match.Groups["id"].Value, match.Groups["units"].Success ? (int)Number(match.Groups["units"].Value) : 1,
            Number(match.Groups["price"].Value))
        { IsDelivery = words.Contains("delivery") };
        string[] named = [.. words.Where(word => word != "delivery")];
        return wordIsTaxClass
            ? line with { TaxClass = named is [var taxClass] ? taxClass : TaxTable.StandardClass }
            : line with { Categories = named };
    }

    /// <summary><c>P1: 10 % off on tea from 20.00 code SAVE exclusive priority 1</c>.</summary>
    public static PromotionInForce Promotion(string text, string currency)
    {
        var (name, rest) = (text[..text.IndexOf(':')], text[(text.IndexOf(':') + 1)..]);
        string? Take(Regex pattern)
        {
            if (pattern.Match(rest) is not { Success: true } match) return null;
            rest = rest.Remove(match.Index, match.Length);
            return match.Groups["x"].Value;
        }

        var reward = Take(Reward());
        var most = Take(Most());
        var discount = Take(BuyGet()) is { } buyGet ? new PromotionDiscount(BuyGet: Offer(buyGet, reward, most))
            : Take(PercentOff()) is { } percent ? new PromotionDiscount(Number(percent))
            : Take(AmountOffEach()) is { } each ? new PromotionDiscount(AmountOff: new Money(Minor(each, currency), currency), PerUnit: true)
            : Matched(AmountOff(), Take(AmountOff()) ?? "") is var amount
                ? new PromotionDiscount(AmountOff: Amount(amount.Groups["x"].Value, currency))
                : throw new FormatException(text);
        var minimumQuantity = Take(FromUnits());
        var minimumAmount = Take(From());
        var terms = new PromotionTerms(name, discount)
        {
            Scope = Scope(Take(OnSku()), Take(OnDelivery()) is not null, Take(OnCategory()), Take(Except())),
            Conditions = new PromotionConditions
            {
                MinimumQuantity = minimumQuantity is null ? null : (int)Number(minimumQuantity),
                MinimumAmount = minimumAmount is null ? null : Amount(minimumAmount, currency),
                CouponCode = Take(Code()),
                LimitTotal = Whole(Take(Limit())),
                LimitPerCustomer = Whole(Take(EachCustomer())),
                Channels = Take(Channel()) is { } channel ? [channel] : [],
            },
            Stacking = Take(ExclusiveOnLine()) is not null ? Stacking.ExclusiveOnLine
                : Take(Exclusive()) is not null ? Stacking.Exclusive : Stacking.Combinable,
        };
        if (Whole(Take(Priority())) is { } priority) terms = terms with { Priority = priority };
        var promotion = new PromotionInForce(name, terms, Whole(Take(Used())) ?? 0, Whole(Take(Had())));
        return rest.Trim().Length == 0 ? promotion : throw new FormatException($"'{rest.Trim()}' of '{text}' says nothing.");
    }

    /// <summary><c>VAT standard 20 since 2011-01-04</c>.</summary>
    public static TaxRate Rate(string text)
    {
        var match = Matched(TaxRateText(), text);
        return new TaxRate(
            match.Groups["class"].Value, match.Groups["name"].Value, Number(match.Groups["percent"].Value),
            match.Groups["since"].Success ? Day(match.Groups["since"].Value) : null);
    }

    /// <summary>The first moment of a day, UTC.</summary>
    public static DateTimeOffset Day(string text) =>
        DateTimeOffset.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static PromotionScope Scope(string? sku, bool delivery, string? category, string? except) => new()
    {
        Skus = sku is null ? [] : [sku],
        Categories = category is null ? [] : [category],
        ExcludedCategories = except is null ? [] : [except],
        Delivery = delivery,
    };

    private static BuyXGetY Offer(string text, string? reward, string? most)
    {
        var match = Matched(Sets(), text);
        return new BuyXGetY(
            (int)Number(match.Groups["buy"].Value), (int)Number(match.Groups["get"].Value),
            match.Groups["percent"].Success ? Number(match.Groups["percent"].Value) : 100m, Whole(most),
            reward is null ? null : new PromotionScope { Categories = [reward] });
    }

    private static Money Amount(string text, string currency) =>
        List(text, " ") is [var amount, var other] ? new Money(Minor(amount, other), other) : new Money(Minor(text, currency), currency);

    private static int? Whole(string? text) => text is null ? null : (int)Number(text);

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static Match Matched(Regex pattern, string text) =>
        pattern.Match(text) is { Success: true } match ? match : throw new FormatException($"'{text}' is not {pattern}.");

    [GeneratedRegex("^(?<id>[A-Z]+) ((?<units>[0-9]+) x )?(?<price>[0-9.]+)(?<words>( [a-z]+)*)$")]
    private static partial Regex BasketLine();

    [GeneratedRegex("^(?<name>[A-Za-z]+) (?<class>[a-z]+) (?<percent>[0-9.]+)( since (?<since>[0-9-]+))?$")]
    private static partial Regex TaxRateText();

    [GeneratedRegex("(?<x>buy [0-9]+ get [0-9]+ (free|at [0-9.]+ % off))")]
    private static partial Regex BuyGet();

    [GeneratedRegex("buy (?<buy>[0-9]+) get (?<get>[0-9]+) (free|at (?<percent>[0-9.]+) % off)")]
    private static partial Regex Sets();

    [GeneratedRegex("(?<x>[0-9.]+) % off")]
    private static partial Regex PercentOff();

    [GeneratedRegex("(?<x>[0-9.]+) off each")]
    private static partial Regex AmountOffEach();

    [GeneratedRegex("^(?<x>[0-9.]+( [A-Z]{3})?)$|(?<x>[0-9.]+( [A-Z]{3})?) off")]
    private static partial Regex AmountOff();

    [GeneratedRegex("from (?<x>[0-9]+) units")]
    private static partial Regex FromUnits();

    [GeneratedRegex("from (?<x>[0-9.]+)")]
    private static partial Regex From();

    [GeneratedRegex("on sku (?<x>[A-Z]+)")]
    private static partial Regex OnSku();

    [GeneratedRegex("on delivery")]
    private static partial Regex OnDelivery();

    [GeneratedRegex("(?<!exclusive )on (?<x>[a-z]+)")]
    private static partial Regex OnCategory();

    [GeneratedRegex("except (?<x>[a-z]+)")]
    private static partial Regex Except();

    [GeneratedRegex("reward (?<x>[a-z]+)")]
    private static partial Regex Reward();

    [GeneratedRegex("at most (?<x>[0-9]+) time")]
    private static partial Regex Most();

    [GeneratedRegex("code (?<x>[A-Z]+)")]
    private static partial Regex Code();

    [GeneratedRegex("channel (?<x>[a-z]+)")]
    private static partial Regex Channel();

    [GeneratedRegex("limit (?<x>[0-9]+)")]
    private static partial Regex Limit();

    [GeneratedRegex("used (?<x>[0-9]+)")]
    private static partial Regex Used();

    [GeneratedRegex("each customer (?<x>[0-9]+)")]
    private static partial Regex EachCustomer();

    [GeneratedRegex("had (?<x>[0-9]+)")]
    private static partial Regex Had();

    [GeneratedRegex("exclusive on line")]
    private static partial Regex ExclusiveOnLine();

    [GeneratedRegex("exclusive")]
    private static partial Regex Exclusive();

    [GeneratedRegex("priority (?<x>[0-9]+)")]
    private static partial Regex Priority();
}

using System.Globalization;
using System.Text.Json;
using EcommerceAI.Commerce.Pricing;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace EcommerceAI.Commerce.Tests.Pricing;

/// <summary>Rules that hold for any basket. Each run draws a new seed, prints it, and names it when it fails.</summary>
public sealed class PricingPropertyTests
{
    private static readonly string[] Categories = ["tea", "mugs", "sale"];
    private static readonly string[] Currencies = ["GBP", "JPY", "BHD"];
    private static readonly DateTimeOffset Now = PricingNotation.Day("2024-06-01");

    private readonly int _seed = Environment.GetEnvironmentVariable("TEST_SEED") is { } seed
        ? int.Parse(seed, CultureInfo.InvariantCulture)
        : Random.Shared.Next();

    private readonly int _rounds = Environment.GetEnvironmentVariable("ECOMMERCEAI_SEEDS") is { } rounds
        ? int.Parse(rounds, CultureInfo.InvariantCulture)
        : 1_000;

    private readonly Random _random;

    public PricingPropertyTests(ITestOutputHelper output)
    {
        _random = new Random(_seed);
        output.WriteLine($"TEST_SEED={_seed}");
    }

    [Fact]
    public void Totals_are_the_sum_of_lines_and_nothing_falls_below_zero_or_is_discounted_above_its_gross()
    {
        var discounted = 0;
        for (var round = 0; round < _rounds; round++)
        {
            var quote = PriceEvaluator.Evaluate(RandomRequest());
            var seed = $"TEST_SEED={_seed} round {round}";
            foreach (var line in quote.Lines)
            {
                line.Discounts.All(discount => discount.Amount > 0).ShouldBeTrue(seed);
                line.Net.ShouldBe(line.Gross - line.Discounts.Sum(discount => discount.Amount), seed);
                line.Net.ShouldBeInRange(0, line.Gross, seed);
                line.Tax.Amount.ShouldBeGreaterThanOrEqualTo(0, seed);
                line.Tax.Parts.Sum(part => part.Amount).ShouldBe(line.Tax.Amount, seed);
                line.Total.ShouldBe(line.Tax.Base + line.Tax.Amount, seed);
                line.Total.ShouldBe(quote.Basis == TaxBasis.Inclusive ? line.Net : line.Net + line.Tax.Amount, seed);
            }

            (quote.Gross, quote.Net, quote.Tax, quote.Total).ShouldBe(
                (quote.Lines.Sum(line => line.Gross), quote.Lines.Sum(line => line.Net), quote.Lines.Sum(line => line.Tax.Amount),
                    quote.Lines.Sum(line => line.Total)), seed);
            quote.Discount.ShouldBe(quote.Gross - quote.Net, seed);
            quote.Promotions.Sum(promotion => promotion.Amount).ShouldBe(quote.Discount, seed);
            quote.Taxes.Sum(tax => tax.Amount).ShouldBe(quote.Tax, seed);
            foreach (var promotion in quote.Promotions)
                quote.Lines.SelectMany(line => line.Discounts).Where(discount => discount.PromotionId == promotion.PromotionId)
                    .Sum(discount => discount.Amount).ShouldBe(promotion.Amount, seed);
            if (quote.Discount > 0) discounted++;
        }

        // The rules above say nothing about baskets that no promotion touches.
        discounted.ShouldBeGreaterThan(_rounds / 4);
    }

    [Fact]
    public void Neither_the_order_of_lines_nor_that_of_promotions_coupons_and_rates_changes_the_result()
    {
        for (var round = 0; round < _rounds; round++)
        {
            var request = RandomRequest();
            var shuffled = request with
            {
                Lines = Shuffled(request.Lines),
                Promotions = Shuffled(request.Promotions),
                CouponCodes = Shuffled(request.CouponCodes),
                Taxes = request.Taxes is { } taxes ? taxes with { Rates = Shuffled(taxes.Rates) } : null,
            };
            Sorted(PriceEvaluator.Evaluate(shuffled)).ShouldBe(Sorted(PriceEvaluator.Evaluate(request)), $"TEST_SEED={_seed} round {round}");
        }
    }

    [Fact]
    public void A_spread_amount_is_all_given_out_and_no_part_is_above_its_weight_or_a_coin_from_its_share()
    {
        for (var round = 0; round < _rounds; round++)
        {
            var parts = Enumerable.Range(0, _random.Next(1, 9)).Select(i => ($"L{i}", (long)_random.Next(0, 2_000))).ToArray();
            var weight = parts.Sum(part => part.Item2);
            var amount = _random.NextInt64(0, weight + 1);
            var shares = LargestRemainder.Spread(amount, parts);
            shares.Sum().ShouldBe(amount, $"TEST_SEED={_seed}");
            for (var i = 0; i < shares.Length; i++)
            {
                shares[i].ShouldBeInRange(0, parts[i].Item2, $"TEST_SEED={_seed}");
                if (weight > 0) Math.Abs(shares[i] - ((decimal)amount * parts[i].Item2 / weight)).ShouldBeLessThan(1, $"TEST_SEED={_seed}");
            }
        }
    }

    [Fact]
    public void Every_number_comes_with_an_explanation()
    {
        for (var round = 0; round < _rounds; round++)
        {
            var quote = PriceEvaluator.Evaluate(RandomRequest());
            quote.Lines.SelectMany(line => line.Discounts.Select(discount => discount.Explanation).Append(line.Tax.Explanation))
                .Concat(quote.Promotions.Select(promotion => promotion.Explanation))
                .Concat(quote.PassedOver.Select(passed => passed.Explanation))
                .Concat(quote.Coupons.Select(coupon => coupon.Explanation))
                .Where(text => !text.EndsWith('.') || text.Length <= 10).ShouldBeEmpty($"TEST_SEED={_seed}");
        }
    }

    private static string Sorted(PriceQuote quote) =>
        JsonSerializer.Serialize(quote with { Lines = [.. quote.Lines.OrderBy(line => line.LineId, StringComparer.Ordinal)] });

    private T[] Shuffled<T>(IReadOnlyList<T> items)
    {
        T[] shuffled = [.. items];
        _random.Shuffle(shuffled);
        return shuffled;
    }

    private PricingRequest RandomRequest()
    {
        var currency = Currencies[_random.Next(Currencies.Length)];
        return new PricingRequest(currency, "web", "GB", _random.Next(2) == 0 ? null : "trade", Now, RandomLines())
        {
            CouponCodes = [.. Enumerable.Range(0, _random.Next(3)).Select(_ => $"CODE-{_random.Next(3)}")],
            Promotions = [.. Enumerable.Range(0, _random.Next(6)).Select(i => new PromotionInForce($"p{i}", RandomTerms(currency), _random.Next(4), _random.Next(3) is var had && had < 2 ? had : null))],
            Taxes = _random.Next(5) == 0 ? null : new TaxTable("GB", (TaxBasis)_random.Next(2),
            [
                new TaxRate("standard", "VAT", _random.Next(0, 300_000) / 10_000m), new TaxRate("standard", "Levy", 1.5m, Now.AddDays(_random.Next(-1, 2))),
                new TaxRate("reduced", "VAT", 5m),
            ]),
        };
    }

    private PricingLine[] RandomLines() =>
    [
        .. Enumerable.Range(0, _random.Next(1, 8)).Select(i => new PricingLine(
            $"L{i}", $"SKU{_random.Next(5)}", _random.Next(1, 7), _random.Next(8) == 0 ? 0 : _random.Next(1, 200_000) / 10_000m)
        {
            Categories = [Categories[_random.Next(Categories.Length)]],
            TaxClass = _random.Next(3) == 0 ? "reduced" : "standard",
            IsDelivery = _random.Next(10) == 0,
        }),
    ];

    private PromotionTerms RandomTerms(string currency) => new("An offer", RandomDiscount(currency))
    {
        Priority = _random.Next(3),
        Stacking = (Stacking)_random.Next(3),
        Scope = RandomScope(),
        Conditions = new PromotionConditions
        {
            CouponCode = _random.Next(3) == 0 ? $"CODE-{_random.Next(2)}" : null,
            MinimumAmount = _random.Next(4) == 0 ? new Money(_random.Next(1, 3_000), currency) : null,
            MinimumQuantity = _random.Next(4) == 0 ? _random.Next(1, 20) : null,
            LimitTotal = _random.Next(4) == 0 ? 3 : null,
            LimitPerCustomer = _random.Next(4) == 0 ? 1 : null,
            CustomerGroups = _random.Next(5) == 0 ? ["trade"] : [],
        },
    };

    private PromotionScope RandomScope() => _random.Next(4) switch
    {
        0 => new PromotionScope { Categories = [Categories[_random.Next(Categories.Length)]] },
        1 => new PromotionScope { Skus = ["SKU1", "SKU3"], ExcludedCategories = ["sale"] },
        _ => new PromotionScope { Delivery = _random.Next(6) == 0 },
    };

    private PromotionDiscount RandomDiscount(string currency) => _random.Next(4) switch
    {
        0 => new PromotionDiscount(_random.Next(1, 1_000_001) / 10_000m),
        1 => new PromotionDiscount(AmountOff: new Money(_random.Next(1, 5_000), currency)),
        2 => new PromotionDiscount(AmountOff: new Money(_random.Next(1, 500), currency), PerUnit: true),
        _ => new PromotionDiscount(BuyGet: new BuyXGetY(
            _random.Next(1, 4), _random.Next(1, 3), _random.Next(1, 11) * 10m, _random.Next(2) == 0 ? null : 2,
            _random.Next(3) == 0 ? RandomScope() with { Delivery = false } : null)),
    };
}

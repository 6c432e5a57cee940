namespace EcommerceAI.Commerce.Pricing;

/// <summary>What the amounts of a price mean.</summary>
public enum TaxBasis
{
    /// <summary>Prices contain the tax: what is shown is what is paid.</summary>
    Inclusive,

    /// <summary>Tax is added to prices.</summary>
    Exclusive,
}

/// <summary>The taxes of a region.</summary>
/// <param name="Region">ISO 3166-1 country or 3166-2 subdivision.</param>
/// <param name="Basis">What the prices of the region mean.</param>
/// <param name="Rates">The rates, also past and future ones.</param>
public sealed record TaxTable(string Region, TaxBasis Basis, IReadOnlyList<TaxRate> Rates)
{
    /// <summary>The class of everything that has no class of its own, and of every class that the table does not name.</summary>
    public const string StandardClass = "standard";

    /// <summary>
    /// The rates of a class at a moment: of each tax the one that began last, in the order of their names. A class that has no rate then
    /// is taxed as <see cref="StandardClass"/>.
    /// </summary>
    /// <param name="taxClass">The class.</param>
    /// <param name="at">The moment.</param>
    /// <returns>The rates; none where not even the standard class has one.</returns>
    public IReadOnlyList<TaxRate> RatesOf(string taxClass, DateTimeOffset at)
    {
        var rates = InForce(taxClass, at);
        return rates.Length > 0 || taxClass == StandardClass ? rates : InForce(StandardClass, at);
    }

    private TaxRate[] InForce(string taxClass, DateTimeOffset at) =>
    [
        .. Rates.Where(rate => rate.TaxClass == taxClass && (rate.From is not { } from || from <= at))
            .GroupBy(rate => rate.Name, StringComparer.Ordinal)
            .Select(tax => tax.MaxBy(rate => rate.From ?? DateTimeOffset.MinValue)!)
            .OrderBy(rate => rate.Name, StringComparer.Ordinal),
    ];
}

/// <summary>A rate of a tax for a class of goods.</summary>
/// <param name="TaxClass">The class: <c>standard</c>, <c>reduced</c>, <c>zero</c> or what the retailer calls it.</param>
/// <param name="Name">Name of the tax on the invoice, such as <c>VAT</c>. A class with several taxes pays the sum of their rates.</param>
/// <param name="Percent">Per cent of the amount without tax, 0 to 100 with at most four places.</param>
/// <param name="From">Since when, or null for always.</param>
public sealed record TaxRate(string TaxClass, string Name, decimal Percent, DateTimeOffset? From = null);

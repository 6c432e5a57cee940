using System.Collections.Frozen;

namespace EcommerceAI.Commerce;

/// <summary>The minor units of currencies, after ISO 4217 (list one).</summary>
public static class Currencies
{
    /// <summary>Codes whose minor unit is not the hundredth, with their decimal places.</summary>
    private static readonly FrozenDictionary<string, int> Exceptions = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["BHD"] = 3, ["BIF"] = 0, ["CLP"] = 0, ["DJF"] = 0, ["GNF"] = 0, ["IQD"] = 3, ["ISK"] = 0, ["JOD"] = 3,
        ["JPY"] = 0, ["KMF"] = 0, ["KRW"] = 0, ["KWD"] = 3, ["LYD"] = 3, ["OMR"] = 3, ["PYG"] = 0, ["RWF"] = 0,
        ["TND"] = 3, ["UGX"] = 0, ["VND"] = 0, ["VUV"] = 0, ["XAF"] = 0, ["XOF"] = 0, ["XPF"] = 0,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Decimal places of the currency's minor unit, 0 to 3.</summary>
    /// <param name="currency">ISO 4217 alphabetic code.</param>
    public static int Decimals(string currency) => Exceptions.GetValueOrDefault(currency, 2);

    /// <summary>Whether <paramref name="currency"/> has the form of an ISO 4217 code: three upper-case ASCII letters.</summary>
    /// <param name="currency">The text to look at.</param>
    public static bool IsWellFormed(string? currency) => currency is { Length: 3 } && currency.All(char.IsAsciiLetterUpper);

    /// <summary>Rounds an exact amount once, half to even, to minor units.</summary>
    /// <param name="amount">Major units, exact.</param>
    /// <param name="currency">ISO 4217 alphabetic code.</param>
    public static Money ToMoney(decimal amount, string currency)
    {
        var minor = amount;
        for (var i = 0; i < Decimals(currency); i++) minor *= 10;
        return new Money((long)decimal.Round(minor, 0, MidpointRounding.ToEven), currency);
    }
}

using System.Collections.Frozen;

namespace EcommerceAI.Commerce;

/// <summary>The minor units of currencies, after ISO 4217 (list one).</summary>
public static class Currencies
{
    private static readonly FrozenSet<string> WithoutMinorUnit = FrozenSet.Create(
        StringComparer.Ordinal,
        "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF");

    private static readonly FrozenSet<string> InThousandths = FrozenSet.Create(
        StringComparer.Ordinal, "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND");

    /// <summary>Decimal places of the currency's minor unit, 0 to 3.</summary>
    /// <param name="currency">ISO 4217 alphabetic code.</param>
    public static int Decimals(string currency) =>
        WithoutMinorUnit.Contains(currency) ? 0 : InThousandths.Contains(currency) ? 3 : 2;

    /// <summary>Whether <paramref name="currency"/> has the form of an ISO 4217 code: three upper-case ASCII letters.</summary>
    /// <param name="currency">The text to look at.</param>
    public static bool IsWellFormed(string? currency) => currency is { Length: 3 } && currency.All(char.IsAsciiLetterUpper);

    /// <summary>Rounds an exact amount once, half to even, to minor units.</summary>
    /// <param name="amount">Major units, exact.</param>
    /// <param name="currency">ISO 4217 alphabetic code.</param>
    /// <exception cref="OverflowException">The amount does not fit into a <see cref="long"/> of minor units.</exception>
    public static Money ToMoney(decimal amount, string currency)
    {
        var minor = amount;
        for (var i = 0; i < Decimals(currency); i++) minor *= 10;
        return new Money((long)decimal.Round(minor, 0, MidpointRounding.ToEven), currency);
    }

    /// <summary>Minor units as major units, exact.</summary>
    /// <param name="minor">Minor units.</param>
    /// <param name="currency">ISO 4217 alphabetic code.</param>
    public static decimal ToMajor(long minor, string currency)
    {
        var major = (decimal)minor;
        for (var i = 0; i < Decimals(currency); i++) major /= 10;
        return major;
    }
}

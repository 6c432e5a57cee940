using System.Globalization;

namespace EcommerceAI.Commerce.Pricing;

/// <summary>Numbers as explanations show them; the same on every machine.</summary>
internal static class Wording
{
    /// <summary>Minor units in major units with their currency: <c>12.50 GBP</c>.</summary>
    public static string Amount(long minor, string currency) =>
        $"{Currencies.ToMajor(minor, currency).ToString($"F{Currencies.Decimals(currency)}", CultureInfo.InvariantCulture)} {currency}";

    /// <summary>A percentage without idle zeros: <c>8.875 %</c>.</summary>
    public static string Percent(decimal percent) => $"{percent.ToString("0.####", CultureInfo.InvariantCulture)} %";

    /// <summary>A number of units.</summary>
    public static string Units(long units) => units == 1 ? "1 unit" : string.Create(CultureInfo.InvariantCulture, $"{units} units");
}

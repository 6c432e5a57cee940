namespace EcommerceAI.Commerce.Pricing;

/// <summary>
/// How a region is written: an ISO 3166-1 alpha-2 country (<c>GB</c>) or an ISO 3166-2 subdivision of one (<c>US-NY</c>), upper case.
/// </summary>
public static class RegionFormat
{
    private const int Country = 2;
    private const int MaxSubdivision = 3;

    /// <summary>Whether a text is a region.</summary>
    /// <param name="text">The text to look at.</param>
    public static bool IsWellFormed(string? text) =>
        text is { Length: >= Country and <= Country + 1 + MaxSubdivision }
        && text.AsSpan(0, Country).IndexOfAnyExceptInRange('A', 'Z') < 0
        && (text.Length == Country
            || (text[Country] == '-' && text.Length > Country + 1
                && text.Skip(Country + 1).All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c))));

    /// <summary>The country of a region.</summary>
    /// <param name="region">A region.</param>
    public static string CountryOf(string region) => region.Length > Country ? region[..Country] : region;

    /// <summary>Whether a region is another or the country that the other lies in.</summary>
    /// <param name="region">The region or country.</param>
    /// <param name="other">The one that may lie in it.</param>
    public static bool Holds(string region, string other) => region == other || region == CountryOf(other);
}

using System.Diagnostics.CodeAnalysis;

namespace EcommerceAI.Commerce;

/// <summary>
/// How a location is written: a slug of 1 to 40 lower-case ASCII letters and digits with single dashes inside
/// (<c>^[a-z0-9](-?[a-z0-9])*$</c>), such as <c>warehouse</c> or <c>shop-12</c>.
/// </summary>
public static class LocationFormat
{
    /// <summary>The most characters that a location has.</summary>
    public const int MaxLength = 40;

    /// <summary>Whether <paramref name="text"/> is a location.</summary>
    /// <param name="text">The text to look at.</param>
    public static bool IsWellFormed([NotNullWhen(true)] string? text)
    {
        if (text is not { Length: >= 1 and <= MaxLength }) return false;
        // A dash that nothing precedes is refused as a doubled one is, so the walk starts as if after a dash.
        var afterDash = true;
        foreach (var c in text)
        {
            if (c == '-' ? afterDash : !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c)) return false;
            afterDash = c == '-';
        }

        return !afterDash;
    }
}

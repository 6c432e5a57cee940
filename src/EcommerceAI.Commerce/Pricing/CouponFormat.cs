namespace EcommerceAI.Commerce.Pricing;

/// <summary>How a coupon code is written: 1 to 40 of <c>A-Z 0-9 -</c>; entered in any case, with spaces around it.</summary>
public static class CouponFormat
{
    /// <summary>The most characters that a code has.</summary>
    public const int MaxLength = 40;

    /// <summary>Whether a text, once normalized, is a coupon code.</summary>
    /// <param name="text">What somebody wrote.</param>
    public static bool IsWellFormed(string? text) =>
        text?.Trim() is { Length: >= 1 and <= MaxLength } code && code.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <summary>The one spelling of a code; what is none is left as it is, and no promotion asks for it.</summary>
    /// <param name="text">What somebody wrote.</param>
    public static string Normalize(string text) => IsWellFormed(text) ? text.Trim().ToUpperInvariant() : text;
}

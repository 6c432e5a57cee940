using System.Diagnostics.CodeAnalysis;

namespace EcommerceAI.Commerce;

/// <summary>
/// How a stock keeping unit is written: 1 to 40 of <c>A-Z 0-9 . _ -</c> and single spaces inside, in upper case. One spelling
/// a product, because the SKU is part of its stream key: <c>85123a</c> and <c> 85123A </c> both are <c>85123A</c>.
/// </summary>
public static class SkuFormat
{
    /// <summary>The most characters that a SKU has.</summary>
    public const int MaxLength = 40;

    /// <summary>Trims a SKU and folds it to upper case.</summary>
    /// <param name="text">What somebody wrote, or null.</param>
    /// <param name="sku">The one spelling of the SKU; null when <paramref name="text"/> is none.</param>
    /// <returns>Whether <paramref name="text"/> is a SKU.</returns>
    public static bool TryNormalize([NotNullWhen(true)] string? text, [NotNullWhen(true)] out string? sku)
    {
        var trimmed = text?.Trim();
        // Checked before folding: beyond ASCII, upper case can turn a foreign letter into one of ours (U+017F becomes S).
        sku = trimmed is { Length: >= 1 and <= MaxLength } && HasOnlySkuCharacters(trimmed) ? trimmed.ToUpperInvariant() : null;
        return sku is not null;
    }

    /// <summary>Trims a SKU and folds it to upper case.</summary>
    /// <param name="text">A SKU in any spelling.</param>
    /// <exception cref="ArgumentException"><paramref name="text"/> is no SKU.</exception>
    public static string Normalize(string text) =>
        TryNormalize(text, out var sku) ? sku : throw new ArgumentException($"'{text}' is not a SKU.", nameof(text));

    private static bool HasOnlySkuCharacters(string trimmed)
    {
        var afterSpace = false;
        foreach (var c in trimmed)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-' or ' ')) return false;
            if (c == ' ' && afterSpace) return false;
            afterSpace = c == ' ';
        }

        return true;
    }
}

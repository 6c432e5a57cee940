using System.Text.Json;

namespace EcommerceAI.Commerce.Catalog;

/// <summary>Looks at what is said of a product.</summary>
internal static class ProductDetailsCheck
{
    public const int MaxTitle = 200;
    public const int MaxDescription = 10_000;
    public const int MaxCategory = 100;
    private const int MaxName = 60;
    private const int MaxValue = 500;
    private const int MaxAlt = 300;
    private const int MaxUrl = 2_000;

    public static void Check(CommandFields fields, ProductDetails details)
    {
        Some(fields, "categories", details.Categories, 20, (field, category) => fields.RequiredText(field, category, MaxCategory), category => category);
        Some(fields, "attributes", details.Attributes, 100, (field, attribute) =>
        {
            fields.RequiredText($"{field}.name", attribute.Name, MaxName);
            fields.RequiredText($"{field}.value", attribute.Value, MaxValue);
        }, attribute => attribute.Name);
        Some(fields, "media", details.Media, 50, (field, media) =>
        {
            CheckUrl(fields, $"{field}.url", media.Url);
            CheckContentType(fields, $"{field}.contentType", media.ContentType);
            fields.OptionalText($"{field}.alt", media.Alt, MaxAlt);
        }, media => media.Url);
        Some(fields, "texts", details.Texts, 50, (field, text) =>
        {
            CheckLocale(fields, $"{field}.locale", text.Locale);
            fields.RequiredText($"{field}.title", text.Title, MaxTitle);
            fields.OptionalText($"{field}.description", text.Description, MaxDescription, multiline: true);
        }, text => text.Locale);
        if (details.TaxClass is not null) fields.Location("taxClass", details.TaxClass);
    }

    public static void CheckOptions(CommandFields fields, IReadOnlyList<ProductOption>? options) =>
        Some(fields, "options", options, 10, (field, option) =>
        {
            fields.RequiredText($"{field}.name", option.Name, MaxName);
            Some(fields, $"{field}.values", option.Values, 100, (place, value) => fields.RequiredText(place, value, MaxName), value => value, least: 1);
        }, option => option.Name, least: 1);

    public static void CheckChoices(CommandFields fields, IReadOnlyList<OptionChoice>? choices) =>
        Some(fields, "choices", choices, 10, (field, choice) =>
        {
            fields.RequiredText($"{field}.option", choice.Option, MaxName);
            fields.RequiredText($"{field}.value", choice.Value, MaxName);
        }, choice => choice.Option, least: 1);

    public static void CheckChannels(CommandFields fields, IReadOnlyList<string>? channels) =>
        Some(fields, "channels", channels, 50, fields.Location, channel => channel, least: 1);

    /// <summary>Texts trimmed; empty ones null.</summary>
    public static ProductDetails Normalize(ProductDetails details) => details with
    {
        Categories = [.. details.Categories.Select(category => category.Trim())],
        Attributes = [.. details.Attributes.Select(attribute => new ProductAttribute(attribute.Name.Trim(), attribute.Value.Trim()))],
        Media = [.. details.Media.Select(media => new MediaReference(media.Url.Trim(), media.ContentType.Trim(), CommandFields.Clean(media.Alt)))],
        Texts = [.. details.Texts.Select(text => new LocalizedText(text.Locale.Trim(), text.Title.Trim(), CommandFields.Clean(text.Description)))],
    };

    /// <summary>Whether two things say the same: records compare the lists in them by reference.</summary>
    public static bool Same<T>(T one, T other) => JsonSerializer.Serialize(one) == JsonSerializer.Serialize(other);

    private static void Some<T>(
        CommandFields fields, string field, IReadOnlyList<T?>? items, int most, Action<string, T> check, Func<T, string?> key, int least = 0)
        where T : class
    {
        if (items is null || items.Count < least || items.Count > most)
        {
            fields.RefuseWithNumbers(field, items is null ? "required" : "out_of_range", $"{field} must have {least} to {most} entries.");
            return;
        }

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is not { } item)
            {
                fields.Refuse($"{field}[{i}]", "required", $"{field}[{i}] must be given.");
                continue;
            }

            check($"{field}[{i}]", item);
            if (key(item)?.Trim() is { Length: > 0 } name && !seen.Add(name))
                fields.Refuse($"{field}[{i}]", "duplicate", $"{field}[{i}] is there twice.");
        }
    }

    private static void CheckUrl(CommandFields fields, string field, string? url)
    {
        fields.RequiredText(field, url, MaxUrl);
        if (string.IsNullOrWhiteSpace(url) || url.Length > MaxUrl) return;
        var isPath = url.StartsWith('/') && !url.StartsWith("//", StringComparison.Ordinal) && Uri.IsWellFormedUriString(url, UriKind.Relative);
        var isAddress = Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            && Uri.IsWellFormedUriString(url, UriKind.Absolute);
        if (!isPath && !isAddress) fields.Refuse(field, "malformed", $"{field} must be an http or https address, or a path that begins with one slash.");
    }

    private static void CheckContentType(CommandFields fields, string field, string? contentType)
    {
        fields.RequiredText(field, contentType, MaxName);
        if (string.IsNullOrWhiteSpace(contentType)) return;
        if (contentType.Split('/') is not [{ Length: > 0 } type, { Length: > 0 } subtype] || !type.Concat(subtype).All(IsTokenCharacter))
            fields.Refuse(field, "malformed", $"{field} must be a media type, such as image/webp.");
    }

    private static void CheckLocale(CommandFields fields, string field, string? locale)
    {
        fields.RequiredText(field, locale, LocationFormat.MaxLength);
        if (string.IsNullOrWhiteSpace(locale)) return;
        var parts = locale.Trim().Split('-');
        var isTag = parts[0].Length is 2 or 3 && parts[0].All(char.IsAsciiLetterLower)
            && parts.Skip(1).All(part => part.Length is >= 2 and <= 8 && part.All(char.IsAsciiLetterOrDigit));
        if (!isTag) fields.Refuse(field, "malformed", $"{field} must be a language tag, such as de or fr-CA.");
    }

    private static bool IsTokenCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '+' or '-' or '_';
}

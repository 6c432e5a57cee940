namespace EcommerceAI.Commerce.Pricing;

/// <summary>Looks at the fields that promotions, price lists and tax tables have in common.</summary>
internal static class PricingFields
{
    public const int MaxName = 100;
    public const int MaxPriority = 1_000;
    private const int MaxCategory = 100;

    /// <summary>A list that may be empty, of at most <see cref="CommandFields.MaxLines"/> texts, each looked at with its path.</summary>
    public static void Each(this CommandFields fields, string field, IReadOnlyList<string?>? values, Action<string, string?> check)
    {
        if (values is null)
        {
            fields.Refuse(field, "required", $"{field} must not be null.");
            return;
        }

        if (values.Count > CommandFields.MaxLines)
        {
            fields.RefuseWithNumbers(field, "out_of_range", $"{field} has {values.Count} entries; at most {CommandFields.MaxLines} are allowed.");
            return;
        }

        for (var i = 0; i < values.Count; i++) check($"{field}[{i}]", values[i]);
    }

    /// <summary>The slug of a channel, a customer group or a tax class: written as a location is.</summary>
    public static void Slug(this CommandFields fields, string field, string? value) => fields.Location(field, value);

    public static void Category(this CommandFields fields, string field, string? value) => fields.RequiredText(field, value, MaxCategory);

    public static void Region(this CommandFields fields, string field, string? value)
    {
        fields.RequiredText(field, value, LocationFormat.MaxLength);
        if (!string.IsNullOrWhiteSpace(value) && !RegionFormat.IsWellFormed(value))
            fields.Refuse(field, "malformed", $"{field} must be an ISO 3166 country or subdivision, such as GB or US-NY.");
    }

    /// <summary>Per cent with at most four places.</summary>
    public static void Percent(this CommandFields fields, string field, decimal value, bool allowsZero)
    {
        if (value is < 0 or > 100 || (value == 0 && !allowsZero))
            fields.RefuseWithNumbers(field, "out_of_range", $"{field} is {value}; it must be {(allowsZero ? "0" : "above 0")} to 100.");
        else if (decimal.Round(value, Parts.PercentScale) != value)
            fields.Refuse(field, "malformed", $"{field} has more than {Parts.PercentScale} decimal places.");
    }

    /// <summary>An amount above nothing.</summary>
    public static void Amount(this CommandFields fields, string field, Money value)
    {
        const long most = 1_000_000_000_000;
        if (value.Minor is < 1 or > most)
            fields.RefuseWithNumbers($"{field}.minor", "out_of_range", $"{field}.minor is {value.Minor}; it must be 1 to {most}.");
        fields.Currency($"{field}.currency", value.Currency);
    }

    public static void Priority(this CommandFields fields, string field, int value) => fields.Quantity(field, value, 0, MaxPriority);

    /// <summary>A stretch of time that has an inside.</summary>
    public static void Window(this CommandFields fields, string field, DateTimeOffset? from, DateTimeOffset? until)
    {
        if (from is { } first && until is { } end && end <= first)
            fields.Refuse(field, "out_of_range", $"{field} must be after the beginning.");
    }
}

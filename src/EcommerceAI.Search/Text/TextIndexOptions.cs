namespace EcommerceAI.Search.Text;

/// <summary>A text field that is searched.</summary>
/// <param name="Name">Its name in <see cref="SearchDocument.Text"/>.</param>
/// <param name="Weight">How much one of its words counts against a word of weight 1; above 0.</param>
/// <param name="LengthNormalisation">
/// BM25F's b of the field, 0 to 1: how far a long field's words count less. 0.75 is Robertson and Zaragoza's usual value.
/// </param>
public sealed record WeightedField(string Name, double Weight = 1, double LengthNormalisation = 0.75);

/// <summary>What a text index reads of a document, and how it weighs it.</summary>
public sealed class TextIndexOptions
{
    /// <summary>The text fields searched; one to sixteen. Others are kept with the document and not searched.</summary>
    public required IReadOnlyList<WeightedField> Fields { get; init; }

    /// <summary>
    /// Keyword fields whose values are codes: one that stands in the query, whole and in any case, puts its document first.
    /// </summary>
    public IReadOnlyList<string> CodeFields { get; init; } = [];

    /// <summary>BM25's k1, above 0: how soon one more occurrence of a word stops to matter. 1.2 is the usual value.</summary>
    public double Saturation { get; init; } = 1.2;

    /// <summary>How words are made of text.</summary>
    public TextAnalyzer Analyzer { get; init; } = TextAnalyzer.English;

    internal static string? WhatIsWrongWith(TextIndexOptions options)
    {
        if (options.Fields.Count is 0 or > 16) return $"A text index has 1 to 16 fields, not {options.Fields.Count}.";
        foreach (var field in options.Fields)
        {
            if (!(field.Weight > 0 && double.IsFinite(field.Weight)))
                return $"The weight of field '{field.Name}' must be above 0, not {field.Weight}.";
            if (field.LengthNormalisation is not (>= 0 and <= 1))
                return $"The length normalisation of field '{field.Name}' must be 0 to 1, not {field.LengthNormalisation}.";
        }
        return options.Saturation > 0 ? null : $"The saturation must be above 0, not {options.Saturation}.";
    }
}

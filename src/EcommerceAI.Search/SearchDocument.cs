namespace EcommerceAI.Search;

/// <summary>What is searched for: an id, a version, and named values of three kinds.</summary>
/// <remarks>Never changed after it was handed to an index; a change is a new document with a higher version.</remarks>
public sealed class SearchDocument
{
    /// <summary>The document's id, unique in its index, compared ordinally. Not empty.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// Which of two writes of this id is the newer: an engine refuses a version below the one that it has. A writer whose
    /// source is an ordered log gives the position there.
    /// </summary>
    public required long Version { get; init; }

    /// <summary>Text to be found by its words, by field name.</summary>
    public IReadOnlyDictionary<string, string> Text { get; init; } = NoText;

    /// <summary>Values taken as a whole (codes, attributes), by field name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Keywords { get; init; } = NoKeywords;

    /// <summary>Numeric values, by field name.</summary>
    public IReadOnlyDictionary<string, double> Numbers { get; init; } = NoNumbers;

    private static readonly IReadOnlyDictionary<string, string> NoText = new Dictionary<string, string>();
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> NoKeywords =
        new Dictionary<string, IReadOnlyList<string>>();
    private static readonly IReadOnlyDictionary<string, double> NoNumbers = new Dictionary<string, double>();
}

namespace EcommerceAI.Replay.Bench.Search;

/// <summary>A part of <c>bench search</c>. Every class that is one is found at start.</summary>
internal interface ISearchMeasurement
{
    /// <summary>Under which name its figures stand.</summary>
    string Name { get; }

    /// <summary>Measures.</summary>
    /// <param name="documents">How many documents to measure with.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<SearchMeasured> MeasureAsync(int documents, CancellationToken cancellation);
}

/// <summary>What a part has measured.</summary>
/// <param name="Figures">Its figures, a record.</param>
/// <param name="Ratios">Its ratios to a peer or ceiling, by name.</param>
/// <param name="Description">The same in words.</param>
internal sealed record SearchMeasured(object Figures, IReadOnlyDictionary<string, double> Ratios, string Description)
{
    /// <summary>How good the answers were, by name, where that is not a matter of course.</summary>
    public IReadOnlyDictionary<string, double> Qualities { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);
}

using EcommerceAI.Search.Text;
using EcommerceAI.Search.Understanding;

namespace EcommerceAI.Search.Queries;

/// <summary>What the keyword leg found, and how well.</summary>
/// <param name="Matches">The matches that are not excluded.</param>
/// <param name="ExcludedIds">Documents that have what the query does not want; no leg may give them.</param>
internal sealed record TextLegAnswer(TextMatches Matches, IReadOnlySet<string> ExcludedIds)
{
    /// <summary>Nothing found and nothing excluded.</summary>
    public static TextLegAnswer None { get; } = new(TextMatches.None, new HashSet<string>());

    /// <summary>The share of the query's meaning that the best match has, 0 to 1: how clear it is what was meant.</summary>
    public double Clarity => Matches.Hits.Count == 0 ? 0 : Matches.Hits[0].IsCode ? 1 : Matches.Hits.Take(3).Max(h => h.Coverage);
}

/// <summary>Asks a text index what a query was understood as, and once more with what it paraphrases where its words find too little.</summary>
internal static class TextLeg
{
    public static async ValueTask<TextLegAnswer> SearchAsync(
        ITextIndex index, string text, UnderstoodQuery? understood, double paraphraseBelow, CancellationToken cancellationToken)
    {
        var query = new TextQuery(text) { Understood = understood };
        var answer = new TextLegAnswer(await index.SearchAsync(query, cancellationToken), await ExcludedAsync(index, understood, cancellationToken));
        if (answer.Clarity < paraphraseBelow && understood?.Concepts.Count > 0)
            answer = answer with { Matches = await index.SearchAsync(query with { WithConcepts = true }, cancellationToken) };
        if (answer.ExcludedIds.Count == 0) return answer;
        var kept = answer.Matches.Hits.Where(h => h.IsCode || !answer.ExcludedIds.Contains(h.Id)).ToList();
        return answer with { Matches = new(kept.Count, kept) };
    }

    /// <summary>Only what the query does not want, for a search that asks the other leg alone.</summary>
    public static async ValueTask<TextLegAnswer> ExcludeAsync(ITextIndex index, UnderstoodQuery? understood, CancellationToken cancellationToken) =>
        TextLegAnswer.None with { ExcludedIds = await ExcludedAsync(index, understood, cancellationToken) };

    private static async ValueTask<IReadOnlySet<string>> ExcludedAsync(ITextIndex index, UnderstoodQuery? understood, CancellationToken cancellationToken)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var word in understood?.Excluded ?? [])
            ids.UnionWith((await index.SearchAsync(new(word), cancellationToken)).Hits.Where(h => !h.IsCode && h.Coverage >= 1).Select(h => h.Id));
        return ids;
    }
}

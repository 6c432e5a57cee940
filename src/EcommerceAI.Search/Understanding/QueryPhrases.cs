using EcommerceAI.Search.Text;

namespace EcommerceAI.Search.Understanding;

/// <summary>Parts the words of an English query into what is sought and what is not wanted.</summary>
internal sealed record QueryPhrases(IReadOnlyList<UnderstoodWord> Sought, IReadOnlyList<string> Excluded)
{
    // "a gift for a gardener": the gift is why, not what.
    private const double PurposeWeight = 0.25;

    private static readonly HashSet<string> Negations = ["not", "without", "except", "excluding", "no", "non"];
    private static readonly HashSet<string> Purposes = ["gift", "gifts", "present", "presents", "idea", "ideas", "thing", "things", "stuff", "product", "products", "item", "items"];
    private static readonly HashSet<string> Connectives = ["for", "to", "that"];
    private static readonly HashSet<string> EndsOfNegation = ["but", "for", "with", "in", "and"];

    /// <summary>
    /// Reads the words. A negation covers the words up to the next connective or the end; one that would leave nothing to seek is
    /// read as ordinary words ("no smoking").
    /// </summary>
    public static QueryPhrases Read(IReadOnlyList<string> words, TextAnalyzer analyzer)
    {
        var (sought, excluded) = (new List<UnderstoodWord>(), new List<string>());
        var negated = false;
        for (var i = 0; i < words.Count; i++)
        {
            if (Negations.Contains(words[i]) && i + 1 < words.Count && sought.Count > 0)
            {
                negated = true;
                continue;
            }
            if (negated && EndsOfNegation.Contains(words[i]))
            {
                negated = false;
                continue;
            }
            if (analyzer.IsStopWord(words[i])) continue;
            if (negated) excluded.Add(words[i]);
            else sought.Add(new(words[i], IsPurpose(words, i) ? PurposeWeight : 1));
        }
        // "the who": a query of nothing but stop words means them.
        if (sought.Count == 0) sought.AddRange(words.Select(w => new UnderstoodWord(w)));
        return new(sought, excluded);
    }

    private static bool IsPurpose(IReadOnlyList<string> words, int at) =>
        Purposes.Contains(words[at]) && at + 1 < words.Count && Connectives.Contains(words[at + 1]);
}

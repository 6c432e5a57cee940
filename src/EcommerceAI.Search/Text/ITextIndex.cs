using EcommerceAI.Search.Understanding;

namespace EcommerceAI.Search.Text;

/// <summary>The keyword leg: finds documents by their words, best first, and counts all that match.</summary>
public interface ITextIndex
{
    /// <summary>
    /// Writes a batch. What is older than what the index has is refused, item by item; searches see the whole batch at once.
    /// </summary>
    /// <returns>What became of each write, in the order given.</returns>
    ValueTask<IReadOnlyList<WriteResult>> WriteAsync(IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken = default);

    /// <summary>The best matches of a query and the exact number of all.</summary>
    ValueTask<TextMatches> SearchAsync(TextQuery query, CancellationToken cancellationToken = default);

    /// <summary>The documents with these ids that the index has, in no certain order.</summary>
    ValueTask<IReadOnlyList<SearchDocument>> FindAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken = default);

    /// <summary>Every document as of the call, in no certain order; writes during the reading are not seen.</summary>
    IAsyncEnumerable<SearchDocument> ReadAllAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Says that the index is filled and takes the place of the one before it: an engine outside this process points its alias here.
    /// </summary>
    ValueTask PublishAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    /// <summary>How many documents can be found.</summary>
    ValueTask<long> CountAsync(CancellationToken cancellationToken = default);
}

/// <summary>What the keyword leg is asked.</summary>
/// <param name="Text">The words as typed, of any length.</param>
/// <param name="Limit">How many matches to give back; 0 only counts.</param>
public sealed record TextQuery(string Text, int Limit = int.MaxValue)
{
    /// <summary>What the text was understood as, or null to take its words as they are. Exclusions are the caller's to apply.</summary>
    public UnderstoodQuery? Understood { get; init; }

    /// <summary>Whether what the text paraphrases is looked for too, not only its words.</summary>
    public bool WithConcepts { get; init; }
}

/// <summary>What the keyword leg found.</summary>
/// <param name="Total">How many documents match, exactly.</param>
/// <param name="Hits">The best of them: codes that match whole first, then by score descending, then by id ordinal.</param>
public sealed record TextMatches(long Total, IReadOnlyList<TextHit> Hits)
{
    /// <summary>Nothing found.</summary>
    public static TextMatches None { get; } = new(0, []);
}

/// <summary>One match of the keyword leg.</summary>
/// <param name="Id">The document.</param>
/// <param name="Score">The engine's score, above nought; comparable within one answer only.</param>
/// <param name="IsCode">True where the query names one of the document's codes; such a hit comes before all others.</param>
/// <param name="MatchedWords">The words of the query (lower case, without diacritics) that the document matches.</param>
/// <param name="Coverage">The share of the query's meaning that it matches, above 0 to 1; 1 where the engine cannot tell.</param>
public readonly record struct TextHit(string Id, double Score, bool IsCode, IReadOnlyList<string> MatchedWords, double Coverage = 1);

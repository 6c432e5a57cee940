using System.Numerics;
using System.Runtime.InteropServices;

namespace EcommerceAI.Search.Text;

/// <summary>
/// Scores documents against one query. Where several terms may stand for a word, the best of them counts, by how surely it means the
/// word; what takes two terms takes both, and has the mean of their saturated frequencies. The sum over the words is then multiplied
/// with the share of the query, weighed by idf, that the document matches: of several words the asker means all, and a rare word
/// alone must not outdo two that together say what is sought.
/// </summary>
internal sealed class QueryScorer
{
    private readonly QueryTerms _query;
    private readonly double[] _wordWeights;
    private readonly double _wholeWeight;
    private readonly double[] _bestOfWord;
    private readonly double[] _coverOfWord;

    public QueryScorer(QueryTerms query)
    {
        _query = query;
        _wordWeights = [.. query.WordWeights];
        foreach (var (_, words, idf) in query.Codes)
            for (var left = words; left != 0; left &= left - 1)
            {
                ref var weight = ref _wordWeights[BitOperations.TrailingZeroCount(left)];
                weight = Math.Max(weight, idf);
            }
        _wholeWeight = _wordWeights.Sum();
        _bestOfWord = new double[_wordWeights.Length];
        _coverOfWord = new double[_wordWeights.Length];
    }

    /// <summary>
    /// The score of a document, or the highest that one can have: it grows with each saturated frequency, so that their bounds give
    /// its bound.
    /// </summary>
    /// <param name="saturated">The saturated frequency of each term of the query in the document; nought where it is not there.</param>
    /// <param name="codeScore">The sum of the idf of the codes that the document has.</param>
    /// <param name="codeWords">The words that those codes stand for.</param>
    public ScoredWords Score(ReadOnlySpan<double> saturated, double codeScore = 0, ulong codeWords = 0)
    {
        Array.Clear(_bestOfWord);
        Array.Clear(_coverOfWord);
        var words = 0UL;
        foreach (var alternative in _query.Alternatives)
        {
            if (Mean(alternative.Terms, saturated) is not (> 0 and var frequency)) continue;
            words |= alternative.Words;
            for (var left = alternative.Words; left != 0; left &= left - 1)
            {
                var word = BitOperations.TrailingZeroCount(left);
                _bestOfWord[word] = Math.Max(_bestOfWord[word], alternative.Weight * frequency);
                _coverOfWord[word] = Math.Max(_coverOfWord[word], alternative.Weight);
            }
        }
        var (score, matched) = (codeScore, 0.0);
        for (var left = words | codeWords; left != 0; left &= left - 1)
        {
            var word = BitOperations.TrailingZeroCount(left);
            score += _wordWeights[word] * _bestOfWord[word];
            matched += _wordWeights[word] * ((codeWords & (1UL << word)) != 0 ? 1 : _coverOfWord[word]);
        }
        // A code may stand for no word at all ("the-1" without its stop word); it is a whole match then.
        var coverage = matched > 0 ? matched / _wholeWeight : 1;
        return new(score * coverage, words | codeWords, coverage);
    }

    // Nought unless all terms are there.
    private static double Mean(int[] terms, ReadOnlySpan<double> saturated)
    {
        var sum = 0.0;
        foreach (var term in terms)
        {
            if (saturated[term] == 0) return 0;
            sum += saturated[term];
        }
        return sum / terms.Length;
    }
}

/// <summary>What a document comes to.</summary>
/// <param name="Score">Its score.</param>
/// <param name="Words">The words of the query that it matches, as bits.</param>
/// <param name="Coverage">The share of the query that it matches, above 0 to 1.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ScoredWords(double Score, ulong Words, double Coverage);

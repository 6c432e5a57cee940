using EcommerceAI.Search;

namespace EcommerceAI.Replay.Bench.Search;

/// <summary>
/// Documents of invented words whose frequencies follow Zipf's law (the n-th most frequent word is n times rarer than the first), and
/// queries drawn from them. The same seed gives the same ones.
/// </summary>
internal sealed class ZipfDocuments(int vocabulary, int seed)
{
    /// <summary>Text field: a few words.</summary>
    public const string Title = "title";

    /// <summary>Text field: some tens of words.</summary>
    public const string Description = "description";

    private readonly double[] _cumulated = Cumulate(vocabulary);
    private readonly Random _random = new(seed);

    /// <summary>So many documents, one after another.</summary>
    public IEnumerable<SearchDocument> Documents(int count)
    {
        for (var i = 0; i < count; i++)
            yield return new()
            {
                Id = $"d{i:0000000}",
                Version = 1,
                Text = new Dictionary<string, string>(StringComparer.Ordinal) { [Title] = Words(3, 8), [Description] = Words(20, 40) },
            };
    }

    /// <summary>A query of one to four different words as frequent as those of the documents.</summary>
    public string[] Query()
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        for (var left = _random.Next(1, 5); left > 0; left--) words.Add(Word());
        return [.. words];
    }

    private string Words(int atLeast, int atMost) => string.Join(' ', Enumerable.Range(0, _random.Next(atLeast, atMost + 1)).Select(_ => Word()));

    private string Word()
    {
        var place = Array.BinarySearch(_cumulated, _random.NextDouble() * _cumulated[^1]);
        return Spell(place < 0 ? ~place : place);
    }

    // Consonants only, and a q at the end: no stemmer takes anything off, and no word is a stop word.
    private static string Spell(int number)
    {
        var letters = new List<char>();
        for (var left = number; left > 0 || letters.Count < 2; left /= 16) letters.Add("bcdfghjklmnprtvz"[left % 16]);
        return $"{string.Concat(letters)}q";
    }

    private static double[] Cumulate(int vocabulary)
    {
        var sums = new double[vocabulary];
        for (var i = 0; i < vocabulary; i++) sums[i] = (i > 0 ? sums[i - 1] : 0) + 1.0 / (i + 1);
        return sums;
    }
}

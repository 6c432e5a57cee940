using System.Runtime.InteropServices;

namespace EcommerceAI.Search.Text;

/// <summary>
/// An inverted index over some documents that never changes: a change is a new segment, and a mark on the old document's place
/// that is kept outside. So a search needs no lock.
/// </summary>
internal sealed class Segment
{
    private readonly Dictionary<string, PostingsList> _terms;
    private readonly Dictionary<string, PostingsList> _codes;
    private readonly int[] _lengths;

    private Segment(
        SearchDocument[] documents, double[] averageLengths, int[] lengths, Dictionary<string, PostingsList> terms,
        Dictionary<string, PostingsList> codes)
    {
        Documents = documents;
        AverageLengths = averageLengths;
        _lengths = lengths;
        _terms = terms;
        _codes = codes;
    }

    /// <summary>The documents by their place.</summary>
    public SearchDocument[] Documents { get; }

    public int FieldCount => AverageLengths.Length;

    /// <summary>The average number of words in each field when the segment was made, by which the bounds of its postings were taken.</summary>
    public double[] AverageLengths { get; }

    /// <summary>The number of words in each field of the document at a place.</summary>
    public ReadOnlySpan<int> Lengths(int place) => _lengths.AsSpan(place * FieldCount, FieldCount);

    public PostingsList? Find(string term) => _terms.GetValueOrDefault(term);

    public PostingsList? FindCode(string code) => _codes.GetValueOrDefault(code);

    /// <summary>Indexes documents.</summary>
    public static Segment Build(IReadOnlyList<SearchDocument> documents, TextIndexOptions options)
    {
        var fields = options.Fields.Count;
        var lengths = new int[documents.Count * fields];
        var terms = new Dictionary<string, PostingsBuilder>();
        var codes = new Dictionary<string, PostingsBuilder>();
        for (var place = 0; place < documents.Count; place++)
        {
            for (var field = 0; field < fields; field++)
            {
                if (!documents[place].Text.TryGetValue(options.Fields[field].Name, out var text)) continue;
                var words = options.Analyzer.Words(text);
                lengths[place * fields + field] = words.Count;
                foreach (var word in words) Of(terms, options.Analyzer.Stem(word)).Count(place, field, fields);
            }
            foreach (var code in CodesOf(documents[place], options)) Of(codes, code).Add(place, []);
        }
        return Finish([.. documents], options, lengths, terms, codes);
    }

    /// <summary>One segment of what is left of several, without reading any text again.</summary>
    public static Segment Merge(IReadOnlyList<SegmentView> views, TextIndexOptions options)
    {
        var fields = options.Fields.Count;
        var documents = new List<SearchDocument>();
        var lengths = new List<int>();
        var terms = new Dictionary<string, PostingsBuilder>();
        var codes = new Dictionary<string, PostingsBuilder>();
        foreach (var view in views)
        {
            var segment = view.Segment;
            var moved = new int[segment.Documents.Length];
            for (var place = 0; place < moved.Length; place++)
            {
                moved[place] = view.IsDeleted(place) ? -1 : documents.Count;
                if (moved[place] < 0) continue;
                documents.Add(segment.Documents[place]);
                lengths.AddRange(segment.Lengths(place));
            }
            foreach (var (term, postings) in segment._terms)
                for (var i = 0; i < postings.Places.Length; i++)
                    if (moved[postings.Places[i]] is >= 0 and var place)
                        Of(terms, term).Add(place, postings.Frequencies(i, fields));
            foreach (var (code, postings) in segment._codes)
                foreach (var place in postings.Places)
                    if (moved[place] >= 0)
                        Of(codes, code).Add(moved[place], []);
        }
        return Finish([.. documents], options, [.. lengths], terms, codes);
    }

    private static Segment Finish(
        SearchDocument[] documents, TextIndexOptions options, int[] lengths, Dictionary<string, PostingsBuilder> terms,
        Dictionary<string, PostingsBuilder> codes)
    {
        var fields = options.Fields.Count;
        var sums = new long[fields];
        for (var i = 0; i < lengths.Length; i++) sums[i % fields] += lengths[i];
        double[] averages = [.. sums.Select(sum => Math.Max(sum, 1) / (double)Math.Max(documents.Length, 1))];
        return new(
            documents, averages, lengths,
            terms.ToDictionary(b => b.Key, b => b.Value.ToPostings(
                (place, counts) => SegmentWeights.Frequency(counts, lengths.AsSpan(place * fields, fields), options, averages), fields)),
            codes.ToDictionary(b => b.Key, b => b.Value.ToPostings((_, _) => 1, 0)));
    }

    private static HashSet<string> CodesOf(SearchDocument document, TextIndexOptions options)
    {
        var codes = new HashSet<string>();
        foreach (var field in options.CodeFields)
            if (document.Keywords.TryGetValue(field, out var values))
                codes.UnionWith(values.Select(UnicodeWords.FoldCode).Where(c => c.Length > 0));
        return codes;
    }

    private static T Of<T>(Dictionary<string, T> all, string key) where T : class, new() =>
        CollectionsMarshal.GetValueRefOrAddDefault(all, key, out _) ??= new T();
}

/// <summary>
/// Where a term stands: the places of its documents, ascending, how often in each field of each, and for each block of them the highest
/// weighted frequency, by which a search knows what to pass over.
/// </summary>
internal sealed class PostingsList(int[] places, byte[] frequencies, float[] highest)
{
    /// <summary>Documents a block.</summary>
    public const int BlockSize = 64;

    public int[] Places { get; } = places;

    /// <summary>The highest weighted frequency of all.</summary>
    public float Highest { get; } = highest.Max();

    /// <summary>The highest weighted frequency in the block of the i-th place.</summary>
    public float HighestOfBlock(int i) => highest[i / BlockSize];

    /// <summary>The counts by field at the i-th place. They stop at 255, where BM25 has long stopped to tell a difference.</summary>
    public ReadOnlySpan<byte> Frequencies(int i, int fields) => frequencies.AsSpan(i * fields, fields);
}

/// <summary>The weighted frequency of a term in the document at a place where it stands so often in each field.</summary>
internal delegate double WeightedFrequency(int place, ReadOnlySpan<byte> counts);

internal sealed class PostingsBuilder
{
    private readonly List<int> _places = [];
    private readonly List<byte> _frequencies = [];

    public void Count(int place, int field, int fields)
    {
        if (_places.Count == 0 || _places[^1] != place)
        {
            _places.Add(place);
            CollectionsMarshal.SetCount(_frequencies, _places.Count * fields);
            CollectionsMarshal.AsSpan(_frequencies)[^fields..].Clear();
        }
        ref var count = ref CollectionsMarshal.AsSpan(_frequencies)[(_places.Count - 1) * fields + field];
        if (count < byte.MaxValue) count++;
    }

    public void Add(int place, ReadOnlySpan<byte> frequencies)
    {
        _places.Add(place);
        _frequencies.AddRange(frequencies);
    }

    public PostingsList ToPostings(WeightedFrequency frequency, int fields)
    {
        var counts = _frequencies.ToArray();
        var highest = new float[(_places.Count + PostingsList.BlockSize - 1) / PostingsList.BlockSize];
        for (var i = 0; i < _places.Count; i++)
        {
            ref var block = ref highest[i / PostingsList.BlockSize];
            block = Math.Max(block, (float)frequency(_places[i], counts.AsSpan(i * fields, fields)));
        }
        return new([.. _places], counts, highest);
    }
}

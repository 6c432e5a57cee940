using System.Collections.Concurrent;

namespace EcommerceAI.Search.Vectors;

/// <summary>
/// The keywords and numbers of all places, by field, for filters: which places have a value costs one pass over bits. A place's values
/// never change (a changed document gets a new place), so readers need no lock.
/// </summary>
internal sealed class AttributeColumns
{
    private readonly ConcurrentDictionary<(string Field, string Value), PlacePostings> _keywords = new();
    private readonly ConcurrentDictionary<string, NumberColumn> _numbers = new(StringComparer.Ordinal);

    public IEnumerable<KeyValuePair<(string Field, string Value), PlacePostings>> Keywords => _keywords;

    public IEnumerable<KeyValuePair<string, NumberColumn>> Numbers => _numbers;

    public void Add(int place, SearchDocument document)
    {
        foreach (var (field, values) in document.Keywords)
            foreach (var value in values)
                AddKeyword(place, field, value);
        foreach (var (field, number) in document.Numbers) AddNumber(place, field, number);
    }

    public void AddKeyword(int place, string field, string value) => _keywords.GetOrAdd((field, value), _ => new()).Add(place);

    public void AddNumber(int place, string field, double number) => _numbers.GetOrAdd(field, _ => new()).Set(place, number);

    /// <summary>The places that meet a condition on keywords or numbers, among the first so many.</summary>
    public PlaceSet WhereAny(string field, IReadOnlyList<string> values, int places)
    {
        var set = PlaceSet.Of(places);
        foreach (var value in values)
            if (_keywords.TryGetValue((field, value), out var postings))
                postings.AddTo(set);
        return set;
    }

    /// <summary>The places whose number lies in a range, among the first so many.</summary>
    public PlaceSet WhereBetween(string field, double atLeast, double atMost, int places)
    {
        var set = PlaceSet.Of(places);
        if (_numbers.TryGetValue(field, out var column)) column.AddTo(set, atLeast, atMost, places);
        return set;
    }

    /// <summary>These columns for places that were moved; what has no new place is left out.</summary>
    /// <param name="newPlaces">The new place of each, or -1.</param>
    public AttributeColumns Moved(int[] newPlaces)
    {
        var moved = new AttributeColumns();
        foreach (var ((field, value), postings) in _keywords)
        {
            var set = PlaceSet.Of(newPlaces.Length);
            postings.AddTo(set);
            foreach (var place in set.Places())
                if (place < newPlaces.Length && newPlaces[place] >= 0)
                    moved.AddKeyword(newPlaces[place], field, value);
        }
        foreach (var (field, column) in _numbers)
            for (var place = 0; place < newPlaces.Length; place++)
                if (newPlaces[place] >= 0 && column.Get(place) is var number && !double.IsNaN(number))
                    moved.AddNumber(newPlaces[place], field, number);
        return moved;
    }
}

/// <summary>A number for each place that has one. One writer sets numbers of new places while readers read those of old ones.</summary>
internal sealed class NumberColumn
{
    private volatile double[] _numbers = [];

    public void Set(int place, double number)
    {
        var numbers = _numbers;
        if (place >= numbers.Length)
        {
            var larger = new double[Math.Max(1024, place + 1 + place / 2)];
            numbers.CopyTo(larger, 0);
            larger.AsSpan(numbers.Length).Fill(double.NaN);
            numbers = larger;
        }
        numbers[place] = number;
        _numbers = numbers;
    }

    public double Get(int place) => _numbers is var numbers && place < numbers.Length ? numbers[place] : double.NaN;

    public void AddTo(PlaceSet set, double atLeast, double atMost, int places)
    {
        var numbers = _numbers;
        for (var place = 0; place < Math.Min(places, numbers.Length); place++)
            // Not a number is in no range.
            if (numbers[place] >= atLeast && numbers[place] <= atMost)
                set.Add(place);
    }
}

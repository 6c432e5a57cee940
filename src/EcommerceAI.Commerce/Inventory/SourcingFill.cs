namespace EcommerceAI.Commerce.Inventory;

/// <summary>Fills the lines of a request from a set of places, and says which of two such plans is the better one.</summary>
internal sealed class SourcingFill(SourcingRequest request)
{
    private readonly Dictionary<(string Location, string Sku), SourcingStock> _stock =
        request.Stock.ToDictionary(stock => (stock.Location, stock.Sku));

    private readonly Dictionary<string, SourcingPlace> _places = request.Places.ToDictionary(place => place.Location, StringComparer.Ordinal);

    /// <summary>
    /// The plan that takes all it can get from these places: what is there before what is to come, what comes soon before what comes late,
    /// and each from the place where a unit is cheapest, or nearest where the way counts first.
    /// </summary>
    public SourcingPlan From(IReadOnlyList<SourcingPlace> places)
    {
        var taken = new Dictionary<(string Location, string Sku, bool Later), long>();
        var parcels = new SortedDictionary<(string Location, int Later, DateOnly On), List<SourcingLine>>();
        var missing = new List<SourcingLine>();
        foreach (var line in request.Lines)
        {
            var open = Take(line, line.Quantity, places, later: false, taken, parcels);
            if (open > 0 && request.Backorder) open = Take(line, open, places, later: true, taken, parcels);
            if (open > 0) missing.Add(line with { Quantity = open });
        }

        SourcedParcel[] all =
        [
            .. parcels.Select(parcel => new SourcedParcel(
                parcel.Key.Location, parcel.Key.Later == 1, parcel.Key.On == DateOnly.MaxValue || parcel.Key.Later == 0 ? null : parcel.Key.On, parcel.Value)),
        ];
        return new SourcingPlan(
            all, missing,
            all.Sum(parcel => _places[parcel.Location].ParcelCost + (parcel.Units * _places[parcel.Location].UnitCost)),
            all.Sum(parcel => _places[parcel.Location].Distance));
    }

    /// <summary>Below zero where <paramref name="a"/> is the better plan.</summary>
    public int Compare(SourcingPlan a, SourcingPlan b)
    {
        var order = a.MissingUnits.CompareTo(b.MissingUnits);
        if (order == 0) order = a.Backordered.CompareTo(b.Backordered);
        if (order == 0) order = LastDay(a).CompareTo(LastDay(b));
        if (order == 0) order = ByPreference(a, b);
        return order != 0 ? order : string.CompareOrdinal(NamesOf(a), NamesOf(b));
    }

    private static DateOnly LastDay(SourcingPlan plan) =>
        plan.Parcels.Where(parcel => parcel.IsBackorder).Select(parcel => parcel.ExpectedOn ?? DateOnly.MaxValue).DefaultIfEmpty().Max();

    private static string NamesOf(SourcingPlan plan) => string.Join(' ', plan.Parcels.Select(parcel => parcel.Location));

    private int ByPreference(SourcingPlan a, SourcingPlan b)
    {
        var parcels = a.Parcels.Count.CompareTo(b.Parcels.Count);
        var cost = a.Cost.CompareTo(b.Cost);
        var way = a.Distance.CompareTo(b.Distance);
        int[] order = request.Prefer switch
        {
            SourcingPreference.LowestCost => [cost, parcels, way],
            SourcingPreference.ShortestWay => [way, parcels, cost],
            _ => [parcels, cost, way],
        };
        return Array.Find(order, one => one != 0);
    }

    private int Take(
        SourcingLine line, int open, IReadOnlyList<SourcingPlace> places, bool later, Dictionary<(string, string, bool), long> taken,
        SortedDictionary<(string Location, int Later, DateOnly On), List<SourcingLine>> parcels)
    {
        foreach (var (place, stock) in Candidates(line.Sku, places, later))
        {
            if (open == 0) break;
            var key = (place.Location, line.Sku, later);
            var left = (later ? stock.BackorderLimit : Math.Max(0, stock.Available)) - taken.GetValueOrDefault(key);
            var units = (int)Math.Min(open, Math.Max(0, left));
            if (units == 0) continue;
            taken[key] = taken.GetValueOrDefault(key) + units;
            open -= units;
            var parcel = (place.Location, later ? 1 : 0, later ? stock.ExpectedOn ?? DateOnly.MaxValue : default);
            if (!parcels.TryGetValue(parcel, out var lines)) parcels[parcel] = lines = [];
            lines.Add(line with { Quantity = units });
        }

        return open;
    }

    private IEnumerable<(SourcingPlace Place, SourcingStock Stock)> Candidates(string sku, IReadOnlyList<SourcingPlace> places, bool later) =>
        places.Where(place => _stock.ContainsKey((place.Location, sku)))
            .Select(place => (Place: place, Stock: _stock[(place.Location, sku)]))
            .OrderBy(one => later ? one.Stock.ExpectedOn ?? DateOnly.MaxValue : default)
            .ThenBy(one => request.Prefer == SourcingPreference.ShortestWay ? one.Place.Distance : 0)
            .ThenBy(one => one.Place.UnitCost)
            .ThenBy(one => one.Place.Distance)
            .ThenBy(one => one.Place.Location, StringComparer.Ordinal);
}

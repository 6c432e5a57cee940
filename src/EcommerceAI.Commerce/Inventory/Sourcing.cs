namespace EcommerceAI.Commerce.Inventory;

/// <summary>
/// Decides where the goods of an order leave from. In this order it wants: as much as there is; as little of it still to come as can be,
/// and that soon; then what the request prefers first (fewest parcels, lowest cost or shortest way), and the other two after it; then the
/// first by name, so that the same question always gets the same answer. What leaves a place at once and what leaves it later are two
/// parcels.
/// </summary>
/// <remarks>
/// Sets of places are tried by their size, smallest first, up to <see cref="MostSets"/> of them: with 14 places or fewer that is all there
/// are. Beyond, where whole sets of a size no longer fit, the best set found so far is extended by one place at a time as long as that is
/// better.
/// </remarks>
public static class Sourcing
{
    /// <summary>The most sets of places that are tried one by one.</summary>
    public const int MostSets = 20_000;

    /// <summary>The plan. What no place can give stands in <see cref="SourcingPlan.Missing"/>; nothing is reserved by it.</summary>
    /// <param name="request">What is wanted, and what there is.</param>
    /// <exception cref="ArgumentException">A quantity, distance or cost is below 0, or a place or line is named twice.</exception>
    public static SourcingPlan Plan(SourcingRequest request)
    {
        if (request.Fault() is { } fault) throw new ArgumentException(fault, nameof(request));
        var places = request.Places.Where(place => Gives(request, place)).OrderBy(place => place.Location, StringComparer.Ordinal).ToArray();
        var filling = new SourcingFill(request);
        var best = filling.From([]);
        var (tried, size) = (0L, 1);
        var most = request.Split ? places.Length : Math.Min(1, places.Length);
        for (; size <= most && tried + Sets(places.Length, size) <= MostSets; size++)
        {
            foreach (var set in Subsets(places, size))
            {
                tried++;
                var plan = filling.From(set);
                if (filling.Compare(plan, best) < 0) best = plan;
            }

            // Whole, at once, and no set that is larger can make fewer parcels of it.
            if (request.Prefer == SourcingPreference.FewestParcels && best.Missing.Count == 0 && best.Backordered == 0) return best;
        }

        return size <= most ? Extended(filling, places, best) : best;
    }

    private static SourcingPlan Extended(SourcingFill filling, SourcingPlace[] places, SourcingPlan best)
    {
        while (true)
        {
            var used = best.Parcels.Select(parcel => parcel.Location).ToHashSet(StringComparer.Ordinal);
            var before = best;
            foreach (var place in places.Where(place => !used.Contains(place.Location)))
            {
                var plan = filling.From([.. places.Where(one => used.Contains(one.Location)), place]);
                if (filling.Compare(plan, best) < 0) best = plan;
            }

            if (ReferenceEquals(best, before)) return best;
        }
    }

    private static bool Gives(SourcingRequest request, SourcingPlace place) => request.Stock.Any(stock =>
        stock.Location == place.Location
        && (stock.Available > 0 || (request.Backorder && stock.BackorderLimit > 0))
        && request.Lines.Any(line => line.Sku == stock.Sku));

    /// <summary>The number of sets of a size; no more than matters.</summary>
    private static long Sets(int places, int size)
    {
        var sets = 1L;
        for (var i = 1; i <= size && sets <= MostSets; i++) sets = sets * (places - size + i) / i;
        return sets;
    }

    private static IEnumerable<SourcingPlace[]> Subsets(SourcingPlace[] places, int size)
    {
        var at = Enumerable.Range(0, size).ToArray();
        while (true)
        {
            yield return Array.ConvertAll(at, index => places[index]);
            var moving = size - 1;
            while (moving >= 0 && at[moving] == places.Length - size + moving) moving--;
            if (moving < 0) yield break;
            at[moving]++;
            for (var i = moving + 1; i < size; i++) at[i] = at[i - 1] + 1;
        }
    }
}

namespace EcommerceAI.Commerce.Inventory;

/// <summary>What a plan looks at first among those that give as much, as soon.</summary>
public enum SourcingPreference
{
    /// <summary>As few parcels as can be; then the lowest cost, then the shortest way.</summary>
    FewestParcels,

    /// <summary>The lowest cost; then the fewest parcels, then the shortest way.</summary>
    LowestCost,

    /// <summary>The shortest way, summed over the parcels; then the fewest parcels, then the lowest cost.</summary>
    ShortestWay,
}

/// <summary>What is to be sourced.</summary>
/// <param name="Lines">What is wanted, in the order in which it gets what there is.</param>
/// <param name="Places">Where goods may leave from.</param>
/// <param name="Stock">What those have; a place without an entry for a SKU has none of it.</param>
/// <param name="Split">Whether goods may leave from several places.</param>
/// <param name="Backorder">Whether the shopper waits for goods that are still to come.</param>
/// <param name="Prefer">What counts first among plans that give as much, as soon.</param>
public sealed record SourcingRequest(
    IReadOnlyList<SourcingLine> Lines, IReadOnlyList<SourcingPlace> Places, IReadOnlyList<SourcingStock> Stock, bool Split = true,
    bool Backorder = false, SourcingPreference Prefer = SourcingPreference.FewestParcels)
{
    /// <summary>What is wrong with it, or null.</summary>
    internal string? Fault()
    {
        if (Lines.FirstOrDefault(line => line.Quantity < 1) is { } line) return $"Line {line.LineId} asks for less than one unit.";
        if (Places.FirstOrDefault(place => place is not { Distance: >= 0, ParcelCost: >= 0, UnitCost: >= 0 }) is { } place)
            return $"Distance and costs of {place.Location} must be 0 or more.";
        if (Twice(Lines.Select(one => one.LineId)) is { } id) return $"Line {id} is named twice.";
        if (Twice(Places.Select(one => one.Location)) is { } location) return $"{location} is named twice.";
        return Twice(Stock.Select(one => $"{one.Sku} at {one.Location}")) is { } stock ? $"{stock} is named twice." : null;
    }

    private static string? Twice(IEnumerable<string> names) =>
        names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any())?.Key;
}

/// <summary>A line of what is wanted.</summary>
/// <param name="LineId">The line.</param>
/// <param name="Sku">Stock keeping unit, upper case.</param>
/// <param name="Quantity">Units, 1 or more.</param>
public sealed record SourcingLine(string LineId, string Sku, int Quantity);

/// <summary>A place that goods may leave from.</summary>
/// <param name="Location">Warehouse or shop.</param>
/// <param name="Distance">Kilometres to the shopper, 0 or more.</param>
/// <param name="ParcelCost">What a parcel from there costs, in minor units of one currency, 0 or more.</param>
/// <param name="UnitCost">What each unit in it costs on top (picking, freight), in the same minor units, 0 or more.</param>
public sealed record SourcingPlace(string Location, decimal Distance = 0, long ParcelCost = 0, long UnitCost = 0);

/// <summary>What a place has of a SKU.</summary>
/// <param name="Location">The place.</param>
/// <param name="Sku">Stock keeping unit, upper case.</param>
/// <param name="Available">Units that can be promised now.</param>
/// <param name="BackorderLimit">Units that can be promised beyond, 0 or more.</param>
/// <param name="ExpectedOn">When those are expected; null where nobody knows.</param>
public sealed record SourcingStock(string Location, string Sku, long Available, long BackorderLimit = 0, DateOnly? ExpectedOn = null)
{
    /// <summary>What a stock has for a channel: safety stock and the shares of others left out.</summary>
    /// <param name="stock">The stock; something must have happened to it.</param>
    /// <param name="channel">The channel or shop that sells, or null.</param>
    /// <param name="today">The day, for the terms of backorders; a pre-order before its day has nothing at once.</param>
    /// <exception cref="ArgumentException">Nothing ever happened to the stock.</exception>
    public static SourcingStock Of(Stock stock, string? channel, DateOnly today)
    {
        if (stock is not { Sku: { } sku, Location: { } location }) throw new ArgumentException("Nothing ever happened to the stock.", nameof(stock));
        var beyond = Math.Max(0, stock.Terms.LimitOn(today) - stock.Uncovered);
        var available = stock.AvailableTo(channel);
        return stock.Terms.IsReleasedOn(today)
            ? new SourcingStock(location, sku, available, beyond, stock.Terms.Date)
            : new SourcingStock(location, sku, 0, available + beyond, stock.Terms.Date);
    }
}

/// <summary>Where the goods leave from.</summary>
/// <param name="Parcels">The parcels, in the order of their places' names, what leaves at once first.</param>
/// <param name="Missing">What no place can give.</param>
/// <param name="Cost">What the parcels cost, in minor units.</param>
/// <param name="Distance">Kilometres, summed over the parcels.</param>
public sealed record SourcingPlan(IReadOnlyList<SourcedParcel> Parcels, IReadOnlyList<SourcingLine> Missing, long Cost, decimal Distance)
{
    /// <summary>Units that are still to come.</summary>
    public long Backordered => Parcels.Where(parcel => parcel.IsBackorder).Sum(parcel => parcel.Units);

    /// <summary>Units that no place can give.</summary>
    public long MissingUnits => Missing.Sum(line => (long)line.Quantity);
}

/// <summary>What leaves one place together.</summary>
/// <param name="Location">The place.</param>
/// <param name="IsBackorder">Whether it is still to come there.</param>
/// <param name="ExpectedOn">When it is expected; null where it is there, or nobody knows.</param>
/// <param name="Lines">What is in it, in the order of the lines.</param>
public sealed record SourcedParcel(string Location, bool IsBackorder, DateOnly? ExpectedOn, IReadOnlyList<SourcingLine> Lines)
{
    /// <summary>Units in it.</summary>
    public long Units => Lines.Sum(line => (long)line.Quantity);
}

using System.Collections.Immutable;

namespace EcommerceAI.Commerce.Inventory;

/// <summary>
/// The stock of one SKU at one location as its stream tells it. The sums (<see cref="Held"/>, <see cref="Allocated"/>,
/// <see cref="Incoming"/>, <see cref="SetAside"/>) follow from the events' own numbers, so that a read model folds them without the
/// holds and orders behind them.
/// </summary>
/// <param name="Sku">Stock keeping unit, or null before anything happened.</param>
/// <param name="Location">Where, or null before anything happened.</param>
/// <param name="OnHand">
/// Units on hand. Wider than the quantities that change it, so that no history can overflow it; below zero only by a history that
/// no command made, such as an import without its opening count.
/// </param>
public sealed record Stock(string? Sku, string? Location, long OnHand)
{
    /// <summary>The state before the first event.</summary>
    public static Stock Initial { get; } = new(null, null, 0);

    /// <summary>Units that are kept for somebody for a while.</summary>
    public long Held { get; init; }

    /// <summary>Units that are promised to orders and have not left, be they there or to come.</summary>
    public long Allocated { get; init; }

    /// <summary>How many of <see cref="Allocated"/> were promised as still to come and have not left.</summary>
    public long Backordered { get; init; }

    /// <summary>Units that are expected with deliveries.</summary>
    public long Incoming { get; init; }

    /// <summary>Units that are set apart for channels and shops and that those have not used.</summary>
    public long SetAside { get; init; }

    /// <summary>The terms that the stock is sold on.</summary>
    public StockTerms Terms { get; init; } = StockTerms.Plain;

    /// <summary>Holds by their ids.</summary>
    public ImmutableSortedDictionary<string, StockHold> Holds
    {
        get;
        init => field = value.WithComparers(StringComparer.Ordinal);
    }
    = Empty<StockHold>.Sorted;

    /// <summary>How many holds run out at each moment, so that the next one is found without a look at all of them.</summary>
    public ImmutableSortedDictionary<DateTimeOffset, int> Expiries { get; init; } = ImmutableSortedDictionary<DateTimeOffset, int>.Empty;

    /// <summary>When the first hold runs out, or null without holds.</summary>
    public DateTimeOffset? NextExpiry => Expiries.IsEmpty ? null : Expiries.First().Key;

    /// <summary>What is promised to orders and has not all left, by the orders' ids.</summary>
    public ImmutableSortedDictionary<string, StockAllocation> Allocations
    {
        get;
        init => field = value.WithComparers(StringComparer.Ordinal);
    }
    = Empty<StockAllocation>.Sorted;

    /// <summary>What is left of the units set apart, by channel.</summary>
    public ImmutableSortedDictionary<string, int> Shares
    {
        get;
        init => field = value.WithComparers(StringComparer.Ordinal);
    }
    = Empty<int>.Sorted;

    /// <summary>What is still to come, by delivery.</summary>
    public ImmutableSortedDictionary<string, int> Deliveries
    {
        get;
        init => field = value.WithComparers(StringComparer.Ordinal);
    }
    = Empty<int>.Sorted;

    /// <summary>Holds that came to an end lately, however they did.</summary>
    public RecentIds EndedHolds { get; init; } = RecentIds.None;

    /// <summary>Orders that came to an end here lately: all has left, or was taken back.</summary>
    public RecentIds EndedOrders { get; init; } = RecentIds.None;

    /// <summary>Picks and shipments of orders that have all left lately, as <c>{order} pick|ship {id}</c>.</summary>
    public RecentIds EndedMovements { get; init; } = RecentIds.None;

    /// <summary>Units that anybody can be promised now: there, not spoken for, not kept back; 0 or more.</summary>
    public long Available => AvailableTo(null);

    /// <summary>Promised units that are not on hand: accepted as backorder, or missing after a count.</summary>
    public long Shortfall => Math.Max(0, Held + Allocated - OnHand);

    /// <summary>Units there that are neither spoken for nor safety stock; below zero by as much as is promised beyond that.</summary>
    internal long Free => OnHand - Held - Allocated - Terms.SafetyStock;

    /// <summary>Units promised that what is there does not cover, safety stock and what is set apart left alone.</summary>
    internal long Uncovered => Math.Max(0, SetAside - Free);

    /// <summary>Units that a channel or shop can be promised now: what anybody can, and what is set apart for it.</summary>
    /// <param name="channel">The channel or shop, or null for none.</param>
    public long AvailableTo(string? channel) => Math.Max(0, Free - SetAside) + ShareOf(channel);

    /// <summary>The key of a stock's stream, <c>stock-{sku}@{location}</c>; no SKU contains an <c>@</c>.</summary>
    /// <param name="sku">A SKU in any spelling.</param>
    /// <param name="location">A location.</param>
    /// <exception cref="ArgumentException">One of them is malformed.</exception>
    public static string StreamKey(string sku, string location) => LocationFormat.IsWellFormed(location)
        ? $"stock-{SkuFormat.Normalize(sku)}@{location}"
        : throw new ArgumentException($"'{location}' is not a location.", nameof(location));

    /// <summary>Folds one event into the state; takes any history, also one that goes below zero.</summary>
    /// <param name="state">The state so far.</param>
    /// <param name="event">What happened next.</param>
    public static Stock Evolve(Stock state, DomainEvent @event) =>
        @event is StockEvent moved ? StockFold.Evolve(state with { Sku = moved.Sku, Location = moved.Location }, moved) : state;

    /// <summary>What is set apart for a channel, as far as the goods for it are there.</summary>
    internal long ShareOf(string? channel) =>
        channel is not null && Shares.TryGetValue(channel, out var share) ? Math.Min(share, Math.Max(0, Free + Backordered)) : 0;

    private static class Empty<TValue>
    {
        public static ImmutableSortedDictionary<string, TValue> Sorted { get; } = ImmutableSortedDictionary.Create<string, TValue>(StringComparer.Ordinal);
    }
}

/// <summary>Units kept for somebody.</summary>
/// <param name="Quantity">Units.</param>
/// <param name="ExpiresAt">From when on they may be taken back.</param>
/// <param name="Channel">The channel or shop, or null.</param>
/// <param name="FromShare">How many came out of what is set apart for it.</param>
public sealed record StockHold(int Quantity, DateTimeOffset ExpiresAt, string? Channel, int FromShare);

/// <summary>Units promised to an order.</summary>
/// <param name="Quantity">Units, those that have left included.</param>
/// <param name="Picked">Units that were taken from the shelf, those that have left included.</param>
/// <param name="Shipped">Units that have left.</param>
/// <param name="Channel">The channel or shop that sold, or null.</param>
/// <param name="FromShare">How many came out of what is set apart for it.</param>
/// <param name="Backordered">How many of those that have not left were promised as still to come.</param>
/// <param name="Movements">The ids of its picks and shipments.</param>
public sealed record StockAllocation(
    int Quantity, int Picked, int Shipped, string? Channel, int FromShare, int Backordered, ImmutableSortedSet<string> Movements)
{
    /// <summary>Units that have not left.</summary>
    public int Open => Quantity - Shipped;
}

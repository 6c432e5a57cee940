namespace EcommerceAI.Commerce.Orders;

/// <summary>A bookkeeping entry as its stream tells it.</summary>
/// <param name="EntryId">The entry's id, or null before it is booked.</param>
/// <param name="Lines">What was booked; signed.</param>
/// <param name="Total">Sum of the lines' amounts; null before the entry is booked.</param>
public sealed record LedgerEntry(string? EntryId, IReadOnlyList<OrderCharge> Lines, Money? Total)
{
    /// <summary>The state before the first event.</summary>
    public static LedgerEntry Initial { get; } = new(null, [], null);

    /// <summary>Whether the entry was booked.</summary>
    public bool Exists => EntryId is not null;

    /// <summary>The key of an entry's stream, <c>ledger-{id}</c>.</summary>
    /// <param name="entryId">The entry's id.</param>
    /// <exception cref="ArgumentException"><paramref name="entryId"/> is no id.</exception>
    public static string StreamKey(string entryId) => IdFormat.StreamKey("ledger", entryId);

    /// <summary>Folds one event into the state; takes any history.</summary>
    /// <param name="state">The state so far.</param>
    /// <param name="event">What happened next.</param>
    public static LedgerEntry Evolve(LedgerEntry state, DomainEvent @event) => @event is LedgerEntryBooked booked
        ? new LedgerEntry(booked.EntryId, booked.Lines, booked.Total)
        : state;
}

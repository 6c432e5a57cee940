namespace EcommerceAI.Commerce.Orders;

/// <summary>Bookkeeping that stands among a retailer's invoices but moves no goods; stream <c>ledger-{id}</c>.</summary>
public abstract record LedgerEvent : DomainEvent;

/// <summary>A bookkeeping entry, such as an adjustment of bad debt. Event <c>ledger_entry_booked</c>.</summary>
/// <param name="EntryId">The entry's id, the invoice number it had.</param>
/// <param name="Lines">What was booked; signed.</param>
/// <param name="Total">Sum of the lines' amounts.</param>
public sealed record LedgerEntryBooked(string EntryId, IReadOnlyList<OrderCharge> Lines, Money Total) : LedgerEvent;

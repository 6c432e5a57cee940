using EcommerceAI.Commerce;

namespace EcommerceAI.Projections.Storefront.Orders;

/// <summary>How an order stands.</summary>
public enum OrderState
{
    /// <summary>Placed, and nothing of it has come back.</summary>
    Placed,

    /// <summary>Some of its units have come back.</summary>
    PartlyReturned,

    /// <summary>All of its units have come back.</summary>
    Returned,

    /// <summary>Called off as a whole, whatever had come back before.</summary>
    Cancelled,
}

/// <summary>An order in a list.</summary>
/// <param name="OrderId">The order's id.</param>
/// <param name="CustomerId">The customer, or null for a guest.</param>
/// <param name="Country">Where it goes.</param>
/// <param name="Location">Where its goods are taken from.</param>
/// <param name="PlacedAt">When it was placed.</param>
/// <param name="State">How it stands.</param>
/// <param name="Lines">How many lines of goods it has.</param>
/// <param name="Units">Units over all its lines.</param>
/// <param name="ReturnedUnits">Units that have come back.</param>
/// <param name="Goods">Sum of its lines' amounts.</param>
/// <param name="Charges">Sum of its charges' amounts, signed.</param>
/// <param name="Total">What it came to.</param>
/// <param name="Refunded">What was given back for returned goods, positive.</param>
/// <param name="Version">Version of the stream <c>order-{id}</c> that the row shows.</param>
public sealed record OrderSummary(
    string OrderId,
    string? CustomerId,
    string Country,
    string Location,
    DateTimeOffset PlacedAt,
    OrderState State,
    int Lines,
    long Units,
    long ReturnedUnits,
    Money Goods,
    Money Charges,
    Money Total,
    Money Refunded,
    long Version);

/// <summary>An order with all that belongs to it.</summary>
/// <param name="Summary">What a list says of it.</param>
/// <param name="Lines">Its goods, in the order of the invoice.</param>
/// <param name="Charges">Its charges and discounts, in the order of the invoice.</param>
/// <param name="Returns">What came back of it, oldest first.</param>
/// <param name="CancelledAt">When it was called off, or null.</param>
/// <param name="CancelReason">Why, or null.</param>
public sealed record OrderDetail(
    OrderSummary Summary,
    IReadOnlyList<GoodsLine> Lines,
    IReadOnlyList<ChargeLine> Charges,
    IReadOnlyList<ReturnDetail> Returns,
    DateTimeOffset? CancelledAt,
    string? CancelReason);

/// <summary>A line of goods of an order or a return.</summary>
/// <param name="Line">Its place, from 1.</param>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Quantity">Units, 1 or more.</param>
/// <param name="UnitPrice">Price of one unit, major units; 0 for a free line.</param>
/// <param name="Amount">Minor units.</param>
public sealed record GoodsLine(int Line, string Sku, int Quantity, decimal UnitPrice, long Amount);

/// <summary>A charge or discount of an order, a return or a ledger entry.</summary>
/// <param name="Line">Its place, from 1.</param>
/// <param name="Code">The retailer's code.</param>
/// <param name="Description">What it says on the invoice, or null.</param>
/// <param name="Quantity">Signed count.</param>
/// <param name="UnitPrice">Price of one, major units.</param>
/// <param name="Amount">Minor units, signed.</param>
public sealed record ChargeLine(int Line, string Code, string? Description, int Quantity, decimal UnitPrice, long Amount);

/// <summary>A return of an order, or one that names no order.</summary>
/// <param name="ReturnId">The return's id.</param>
/// <param name="OrderId">The order, or null for a return that names none.</param>
/// <param name="CustomerId">The customer, or null for a guest.</param>
/// <param name="Country">Where the order had gone.</param>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="Reason">Why, or null.</param>
/// <param name="Units">Units that came back.</param>
/// <param name="Goods">Sum of its lines' amounts, positive.</param>
/// <param name="Charges">Sum of its charges' amounts, signed as on the credit note.</param>
/// <param name="Version">Version of the stream (<c>order-{id}</c>, or <c>return-{id}</c>) at which it stands.</param>
public sealed record ReturnSummary(
    string ReturnId,
    string? OrderId,
    string? CustomerId,
    string Country,
    DateTimeOffset ReceivedAt,
    string? Reason,
    long Units,
    Money Goods,
    Money Charges,
    long Version);

/// <summary>A return with its lines.</summary>
/// <param name="Summary">What a list says of it.</param>
/// <param name="Lines">What came back; quantities and amounts are positive.</param>
/// <param name="Charges">Charges and discounts, signed as on the credit note.</param>
public sealed record ReturnDetail(ReturnSummary Summary, IReadOnlyList<GoodsLine> Lines, IReadOnlyList<ChargeLine> Charges);

/// <summary>A bookkeeping entry with its lines.</summary>
/// <param name="EntryId">The entry's id.</param>
/// <param name="BookedAt">When it was booked.</param>
/// <param name="Total">Sum of the lines' amounts, signed.</param>
/// <param name="Lines">What was booked.</param>
public sealed record LedgerDetail(string EntryId, DateTimeOffset BookedAt, Money Total, IReadOnlyList<ChargeLine> Lines);

/// <summary>Where a history of orders or returns goes on.</summary>
/// <param name="At">Moment of the last row.</param>
/// <param name="Id">Its id.</param>
/// <param name="OrderId">The order of the last row of returns; empty for a return that names no order, and in a history of orders.</param>
public sealed record HistoryKey(DateTimeOffset At, string Id, string OrderId = "");

/// <summary>What a customer has bought in one currency.</summary>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Orders">Orders placed, cancelled ones included.</param>
/// <param name="Cancelled">Cancelled orders among them.</param>
/// <param name="Spent">Totals of the orders that were not cancelled, less refunds and credit notes, minor units.</param>
/// <param name="FirstOrder">When the first order was placed; null where there are only returns.</param>
/// <param name="LastOrder">When the last order was placed; null where there are only returns.</param>
public sealed record CustomerTotals(
    string Currency, long Orders, long Cancelled, long Spent, DateTimeOffset? FirstOrder, DateTimeOffset? LastOrder);

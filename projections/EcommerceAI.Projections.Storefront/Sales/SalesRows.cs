namespace EcommerceAI.Projections.Storefront.Sales;

/// <summary>What sales figures are summed by, beside the currency.</summary>
public enum SalesGrouping
{
    /// <summary>A row a day.</summary>
    Day,

    /// <summary>A row a country.</summary>
    Country,

    /// <summary>A row a day and country.</summary>
    DayAndCountry,
}

/// <summary>Where a list of sales figures goes on.</summary>
/// <param name="Day">Day of the last row, or null where rows are not by day.</param>
/// <param name="Country">Country of the last row, or null where rows are not by country.</param>
/// <param name="Currency">Its currency.</param>
public sealed record SalesKey(DateOnly? Day, string? Country, string Currency);

/// <summary>
/// Sales in one currency. Each event counts on the day on which it happened, UK time; what was cancelled or came back stands apart
/// from what was sold. Values are exact sums of quantity times unit price in major units; what is booked is in minor units, each line
/// rounded once.
/// </summary>
/// <param name="Day">The day, or null where the figures are not by day.</param>
/// <param name="Country">The country, or null where the figures are not by country.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Placed">Orders placed.</param>
/// <param name="Cancelled">Orders called off.</param>
/// <param name="Returned">Returns, with an order and without.</param>
public sealed record SalesFigures(
    DateOnly? Day, string? Country, string Currency, PlacedFigures Placed, CancelledFigures Cancelled, ReturnedFigures Returned);

/// <summary>Orders placed.</summary>
/// <param name="Orders">How many.</param>
/// <param name="Units">Units sold for a price.</param>
/// <param name="FreeUnits">Units that went out for nothing.</param>
/// <param name="Revenue">Exact value of the goods.</param>
/// <param name="Booked">Amounts of the goods, minor units.</param>
/// <param name="Charges">Exact value of charges and discounts, signed.</param>
/// <param name="ChargesBooked">Amounts of charges and discounts, minor units, signed.</param>
public sealed record PlacedFigures(
    long Orders, long Units, long FreeUnits, decimal Revenue, long Booked, decimal Charges, long ChargesBooked);

/// <summary>Orders called off, with all that had been sold by them.</summary>
/// <param name="Orders">How many.</param>
/// <param name="Units">Units, free ones included.</param>
/// <param name="Revenue">Exact value of the goods, positive.</param>
/// <param name="Booked">Amounts of the goods, minor units, positive.</param>
/// <param name="Charges">Exact value of charges and discounts, signed as they were on the orders.</param>
/// <param name="ChargesBooked">Amounts of charges and discounts, minor units, signed as they were on the orders.</param>
public sealed record CancelledFigures(long Orders, long Units, decimal Revenue, long Booked, decimal Charges, long ChargesBooked);

/// <summary>Returns, with an order and without.</summary>
/// <param name="Returns">How many.</param>
/// <param name="Units">Units that came back.</param>
/// <param name="Refunded">Exact value of the goods at the prices they were sold for, positive.</param>
/// <param name="Booked">What was given back for goods, minor units, positive.</param>
/// <param name="Charges">Exact value of charges and discounts on credit notes, signed: money given back is negative.</param>
/// <param name="ChargesBooked">Amounts of charges and discounts on credit notes, minor units, signed.</param>
public sealed record ReturnedFigures(long Returns, long Units, decimal Refunded, long Booked, decimal Charges, long ChargesBooked);

using EcommerceAI.Commerce.FlashSales;

namespace EcommerceAI.Api.FlashSales;

/// <summary>A drop to be announced.</summary>
/// <param name="DropId">A slug of 1 to 35 of a-z 0-9 with single dashes inside.</param>
/// <param name="Sku">What is sold.</param>
/// <param name="Location">Where it stands.</param>
/// <param name="Quantity">Units in all, 1 to 1,000,000; they are set apart in the stock.</param>
/// <param name="StartsAt">From when on units are held.</param>
/// <param name="EndsAt">From when on none are: after the start, at most 30 days.</param>
/// <param name="LimitPerCustomer">The most units for one customer, 1 to 1,000,000.</param>
/// <param name="HoldSeconds">How long a customer has to buy what is held for them, 1 to 86,400.</param>
/// <param name="QueueLimit">How many may wait, 0 to 100,000.</param>
public sealed record NewDrop(
    string DropId, string Sku, string Location, int Quantity, DateTimeOffset StartsAt, DateTimeOffset EndsAt, int LimitPerCustomer,
    int HoldSeconds = 600, int QueueLimit = 0);

/// <summary>A drop that is announced.</summary>
/// <param name="DropId">The drop.</param>
/// <param name="Quantity">Units in all.</param>
/// <param name="StartsAt">From when on units are held.</param>
public sealed record DropAnnounced(string DropId, int Quantity, DateTimeOffset StartsAt);

/// <summary>What a customer asks of a drop.</summary>
/// <param name="ReservationId">An id of the client's making, 1 to 64 of A-Z a-z 0-9 . _ -: sent again, it gets the same answer.</param>
/// <param name="CustomerId">The customer.</param>
/// <param name="Quantity">Units, up to the limit per customer.</param>
/// <param name="Wait">Whether to wait in the queue where nothing can be held now.</param>
public sealed record NewReservation(string ReservationId, string CustomerId, int Quantity = 1, bool Wait = false);

/// <summary>How a reservation stands.</summary>
/// <param name="ReservationId">The reservation.</param>
/// <param name="Status">Whether it is queued, held, sold or released.</param>
/// <param name="Quantity">Its units.</param>
/// <param name="Ticket">Its place in the order of arrival, from 1.</param>
/// <param name="ExpiresAt">Until when what is held must be bought; null where nothing was held.</param>
/// <param name="OrderId">The order that bought it, or null.</param>
public sealed record ReservationTaken(
    string ReservationId, ReservationStatus Status, int Quantity, long Ticket, DateTimeOffset? ExpiresAt, string? OrderId = null);

/// <summary>The order that buys what is held.</summary>
/// <param name="OrderId">The order's id.</param>
public sealed record Purchase(string OrderId);

/// <summary>A reservation is given up.</summary>
/// <param name="Reason">Why, at most 200 characters, or null.</param>
public sealed record GiveBack(string? Reason = null);

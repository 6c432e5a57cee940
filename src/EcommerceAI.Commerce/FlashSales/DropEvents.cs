namespace EcommerceAI.Commerce.FlashSales;

/// <summary>What happens in a drop; stream <c>drop-{id}</c>.</summary>
/// <param name="DropId">The drop's id, a lower-case slug.</param>
public abstract record DropEvent(string DropId) : DomainEvent;

/// <summary>A drop was announced. Event <c>drop_scheduled</c>.</summary>
/// <param name="DropId">The drop.</param>
/// <param name="Sku">What is sold.</param>
/// <param name="Location">Where it stands.</param>
/// <param name="Quantity">Units in all, 1 or more.</param>
/// <param name="StartsAt">From when on units are held.</param>
/// <param name="EndsAt">From when on none are.</param>
/// <param name="LimitPerCustomer">The most units for one customer, 1 or more.</param>
/// <param name="HoldSeconds">How long a customer has to buy what is held for them.</param>
/// <param name="QueueLimit">How many may wait for units that others give back, 0 or more.</param>
public sealed record DropScheduled(
    string DropId, string Sku, string Location, int Quantity, DateTimeOffset StartsAt, DateTimeOffset EndsAt, int LimitPerCustomer,
    int HoldSeconds, int QueueLimit) : DropEvent(DropId);

/// <summary>Units are held for a customer, at once or after a wait. Event <c>drop_units_held</c>.</summary>
/// <param name="DropId">The drop.</param>
/// <param name="ReservationId">The reservation, an id of the customer's making.</param>
/// <param name="CustomerId">The customer.</param>
/// <param name="Quantity">Units, 1 or more.</param>
/// <param name="Ticket">The customer's place in the order of arrival, from 1.</param>
/// <param name="ExpiresAt">Until when they must be bought.</param>
/// <param name="WasQueued">Whether the customer waited for them.</param>
public sealed record DropUnitsHeld(
    string DropId, string ReservationId, string CustomerId, int Quantity, long Ticket, DateTimeOffset ExpiresAt, bool WasQueued = false)
    : DropEvent(DropId);

/// <summary>A customer waits for the start, or for what others give back. Event <c>drop_reservation_queued</c>.</summary>
/// <param name="DropId">The drop.</param>
/// <param name="ReservationId">The reservation.</param>
/// <param name="CustomerId">The customer.</param>
/// <param name="Quantity">Units, 1 or more.</param>
/// <param name="Ticket">The customer's place in the order of arrival, from 1.</param>
public sealed record DropReservationQueued(string DropId, string ReservationId, string CustomerId, int Quantity, long Ticket) : DropEvent(DropId);

/// <summary>A reservation ended without a sale. Event <c>drop_reservation_released</c>.</summary>
/// <param name="DropId">The drop.</param>
/// <param name="ReservationId">The reservation.</param>
/// <param name="CustomerId">The customer.</param>
/// <param name="Quantity">Its units.</param>
/// <param name="WasHeld">Whether units were held for it, which are free again; else it only waited.</param>
/// <param name="Reason">Why ("expired", "given back").</param>
public sealed record DropReservationReleased(
    string DropId, string ReservationId, string CustomerId, int Quantity, bool WasHeld, string Reason) : DropEvent(DropId);

/// <summary>What was held was bought. Event <c>drop_units_sold</c>.</summary>
/// <param name="DropId">The drop.</param>
/// <param name="ReservationId">The reservation.</param>
/// <param name="CustomerId">The customer.</param>
/// <param name="Quantity">Its units.</param>
/// <param name="OrderId">The order.</param>
public sealed record DropUnitsSold(string DropId, string ReservationId, string CustomerId, int Quantity, string OrderId) : DropEvent(DropId);

/// <summary>A drop is over: nothing is held and nobody waits any more. Event <c>drop_closed</c>.</summary>
/// <param name="DropId">The drop.</param>
/// <param name="Unsold">Units that are everybody's again, 0 or more.</param>
public sealed record DropClosed(string DropId, int Unsold) : DropEvent(DropId);

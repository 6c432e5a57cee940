namespace EcommerceAI.Commerce.FlashSales;

/// <summary>What can be asked of a drop. The family is closed: <see cref="DropDecider"/> answers every member.</summary>
public abstract record DropCommand
{
    private protected DropCommand(string dropId) => DropId = dropId;

    /// <summary>The drop: a slug of at most <see cref="Drop.MaxIdLength"/> characters, as <see cref="LocationFormat"/> has it.</summary>
    public string DropId { get; init; }
}

/// <summary>Announces a drop. Its units must then be set apart for <see cref="Drop.ChannelOf"/> where they stand.</summary>
/// <param name="DropId">The drop.</param>
/// <param name="Sku">What is sold.</param>
/// <param name="Location">Where it stands.</param>
/// <param name="Quantity">Units in all, 1 to 1,000,000.</param>
/// <param name="StartsAt">From when on units are held.</param>
/// <param name="EndsAt">From when on none are: after the start, at most 30 days.</param>
/// <param name="LimitPerCustomer">The most units for one customer, 1 to 1,000,000.</param>
/// <param name="HoldSeconds">How long a customer has to buy what is held for them, 1 to 86,400.</param>
/// <param name="QueueLimit">How many may wait for units that others give back, 0 to 100,000.</param>
public sealed record ScheduleDrop(
    string DropId, string Sku, string Location, int Quantity, DateTimeOffset StartsAt, DateTimeOffset EndsAt, int LimitPerCustomer,
    int HoldSeconds = 600, int QueueLimit = 0) : DropCommand(DropId)
{
    /// <summary>The longest that a drop lasts.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(30);

    /// <summary>The most seconds that units are held for a customer.</summary>
    public const int MostHoldSeconds = 86_400;

    /// <summary>The longest queue.</summary>
    public const int MostWaiting = 100_000;
}

/// <summary>Asks for units. Asked again under the same reservation id it changes nothing, and the state tells what became of it.</summary>
/// <param name="DropId">The drop.</param>
/// <param name="ReservationId">An id of the customer's making.</param>
/// <param name="CustomerId">The customer.</param>
/// <param name="Quantity">Units, 1 up to the limit per customer.</param>
/// <param name="Wait">Whether to wait in the queue where nothing can be held now.</param>
/// <param name="At">Now.</param>
public sealed record ReserveUnits(string DropId, string ReservationId, string CustomerId, int Quantity, bool Wait, DateTimeOffset At)
    : DropCommand(DropId);

/// <summary>Gives a reservation up; one that has ended, or never was, changes nothing.</summary>
/// <param name="DropId">The drop.</param>
/// <param name="ReservationId">The reservation.</param>
/// <param name="At">Now.</param>
/// <param name="Reason">Why, at most 200 characters, or null.</param>
public sealed record GiveBackUnits(string DropId, string ReservationId, DateTimeOffset At, string? Reason = null) : DropCommand(DropId);

/// <summary>Buys what is held. The same order again changes nothing.</summary>
/// <param name="DropId">The drop.</param>
/// <param name="ReservationId">The reservation.</param>
/// <param name="OrderId">The order.</param>
/// <param name="At">Now.</param>
public sealed record BuyUnits(string DropId, string ReservationId, string OrderId, DateTimeOffset At) : DropCommand(DropId);

/// <summary>
/// Takes back what was not bought in time, holds it for those who wait, and closes the drop when it is over; at most
/// <see cref="DropDecider.MostSettled"/> steps at once.
/// </summary>
/// <param name="DropId">The drop.</param>
/// <param name="At">Now.</param>
public sealed record SettleDrop(string DropId, DateTimeOffset At) : DropCommand(DropId);

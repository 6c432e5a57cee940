using System.Collections.Immutable;

namespace EcommerceAI.Commerce.FlashSales;

/// <summary>How a reservation stands.</summary>
public enum ReservationStatus
{
    /// <summary>It waits for units.</summary>
    Queued,

    /// <summary>Units are held for it.</summary>
    Held,

    /// <summary>It was bought.</summary>
    Sold,

    /// <summary>It ended without a sale.</summary>
    Released,
}

/// <summary>
/// A drop as its stream tells it. It knows every reservation by its id, so that the state itself is the receipt: whoever asks again under
/// the same id gets the same answer. All parts are persistent structures with cheap copies, because a hot stream decides on states that
/// are not durable yet and may have to go back to an earlier one. Holds last equally long, so they run out in the order in which they were
/// made and a queue finds the next one without a search.
/// </summary>
/// <remarks>
/// It grows by one entry a reservation that was held or queued, never by one that was refused: the units, the queue's limit, and what is
/// given back within the 30 days of a drop bound it.
/// </remarks>
public sealed record Drop
{
    /// <summary>The most characters of a drop's id: <see cref="ChannelOf"/> must be a slug too.</summary>
    public const int MaxIdLength = 35;

    /// <summary>The state before the first event.</summary>
    public static Drop Initial { get; } = new();

    /// <summary>What was announced, or null before that.</summary>
    public DropScheduled? Plan { get; init; }

    /// <summary>Units held or sold.</summary>
    public int Taken { get; init; }

    /// <summary>Units sold.</summary>
    public int Sold { get; init; }

    /// <summary>The last ticket given, 0 before the first.</summary>
    public long LastTicket { get; init; }

    /// <summary>How many wait.</summary>
    public int Waiting { get; init; }

    /// <summary>Whether it is over.</summary>
    public bool IsClosed { get; init; }

    /// <summary>Reservations by their ids, those that ended too.</summary>
    public ImmutableDictionary<string, Reservation> Reservations { get; init; } = ImmutableDictionary<string, Reservation>.Empty;

    /// <summary>Units of each customer: waited for, held and sold.</summary>
    public ImmutableDictionary<string, int> Customers { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>Reservations in the order in which their holds run out; the first one is held.</summary>
    public ImmutableQueue<string> Deadlines { get; init; } = [];

    /// <summary>Reservations in the order in which they wait; the first one does.</summary>
    public ImmutableQueue<string> Queue { get; init; } = [];

    /// <summary>Units that nobody has.</summary>
    public int Free => (Plan?.Quantity ?? 0) - Taken;

    /// <summary>The hold that runs out first, or null where nothing is held.</summary>
    public Reservation? NextToExpire => Deadlines.IsEmpty ? null : Reservations.GetValueOrDefault(Deadlines.Peek());

    /// <summary>The one who has waited longest, or null where nobody waits.</summary>
    public Reservation? NextInQueue => Queue.IsEmpty ? null : Reservations.GetValueOrDefault(Queue.Peek());

    /// <summary>The key of a drop's stream, <c>drop-{id}</c>.</summary>
    /// <param name="dropId">The drop's id.</param>
    /// <exception cref="ArgumentException"><paramref name="dropId"/> is no id of a drop.</exception>
    public static string StreamKey(string dropId) =>
        IsId(dropId) ? $"drop-{dropId}" : throw new ArgumentException($"'{dropId}' is not the id of a drop.", nameof(dropId));

    /// <summary>The channel that a drop's units are set apart for in the stock.</summary>
    /// <param name="dropId">The drop's id.</param>
    public static string ChannelOf(string dropId) => StreamKey(dropId);

    /// <summary>Whether a text is the id of a drop.</summary>
    /// <param name="text">The text.</param>
    public static bool IsId(string? text) => text is { Length: <= MaxIdLength } && LocationFormat.IsWellFormed(text);

    /// <summary>Folds one event into the state; takes any history, also one that no command would have made.</summary>
    /// <param name="state">The state so far.</param>
    /// <param name="event">What happened next.</param>
    public static Drop Evolve(Drop state, DomainEvent @event) => @event switch
    {
        DropUnitsHeld held => Held(state, held),
        DropReservationQueued queued => Queued(state, queued),
        DropReservationReleased released => Released(state, released),
        DropUnitsSold sold => SoldTo(state, sold),
        DropScheduled scheduled => state with { Plan = scheduled },
        DropClosed => state with { IsClosed = true },
        _ => state,
    };

    private static Drop Held(Drop state, DropUnitsHeld held)
    {
        var waited = state.Reservations.TryGetValue(held.ReservationId, out var before);
        var after = state with
        {
            Taken = state.Taken + held.Quantity,
            LastTicket = Math.Max(state.LastTicket, held.Ticket),
            Reservations = state.Reservations.SetItem(
                held.ReservationId,
                new Reservation(held.ReservationId, held.CustomerId, held.Quantity, held.Ticket, ReservationStatus.Held, held.ExpiresAt)),
            Customers = waited ? state.Customers : Counted(state.Customers, held.CustomerId, held.Quantity),
            Deadlines = state.Deadlines.Enqueue(held.ReservationId),
        };
        return before?.Status == ReservationStatus.Queued ? WithoutEnded(after with { Waiting = state.Waiting - 1 }) : after;
    }

    private static Drop Queued(Drop state, DropReservationQueued queued) => state with
    {
        Waiting = state.Waiting + 1,
        LastTicket = Math.Max(state.LastTicket, queued.Ticket),
        Reservations = state.Reservations.SetItem(
            queued.ReservationId,
            new Reservation(queued.ReservationId, queued.CustomerId, queued.Quantity, queued.Ticket, ReservationStatus.Queued, null)),
        Customers = Counted(state.Customers, queued.CustomerId, queued.Quantity),
        Queue = state.Queue.Enqueue(queued.ReservationId),
    };

    private static Drop Released(Drop state, DropReservationReleased released) => WithoutEnded(state with
    {
        Taken = released.WasHeld ? state.Taken - released.Quantity : state.Taken,
        Waiting = released.WasHeld ? state.Waiting : state.Waiting - 1,
        Reservations = WithStatus(state.Reservations, released.ReservationId, ReservationStatus.Released),
        Customers = Counted(state.Customers, released.CustomerId, -(long)released.Quantity),
    });

    private static Drop SoldTo(Drop state, DropUnitsSold sold)
    {
        var reservations = WithStatus(state.Reservations, sold.ReservationId, ReservationStatus.Sold);
        if (reservations.TryGetValue(sold.ReservationId, out var reservation))
            reservations = reservations.SetItem(sold.ReservationId, reservation with { OrderId = sold.OrderId });
        return WithoutEnded(state with { Sold = state.Sold + sold.Quantity, Reservations = reservations });
    }

    /// <summary>Those that end in the middle of a queue stay in it until they come to its head: each is looked at once.</summary>
    private static Drop WithoutEnded(Drop state)
    {
        var (deadlines, queue) = (state.Deadlines, state.Queue);
        while (!deadlines.IsEmpty && StatusOf(state, deadlines.Peek()) != ReservationStatus.Held) deadlines = deadlines.Dequeue();
        while (!queue.IsEmpty && StatusOf(state, queue.Peek()) != ReservationStatus.Queued) queue = queue.Dequeue();
        return state with { Deadlines = deadlines, Queue = queue };
    }

    private static ReservationStatus? StatusOf(Drop state, string reservationId) => state.Reservations.GetValueOrDefault(reservationId)?.Status;

    private static ImmutableDictionary<string, Reservation> WithStatus(
        ImmutableDictionary<string, Reservation> reservations, string id, ReservationStatus status) =>
        reservations.TryGetValue(id, out var reservation) ? reservations.SetItem(id, reservation with { Status = status }) : reservations;

    private static ImmutableDictionary<string, int> Counted(ImmutableDictionary<string, int> customers, string customerId, long change)
    {
        var units = (int)Math.Clamp(customers.GetValueOrDefault(customerId) + change, 0, int.MaxValue);
        return units == 0 ? customers.Remove(customerId) : customers.SetItem(customerId, units);
    }
}

/// <summary>A reservation in a drop.</summary>
/// <param name="ReservationId">Its id.</param>
/// <param name="CustomerId">The customer.</param>
/// <param name="Quantity">Units.</param>
/// <param name="Ticket">Its place in the order of arrival, from 1.</param>
/// <param name="Status">How it stands.</param>
/// <param name="ExpiresAt">Until when what is held must be bought; null where nothing was held.</param>
/// <param name="OrderId">The order that bought it, or null.</param>
public sealed record Reservation(
    string ReservationId, string CustomerId, int Quantity, long Ticket, ReservationStatus Status, DateTimeOffset? ExpiresAt, string? OrderId = null);

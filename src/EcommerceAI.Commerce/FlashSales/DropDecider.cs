using System.Diagnostics;
using System.Globalization;

namespace EcommerceAI.Commerce.FlashSales;

/// <summary>
/// Decides who gets what of a drop: first come, first held. No more units are held and sold than the drop has, and no customer has more
/// than the limit, whatever the order of the commands.
/// </summary>
public static class DropDecider
{
    /// <summary>The most holds that end, and the most that wait and get what they gave back, in one decision.</summary>
    public const int MostSettled = 64;

    /// <summary>
    /// What is wrong with the command's own fields, whatever the state; empty when nothing is. A host asks this before it
    /// derives a stream key from the command; <see cref="Decide"/> asks it again.
    /// </summary>
    /// <param name="command">The command.</param>
    public static IReadOnlyList<Rejection> Validate(DropCommand command)
    {
        var fields = new CommandFields();
        fields.Location("dropId", command.DropId);
        if (command.DropId is { Length: > Drop.MaxIdLength } id && LocationFormat.IsWellFormed(id))
            fields.RefuseWithNumbers("dropId", "too_long", $"dropId has {id.Length} characters; at most {Drop.MaxIdLength} are allowed.");
        switch (command)
        {
            case ScheduleDrop schedule:
                Check(fields, schedule);
                break;
            case ReserveUnits reserve:
                fields.Id("reservationId", reserve.ReservationId);
                fields.Id("customerId", reserve.CustomerId);
                fields.Quantity("quantity", reserve.Quantity);
                break;
            case GiveBackUnits back:
                fields.Id("reservationId", back.ReservationId);
                fields.OptionalText("reason", back.Reason, CommandFields.MaxNote);
                break;
            case BuyUnits buy:
                fields.Id("reservationId", buy.ReservationId);
                fields.Id("orderId", buy.OrderId);
                break;
        }

        return fields.Rejections;
    }

    /// <summary>
    /// Answers a command: with its events, none where it changes nothing, or with <c>drop_exists</c>, <c>unknown_drop</c>,
    /// <c>unknown_reservation</c>, <c>reservation_exists</c>, <c>reservation_ended</c>, <c>drop_not_started</c>, <c>drop_ended</c>,
    /// <c>limit_per_customer</c>, <c>sold_out</c> or what <see cref="Validate"/> found.
    /// </summary>
    /// <param name="state">The drop as it stands.</param>
    /// <param name="command">What is asked.</param>
    public static Decision Decide(Drop state, DropCommand command)
    {
        if (Validate(command) is { Count: > 0 } rejections) return Decision.Reject(rejections);
        if (command is ScheduleDrop schedule) return Schedule(state, schedule);
        if (state.Plan is not { } plan) return Decision.NotFound("unknown_drop", $"There is no drop {command.DropId}.");
        return command switch
        {
            ReserveUnits reserve => Reserve(state, plan, reserve),
            GiveBackUnits back => GiveBack(state, back),
            BuyUnits buy => Buy(state, buy),
            SettleDrop settle => Settle(state, plan, settle),
            _ => throw new UnreachableException($"No rule for {command.GetType().Name}."),
        };
    }

    /// <summary>
    /// When there may be something to settle next, so that one timer is enough: a hold that is made from now on runs out no sooner than the
    /// time of a hold from now. Null where the drop is over.
    /// </summary>
    /// <param name="state">The drop.</param>
    /// <param name="now">Now.</param>
    public static DateTimeOffset? NextSettlement(Drop state, DateTimeOffset now)
    {
        if (state.Plan is not { } plan || state.IsClosed) return null;
        DateTimeOffset?[] moments =
        [
            now < plan.StartsAt ? plan.StartsAt : null,
            now < plan.EndsAt ? plan.EndsAt : null,
            now >= plan.StartsAt && now < plan.EndsAt ? now.AddSeconds(plan.HoldSeconds) : null,
            state.NextToExpire?.ExpiresAt,
        ];
        return moments.Min() ?? now;
    }

    private static void Check(CommandFields fields, ScheduleDrop schedule)
    {
        fields.Sku("sku", schedule.Sku);
        fields.Location("location", schedule.Location);
        fields.Quantity("quantity", schedule.Quantity);
        fields.Moment("endsAt", schedule.EndsAt, schedule.StartsAt, ScheduleDrop.Longest);
        fields.Quantity("limitPerCustomer", schedule.LimitPerCustomer);
        fields.Quantity("holdSeconds", schedule.HoldSeconds, most: ScheduleDrop.MostHoldSeconds);
        fields.Quantity("queueLimit", schedule.QueueLimit, least: 0, most: ScheduleDrop.MostWaiting);
    }

    private static Decision Schedule(Drop state, ScheduleDrop command)
    {
        var plan = new DropScheduled(
            command.DropId, SkuFormat.Normalize(command.Sku), command.Location, command.Quantity, command.StartsAt, command.EndsAt,
            command.LimitPerCustomer, command.HoldSeconds, command.QueueLimit);
        if (state.Plan is not { } there) return Decision.Accept(plan);
        return there == plan ? Decision.Accept() : Decision.Reject("drop_exists", $"Drop {command.DropId} was announced on other terms.", "dropId");
    }

    private static Decision Reserve(Drop state, DropScheduled plan, ReserveUnits command)
    {
        if (state.Reservations.TryGetValue(command.ReservationId, out var there))
            return there.CustomerId == command.CustomerId && there.Quantity == command.Quantity
                ? Decision.Accept()
                : Decision.Reject("reservation_exists", $"Reservation {command.ReservationId} stands for something else.", "reservationId");
        if (state.IsClosed || command.At >= plan.EndsAt) return Decision.Reject("drop_ended", $"Drop {command.DropId} is over.");
        if (command.At < plan.StartsAt && !command.Wait)
            return Refuse("drop_not_started", null, $"Drop {command.DropId} starts at {plan.StartsAt:O}.");
        var has = state.Customers.GetValueOrDefault(command.CustomerId);
        if (has + (long)command.Quantity > plan.LimitPerCustomer)
            return Refuse("limit_per_customer", "quantity", $"{plan.LimitPerCustomer} a customer; {has} reserved already, {command.Quantity} asked for.");

        var (settled, after) = Settled(state, plan, command.At);
        var ticket = after.LastTicket + 1;
        if (command.At >= plan.StartsAt && after.Waiting == 0 && after.Free >= command.Quantity)
            return Accept(settled, new DropUnitsHeld(
                command.DropId, command.ReservationId, command.CustomerId, command.Quantity, ticket, command.At.AddSeconds(plan.HoldSeconds)));
        return command.Wait && after.Waiting < plan.QueueLimit
            ? Accept(settled, new DropReservationQueued(command.DropId, command.ReservationId, command.CustomerId, command.Quantity, ticket))
            : Refuse("sold_out", null, $"{Math.Max(0, after.Free)} units of drop {command.DropId} are free and {after.Waiting} wait; {command.Quantity} asked for.");
    }

    private static Decision GiveBack(Drop state, GiveBackUnits command)
    {
        if (!state.Reservations.TryGetValue(command.ReservationId, out var there) || there.Status == ReservationStatus.Released) return Decision.Accept();
        if (there.Status == ReservationStatus.Sold)
            return Decision.Reject("reservation_ended", $"Reservation {command.ReservationId} was bought with order {there.OrderId}.", "reservationId");
        return Decision.Accept(Release(state, there, CommandFields.Clean(command.Reason) ?? "given back"));
    }

    private static Decision Buy(Drop state, BuyUnits command)
    {
        if (!state.Reservations.TryGetValue(command.ReservationId, out var there))
            return Decision.NotFound("unknown_reservation", $"There is no reservation {command.ReservationId}.");
        if (there.Status == ReservationStatus.Sold && there.OrderId == command.OrderId) return Decision.Accept();
        // Who is late, but nobody else has taken the units yet, still gets them.
        return there.Status == ReservationStatus.Held
            ? Decision.Accept(new DropUnitsSold(command.DropId, there.ReservationId, there.CustomerId, there.Quantity, command.OrderId))
            : Refuse("reservation_ended", "reservationId", $"Nothing is held for reservation {command.ReservationId}: it is {there.Status}.");
    }

    private static Decision Settle(Drop state, DropScheduled plan, SettleDrop command)
    {
        var (settled, after) = Settled(state, plan, command.At);
        if (!after.IsClosed && command.At >= plan.EndsAt && after.Waiting == 0 && after.Taken == after.Sold)
            settled.Add(new DropClosed(command.DropId, after.Free));
        return Decision.Accept(settled);
    }

    /// <summary>What the time has brought: holds that ran out, then those that wait and now get units, or wait in vain.</summary>
    private static (List<DropEvent> Events, Drop After) Settled(Drop state, DropScheduled plan, DateTimeOffset at)
    {
        var events = new List<DropEvent>();
        var after = state;
        void Happened(DropEvent @event)
        {
            events.Add(@event);
            after = Drop.Evolve(after, @event);
        }

        for (var n = 0; n < MostSettled && after.NextToExpire is { } late && late.ExpiresAt <= at; n++) Happened(Release(after, late, "expired"));
        for (var n = 0; n < MostSettled && at >= plan.StartsAt && after.NextInQueue is { } next; n++)
        {
            if (at >= plan.EndsAt) Happened(Release(after, next, "drop ended"));
            else if (after.Free >= next.Quantity)
                Happened(new DropUnitsHeld(
                    plan.DropId, next.ReservationId, next.CustomerId, next.Quantity, next.Ticket, at.AddSeconds(plan.HoldSeconds), WasQueued: true));
            else break;
        }

        return (events, after);
    }

    private static DropReservationReleased Release(Drop state, Reservation reservation, string reason) => new(
        state.Plan!.DropId, reservation.ReservationId, reservation.CustomerId, reservation.Quantity, reservation.Status == ReservationStatus.Held, reason);

    private static Decision Accept(List<DropEvent> settled, DropEvent @event)
    {
        if (settled.Count == 0) return Decision.Accept(@event);
        settled.Add(@event);
        return Decision.Accept(settled);
    }

    private static Decision Refuse(string code, string? field, FormattableString message) =>
        Decision.Reject(code, message.ToString(CultureInfo.InvariantCulture), field);
}

using EcommerceAI.Api.Http;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.FlashSales;
using EcommerceAI.Commerce.Inventory;
using EcommerceAI.EventSourcing.Commands;

namespace EcommerceAI.Api.FlashSales;

/// <summary>
/// How commands on drops are carried out. A reservation touches the drop's stream alone, so that thousands are decided one after another
/// in memory and travel together; the stock comes in where a drop begins, sells and ends.
/// </summary>
internal static class DropPlans
{
    public static CommandPlan Schedule(ScheduleDrop command) => new(DropDecider.Validate(command), async (session, expected) =>
    {
        var key = Drop.StreamKey(command.DropId);
        var drop = await session.LoadAsync(key, Drop.Initial, Drop.Evolve, expected);
        var decision = DropDecider.Decide(drop, command);
        if (decision.Rejections.Count > 0) return decision.Rejections.ToRefusal();
        if (decision.Events is [DropScheduled scheduled])
        {
            var aside = await StockAsync(
                session, scheduled.Sku, scheduled.Location, new SetStockAside(scheduled.Sku, scheduled.Location, Drop.ChannelOf(command.DropId), scheduled.Quantity));
            if (aside.Count > 0) return aside.ToRefusal();
        }

        session.Append(key, decision.Events);
        return CommandDecision.Accept(new DropAnnounced(command.DropId, command.Quantity, command.StartsAt));
    });

    /// <summary>A command on a reservation that the stock does not hear of.</summary>
    public static CommandPlan For(string dropId, string reservationId, TimeProvider time, Func<DateTimeOffset, DropCommand> commandOf) =>
        PlanFor(dropId, time, commandOf, (session, drop, decision) =>
        {
            session.Append(Drop.StreamKey(dropId), decision.Events);
            return Task.FromResult(Answer(drop, decision, reservationId));
        });

    /// <summary>What was held becomes an order's: it leaves the units set apart for the drop and is promised to the order in one append.</summary>
    public static CommandPlan Buy(string dropId, string reservationId, TimeProvider time, Func<DateTimeOffset, BuyUnits> commandOf) =>
        PlanFor(dropId, time, commandOf, async (session, drop, decision) =>
        {
            if (decision.Events is [DropUnitsSold sold])
            {
                var (plan, channel) = (drop.Plan!, Drop.ChannelOf(dropId));
                var left = plan.Quantity - drop.Sold - sold.Quantity;
                var refused = await StockAsync(
                    session, plan.Sku, plan.Location,
                    new SetStockAside(plan.Sku, plan.Location, channel, left),
                    new AllocateStock(plan.Sku, plan.Location, sold.OrderId, sold.Quantity));
                if (refused.Count > 0) return refused.ToRefusal();
            }

            session.Append(Drop.StreamKey(dropId), decision.Events);
            return Answer(drop, decision, reservationId);
        });

    /// <summary>What the time has brought; a drop that is over gives its unsold units back to the stock.</summary>
    /// <param name="session">The session.</param>
    /// <param name="dropId">The drop.</param>
    /// <param name="at">Now.</param>
    /// <returns>The drop as it then is.</returns>
    public static async Task<Drop> SettleAsync(CommandSession session, string dropId, DateTimeOffset at)
    {
        var key = Drop.StreamKey(dropId);
        var drop = await session.LoadAsync(key, Drop.Initial, Drop.Evolve);
        var decision = DropDecider.Decide(drop, new SettleDrop(dropId, at));
        if (decision.Events is [.., DropClosed])
            await StockAsync(session, drop.Plan!.Sku, drop.Plan.Location, new SetStockAside(drop.Plan.Sku, drop.Plan.Location, Drop.ChannelOf(dropId), 0));
        session.Append(key, decision.Events);
        return decision.Events.Aggregate(drop, Drop.Evolve);
    }

    private static CommandPlan PlanFor<TCommand>(
        string dropId, TimeProvider time, Func<DateTimeOffset, TCommand> commandOf,
        Func<CommandSession, Drop, Decision, Task<CommandDecision>> settle)
        where TCommand : DropCommand
    {
        if (!Drop.IsId(dropId)) return Missing.Plan("unknown_drop", $"There is no drop {dropId}.");
        return new(DropDecider.Validate(commandOf(time.GetUtcNow())), async (session, expected) =>
        {
            var drop = await session.LoadAsync(Drop.StreamKey(dropId), Drop.Initial, Drop.Evolve, expected);
            // The moment of the decision, not of the request: who waited for their turn does not decide in the past.
            var decision = DropDecider.Decide(drop, commandOf(time.GetUtcNow()));
            return decision.Rejections.Count > 0 ? decision.Rejections.ToRefusal() : await settle(session, drop, decision);
        });
    }

    /// <summary>What is told of a reservation after a decision; one that never was, and is given back, is gone.</summary>
    private static CommandDecision Answer(Drop drop, Decision decision, string reservationId)
    {
        // The common case without another look at the whole state: on a hot stream every microsecond is somebody's wait.
        if (decision.Events is [DropUnitsHeld { WasQueued: false } held])
            return CommandDecision.Accept(new ReservationTaken(reservationId, ReservationStatus.Held, held.Quantity, held.Ticket, held.ExpiresAt));
        var after = decision.Events.Aggregate(drop, Drop.Evolve);
        return CommandDecision.Accept(after.Reservations.TryGetValue(reservationId, out var reservation)
            ? new ReservationTaken(
                reservationId, reservation.Status, reservation.Quantity, reservation.Ticket, reservation.ExpiresAt, reservation.OrderId)
            : new ReservationTaken(reservationId, ReservationStatus.Released, 0, 0, null));
    }

    /// <summary>Appends what commands on one stock come to, one after another.</summary>
    /// <returns>Why one of them was refused; nothing is appended then.</returns>
    private static async Task<IReadOnlyList<Rejection>> StockAsync(CommandSession session, string sku, string location, params StockCommand[] commands)
    {
        var key = Stock.StreamKey(sku, location);
        var stock = await session.LoadAsync(key, Stock.Initial, Stock.Evolve);
        var events = new List<DomainEvent>();
        foreach (var command in commands)
        {
            var decision = StockDecider.Decide(stock, command);
            if (decision.Rejections.Count > 0) return decision.Rejections;
            events.AddRange(decision.Events);
            stock = decision.Events.Aggregate(stock, Stock.Evolve);
        }

        session.Append(key, events);
        return [];
    }
}

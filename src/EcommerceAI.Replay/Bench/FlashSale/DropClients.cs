using EcommerceAI.Commerce;
using EcommerceAI.Commerce.FlashSales;
using EcommerceAI.EventSourcing.Commands;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Bench.FlashSale;

/// <summary>Buyers of one drop in this process, through the command handler, each reservation durable before the next.</summary>
internal static class DropClients
{
    /// <summary>Units that one customer may have, on both sides of the comparison.</summary>
    public const int LimitPerCustomer = 2;

    /// <summary>Announces a drop that has begun.</summary>
    public static async Task ScheduleAsync(EventStore store, string dropId, int quantity, CancellationToken cancellation)
    {
        var now = DateTimeOffset.UtcNow;
        var schedule = new ScheduleDrop(dropId, "SKU-1", "warehouse", quantity, now.AddMinutes(-1), now.AddHours(1), LimitPerCustomer, 3600);
        await store.AppendAsync(Drop.StreamKey(dropId), ExpectedVersion.NoStream, DropDecider.Decide(Drop.Initial, schedule).Events, cancellation);
    }

    /// <summary>Reservations accepted per second, with proof that each is in the log once and none beyond the drop or the limit.</summary>
    /// <exception cref="ReplayException">A reservation was lost, counted twice, or refused where it had to be accepted.</exception>
    public static async Task<double> MeasureAsync(EventStore store, string dropId, int clients, double seconds, CancellationToken cancellation)
    {
        const int Quantity = 1_000_000;
        await ScheduleAsync(store, dropId, Quantity, cancellation);
        using var handler = new CommandHandler(store, new Receipts(store.Source));
        var accepted = 0L;
        var rate = await Clients.RunAsync(
            clients, seconds,
            async (client, number) =>
            {
                var outcome = await ReserveAsync(handler, dropId, ReservationOf(client, number), CustomerOf(client, number), cancellation);
                if (outcome is not CommandOutcome.Accepted) throw new ReplayException($"A reservation in '{dropId}' was not accepted: {outcome}");
                Interlocked.Increment(ref accepted);
            },
            cancellation);
        var (held, oversold) = await CountAsync(store, dropId, cancellation);
        if (held != accepted || oversold != 0)
            throw new ReplayException($"{accepted} reservations were accepted, {held} are in the log, {oversold} units too many.");
        return rate;
    }

    /// <summary>Many buyers for few units, each asking twice: units held beyond the drop, which must be none.</summary>
    /// <exception cref="ReplayException">Not every unit was held, or a buyer was told otherwise than the log says.</exception>
    public static async Task<long> SellOutAsync(EventStore store, string dropId, int clients, int buyers, int units, CancellationToken cancellation)
    {
        await ScheduleAsync(store, dropId, units, cancellation);
        using var handler = new CommandHandler(store, new Receipts(store.Source));
        var accepted = 0L;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, buyers), new ParallelOptions { MaxDegreeOfParallelism = clients, CancellationToken = cancellation },
            async (buyer, stop) =>
            {
                var first = await ReserveAsync(handler, dropId, $"r{buyer}", $"c{buyer}", stop);
                var again = await ReserveAsync(handler, dropId, $"r{buyer}", $"c{buyer}", stop);
                if (first is CommandOutcome.Accepted != again is CommandOutcome.Accepted)
                    throw new ReplayException($"Buyer {buyer} was told {first}, and then {again}.");
                if (first is CommandOutcome.Accepted) Interlocked.Increment(ref accepted);
            });
        var (held, oversold) = await CountAsync(store, dropId, cancellation);
        if (held != accepted || held < units) throw new ReplayException($"{accepted} buyers of {units} units were accepted, {held} are in the log.");
        return oversold;
    }

    /// <summary>A reservation of a client's own.</summary>
    public static string ReservationOf(int client, long number) => $"reservation-{client:00}-{number:000000}";

    /// <summary>A new customer for every two reservations, which then has all that is allowed.</summary>
    public static string CustomerOf(int client, long number) => $"customer-{client:00}-{number / LimitPerCustomer:000000}";

    private static Task<CommandOutcome> ReserveAsync(
        CommandHandler handler, string dropId, string reservationId, string customerId, CancellationToken cancellation) => handler.HandleAsync(
        new CommandContext("bench", null, []),
        async session =>
        {
            var key = Drop.StreamKey(dropId);
            var drop = await session.LoadAsync(key, Drop.Initial, static (state, data) => data is DomainEvent @event ? Drop.Evolve(state, @event) : state);
            var decision = DropDecider.Decide(drop, new ReserveUnits(dropId, reservationId, customerId, 1, false, DateTimeOffset.UtcNow));
            if (decision.Rejection is { } refused) return CommandDecision.Reject(new CommandRejection(refused.Code, refused.Message));
            session.Append(key, decision.Events);
            return CommandDecision.Accept();
        },
        cancellation);

    private static async Task<(long Held, long Oversold)> CountAsync(EventStore store, string dropId, CancellationToken cancellation)
    {
        var drop = (await store.LoadAsync(
            Drop.StreamKey(dropId), Drop.Initial, (state, data) => data is DomainEvent @event ? Drop.Evolve(state, @event) : state, cancellation: cancellation)).State;
        if (drop.Customers.Values.Any(units => units > LimitPerCustomer)) throw new ReplayException($"A customer of '{dropId}' has more than the limit.");
        return (drop.Reservations.Count, Math.Max(0, -drop.Free));
    }
}

using EcommerceAI.Commerce;
using EcommerceAI.Commerce.FlashSales;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Projections.Storefront.FlashSales;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace EcommerceAI.Projections.Storefront.Tests;

public sealed class DropTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(71)]
    [InlineData(72)]
    public async Task A_drop_and_its_reservations_stand_as_the_stream_folds_however_events_are_cut_into_batches(int seed)
    {
        output.WriteLine($"seed {seed}");
        var (events, drop) = History(new Random(seed));
        await using var shop = await ProjectedStore.OpenAsync(postgres, ShopHistory.EventNames);
        await shop.AppendAsync(events.Select(data => new BulkEvent(Drop.StreamKey("d"), new NewEvent(data, Guid.CreateVersion7(), Noon))));
        var projection = new DropProjection();
        var whole = await shop.ProjectApartAsync(projection, 1000);
        (await shop.ProjectApartAsync(projection, 1)).ShouldBe(whole);
        (await shop.ProjectApartAsync(projection, 7)).ShouldBe(whole);

        await shop.CatchUpAsync(projection);
        var queries = new DropQueries(shop.Models);
        var row = (await queries.FindAsync("d")).Value.ShouldNotBeNull();
        (row.Taken, row.Sold, row.Waiting, row.IsClosed, row.Version, row.Quantity, row.Left)
            .ShouldBe((drop.Taken, drop.Sold, drop.Waiting, drop.IsClosed, events.Count, 5, drop.Free));
        foreach (var reservation in drop.Reservations.Values)
        {
            var found = (await queries.FindReservationAsync("d", reservation.ReservationId)).Value.ShouldNotBeNull();
            (found.Status, found.Quantity, found.Ticket, found.OrderId)
                .ShouldBe((reservation.Status, reservation.Quantity, reservation.Ticket, reservation.OrderId));
        }

        (await queries.FindAsync("none")).Value.ShouldBeNull();
        (await queries.FindReservationAsync("d", "never")).Value.ShouldBeNull();
    }

    private static (List<DomainEvent> Events, Drop Drop) History(Random random)
    {
        var events = new List<DomainEvent>();
        var drop = Drop.Initial;
        var at = Noon;
        void Send(DropCommand command)
        {
            var decided = DropDecider.Decide(drop, command).Events;
            events.AddRange(decided);
            drop = decided.Aggregate(drop, Drop.Evolve);
        }

        Send(new ScheduleDrop("d", "A", "warehouse", 5, Noon, Noon.AddHours(1), 3, 60, 20));
        for (var n = 0; n < 300; n++)
        {
            at = at.AddSeconds(random.Next(12));
            var id = $"r{random.Next(80)}";
            Send(random.Next(4) switch
            {
                0 => new GiveBackUnits("d", id, at),
                1 when random.Next(10) == 0 => new BuyUnits("d", id, $"o{n}", at),
                2 => new SettleDrop("d", at),
                _ => new ReserveUnits("d", id, $"c{random.Next(30)}", random.Next(1, 3), true, at),
            });
        }

        return (events, drop);
    }
}

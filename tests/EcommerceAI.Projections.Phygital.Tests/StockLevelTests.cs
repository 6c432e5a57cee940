using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Inventory;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Projections.Phygital.Stock;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;
using Xunit.Abstractions;
using CommerceStock = EcommerceAI.Commerce.Inventory.Stock;

namespace EcommerceAI.Projections.Phygital.Tests;

public sealed class StockLevelTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset Start = new(2011, 1, 1, 8, 0, 0, TimeSpan.Zero);

    private static IEnumerable<KeyValuePair<string, Type>> EventNames => BoundedContext.Scan().SelectMany(context => context.EventNames);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Stock_stands_as_its_stream_folds_however_events_are_cut_into_batches(int seed)
    {
        output.WriteLine($"seed {seed}");
        var history = Movements(seed, 1200);
        await using var shops = await OpenAsync(history);
        var projection = new StockLevelProjection();
        var whole = await shops.ProjectApartAsync(projection, 1000);
        (await shops.ProjectApartAsync(projection, 1)).ShouldBe(whole);
        (await shops.ProjectApartAsync(projection, 7)).ShouldBe(whole);

        await shops.CatchUpAsync(projection);
        var queries = new StockLevelQueries(shops.Models);
        foreach (var stream in Recorded(history).GroupBy(item => item.Stream, StringComparer.Ordinal))
        {
            var stock = stream.Aggregate(CommerceStock.Initial, (state, item) => CommerceStock.Evolve(state, item.Moved));
            var counts = stream.Where(item => item.Moved is StockCounted).Select(item => (DateTimeOffset?)item.At).ToArray();
            (await queries.FindAsync(stock.Sku!, stock.Location!)).Value.ShouldBe(new StockLevel(
                stock.Sku!, stock.Location!, stock.OnHand, stream.Last().At, counts.LastOrDefault(), stream.Count(),
                stock.Held, stock.Allocated, stock.Backordered, stock.Incoming, stock.SetAside, stock.Terms.SafetyStock));
        }
    }

    [Fact]
    public async Task A_count_in_the_middle_of_a_batch_sets_what_later_movements_change()
    {
        await using var shops = await OpenAsync(
        [
            .. Of(new StockReceived("A", "shop-1", 50), new StockCounted("A", "shop-1", 7), new StockIssued("A", "shop-1", 3, "1")),
        ]);
        await shops.CatchUpAsync(new StockLevelProjection());
        var level = (await new StockLevelQueries(shops.Models).FindAsync("A", "shop-1")).Value.ShouldNotBeNull();
        (level.OnHand, level.Version, level.CountedAt, level.MovedAt).ShouldBe((4, 3, Start.AddMinutes(1), Start.AddMinutes(2)));
    }

    [Fact]
    public async Task A_location_is_listed_without_repeating_or_losing_a_row_while_rows_are_inserted()
    {
        var history = Movements(4, 1000);
        await using var shops = await OpenAsync(history[..400]);
        var projection = new StockLevelProjection();
        await shops.CatchUpAsync(projection);
        var queries = new StockLevelQueries(shops.Models);
        var before = (await queries.ListByLocationAsync("shop-1", null, 1000)).Value.Items;
        var later = new Queue<BulkEvent[]>(history.Skip(400).Chunk(40));
        var seen = new List<string>();
        StockLevelKey? after = null;
        do
        {
            var page = (await queries.ListByLocationAsync("shop-1", after, 3)).Value;
            page.Items.ShouldAllBe(level => level.Location == "shop-1");
            seen.AddRange(page.Items.Select(level => level.Sku));
            after = page.Next;
            if (!later.TryDequeue(out var more)) continue;
            await shops.AppendAsync(more);
            await shops.CatchUpAsync(projection);
        }
        while (after is not null);

        seen.ShouldBeUnique();
        before.Count.ShouldBeGreaterThan(10);
        before.Select(level => level.Sku).Except(seen, StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_sku_is_listed_at_every_location_where_it_has_been()
    {
        await using var shops = await OpenAsync(
            [.. Of(new StockReceived("A", "shop-2", 1), new StockCounted("A", "shop-1", 0), new StockReceived("B", "shop-1", 2))]);
        await shops.CatchUpAsync(new StockLevelProjection());
        var (levels, position) = await new StockLevelQueries(shops.Models).ListBySkuAsync("A");
        levels.Select(level => (level.Location, level.OnHand)).ShouldBe([("shop-1", 0), ("shop-2", 1)]);
        position.ShouldBe(await shops.Store.HighWater.ReadAsync());
    }

    [Fact]
    public async Task Every_query_answers_from_empty_tables()
    {
        await using var shops = await OpenAsync([]);
        await shops.CatchUpAsync(new StockLevelProjection());
        var queries = new StockLevelQueries(shops.Models);
        (await queries.FindAsync("A", "shop-1")).Value.ShouldBeNull();
        (await queries.ListBySkuAsync("A")).Value.ShouldBeEmpty();
        (await queries.ListByLocationAsync("shop-1", new StockLevelKey("A"), 10)).Value.Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_verification_finds_a_row_that_was_changed_behind_its_back_and_nothing_else()
    {
        await using var shops = await OpenAsync(Movements(5, 300));
        var projection = new StockLevelProjection();
        await shops.CatchUpAsync(projection);
        (await new ProjectionVerification(shops.Store).RunAsync(projection)).IsEqual.ShouldBeTrue();
        const string Change = "update {schema}.stock_levels set on_hand = on_hand + 1 where ctid = (select min(ctid) from {schema}.stock_levels)";
        (await shops.TamperAsync(projection.Name, Change)).ShouldBe(1);
        var found = await new ProjectionVerification(shops.Store).RunAsync(projection);
        found.Tables.ShouldHaveSingleItem().OnlyLive.ShouldBe(1);
        await new ProjectionRebuild(shops.Store).RunAsync(projection);
        (await new ProjectionVerification(shops.Store).RunAsync(projection)).IsEqual.ShouldBeTrue();
    }

    private async Task<ProjectedStore> OpenAsync(List<BulkEvent> history)
    {
        var shops = await ProjectedStore.OpenAsync(postgres, EventNames);
        await shops.AppendAsync(history);
        return shops;
    }

    private static IEnumerable<(string Stream, StockEvent Moved, DateTimeOffset At)> Recorded(IEnumerable<BulkEvent> history) =>
        history.Select(item => (item.StreamId, (StockEvent)item.Event.Data, item.Event.Timestamp!.Value));

    private static List<BulkEvent> Movements(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Of([.. Enumerable.Range(0, count).Select(_ => Move(random))])];
    }

    private static StockEvent Move(Random random)
    {
        var (sku, location, units) = ($"SKU-{random.Next(30)}", $"shop-{random.Next(1, 4)}", random.Next(1, 50));
        var (hold, order) = ($"h{random.Next(20)}", $"o{random.Next(20)}");
        return random.Next(12) switch
        {
            5 => new StockHeld(sku, location, hold, units, Start, Start, "web", 1),
            6 => new StockHoldReleased(sku, location, hold, units, "expired", "web", 1),
            7 => new StockAllocated(sku, location, order, units, hold, units, "web", 2, 2, 1),
            8 => new StockDeallocated(sku, location, order, units, "declined", "web", 1, 1),
            9 => new StockShipped(sku, location, order, units, "s1", 1),
            10 => new StockTermsSet(sku, location, units, BackorderPolicy.Backorder, 5),
            11 => random.Next(2) == 0 ? new StockSetAside(sku, location, "web", units, units - 3) : new StockExpected(sku, location, "PO", units, 2 - units),
            0 => new StockCounted(sku, location, units),
            1 => new StockReceived(sku, location, units),
            2 => new StockAdjusted(sku, location, -units, null),
            3 => new StockIssued(sku, location, units, "1"),
            _ => new StockReturned(sku, location, units, "1"),
        };
    }

    private static IEnumerable<BulkEvent> Of(params StockEvent[] moved) => moved.Select((item, i) => new BulkEvent(
        CommerceStock.StreamKey(item.Sku, item.Location), new NewEvent(item, Guid.CreateVersion7(), Start.AddMinutes(i))));
}

using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Store;

public sealed class StreamQueriesTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset Start = new(2011, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(StreamOrder.Id)]
    [InlineData(StreamOrder.Changed)]
    [InlineData(StreamOrder.Size)]
    public async Task Pages_in_any_order_hold_every_stream_once_though_many_share_what_they_are_ordered_by(StreamOrder order)
    {
        await using var database = await FilledAsync();
        var filter = new StreamFilter("count", Order: order);
        var pages = new List<StoredStream>();
        string? after = null;
        do
        {
            var page = await new StreamQueries(database.Store).ListAsync(filter, after, 7);
            page.Items.Count.ShouldBeInRange(1, 7);
            pages.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);

        pages.Select(stream => stream.Id).Distinct().Count().ShouldBe(40);
        pages.Count.ShouldBe(40);
        var keys = order switch
        {
            StreamOrder.Changed => pages.ConvertAll(stream => -stream.Changed.UtcTicks),
            StreamOrder.Size => pages.ConvertAll(stream => -stream.Version),
            _ => [.. Enumerable.Range(0, 40).Select(i => (long)i)],
        };
        keys.ShouldBe(keys.Order());
    }

    [Fact]
    public async Task A_category_is_what_stands_before_the_first_dash_and_a_prefix_is_taken_to_the_letter()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        foreach (var id in new[] { "order-1", "order-2-b", "orders-1", "order", "ord", "order_x-1", "order%-1" })
            await database.Store.AppendAsync(id, ExpectedVersion.NoStream, [new Counted()]);
        var queries = new StreamQueries(database.Store);
        (await Ids(queries, new StreamFilter("order"))).ShouldBe(["order", "order-1", "order-2-b"], ignoreOrder: true);
        (await Ids(queries, new StreamFilter(Prefix: "order%"))).ShouldBe(["order%-1"]);
        (await Ids(queries, new StreamFilter(Prefix: "order_"))).ShouldBe(["order_x-1"]);
        await new StreamArchive(database.Store).ArchiveAsync("order-1", ExpectedVersion.Any);
        (await Ids(queries, new StreamFilter(Archived: true))).ShouldBe(["order-1"]);
        (await Ids(queries, new StreamFilter("order", Archived: false))).ShouldBe(["order", "order-2-b"], ignoreOrder: true);
        (await queries.FindAsync("order-1"))!.IsArchived.ShouldBeTrue();
        (await queries.FindAsync("none")).ShouldBeNull();
        await Should.ThrowAsync<FormatException>(() => queries.ListAsync(new StreamFilter(Order: StreamOrder.Changed), "order-1"));
    }

    [Fact]
    public async Task Events_are_found_by_everything_that_a_filter_names()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = database.Store;
        foreach (var (stream, type, day, correlation) in new[] { ("a-1", "counted", 1, "x"), ("a-2", "renamed", 2, "x"), ("b-1", "counted", 3, "y"), ("a-1", "renamed", 4, "y") })
        {
            object data = type == "counted" ? new Counted() : new Renamed("n");
            await store.AppendAsync(new AppendRequest(
                [new StreamAppend(stream, ExpectedVersion.Any, [new NewEvent(data, Timestamp: Start.AddDays(day))])],
                new EventMetadata(correlation, $"cause-{day}")));
        }

        await database.ExecuteAsync(ForeignWrites.NewStream("mt_tombstone", "tombstone", "{}"));
        async Task<long[]> Find(EventFilter filter, bool newest = false) =>
            [.. (await new EventQueries(store).ListAsync(filter, 10, newest)).Select(found => found.Position)];
        (await Find(new EventFilter())).ShouldBe([1, 2, 3, 4]);
        (await Find(new EventFilter(), newest: true)).ShouldBe([4, 3, 2, 1]);
        (await Find(new EventFilter { Types = ["renamed"] })).ShouldBe([2, 4]);
        (await Find(new EventFilter { Types = ["renamed", "counted"], Category = "a" })).ShouldBe([1, 2, 4]);
        (await Find(new EventFilter { StreamId = "a-1" })).ShouldBe([1, 4]);
        (await Find(new EventFilter { From = Start.AddDays(2), To = Start.AddDays(4) })).ShouldBe([2, 3]);
        (await Find(new EventFilter { From = Start.AddDays(2).ToOffset(TimeSpan.FromHours(5)) })).ShouldBe([2, 3, 4]);
        (await Find(new EventFilter { CorrelationId = "y" })).ShouldBe([3, 4]);
        (await Find(new EventFilter { CausationId = "cause-2" })).ShouldBe([2]);
        (await Find(new EventFilter { After = 1, UpTo = 3 })).ShouldBe([2, 3]);
        await new StreamArchive(store).ArchiveAsync("a-1", ExpectedVersion.Any);
        (await Find(new EventFilter { Archived = true })).ShouldBe([1, 4]);
        (await Find(new EventFilter { Archived = false })).ShouldBe([2, 3]);
        (await new EventQueries(store).CountByStreamAsync(new EventFilter { Category = "a" })).Select(c => $"{c.StreamId} {c.Events} {c.FirstVersion}-{c.LastVersion} {string.Join('+', c.Types)}")
            .ShouldBe(["a-1 2 1-2 counted+renamed", "a-2 1 1-1 renamed"]);
    }

    [Fact]
    public async Task A_filter_by_a_column_that_the_database_does_not_have_is_refused()
    {
        await using var empty = await TestDatabase.CreateEmptyAsync(postgres);
        await empty.ExecuteAsync(ForeignTables.Options["the least there can be"] + ForeignTables.Fill);
        await using var store = await empty.OpenAsync();
        (await Should.ThrowAsync<InvalidOperationException>(() => new EventQueries(store).ListAsync(new EventFilter { CorrelationId = "x" }, 1)))
            .Message.ShouldContain("correlation_id");
        (await new EventQueries(store).ListAsync(new EventFilter(), 10)).Select(e => e.Position).ShouldBe([1, 3, 5]);
        (await new StreamQueries(store).FindAsync("count-1"))!.Version.ShouldBe(2);
    }

    [Fact]
    public async Task Nothing_above_the_high_water_mark_is_listed_and_the_status_names_who_holds_it_back()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.Store.AppendAsync("a", ExpectedVersion.NoStream, [new Counted(), new Counted()]);
        await using var writer = await database.ConnectAsync();
        await using (var transaction = await writer.BeginTransactionAsync())
        {
            await using (var draw = new NpgsqlCommand("select nextval('events.mt_events_sequence')", writer)) await draw.ExecuteNonQueryAsync();
            await database.Store.AppendAsync("b", ExpectedVersion.NoStream, [new Counted()]);
            (await new EventQueries(database.Store).ListAsync(new EventFilter(), 10)).Count.ShouldBe(2);
            var held = await StoreStatus.ReadAsync(database.Store);
            (held.HighWaterMark, held.Highest, held.LastDrawn, held.IsHeldBack, held.Holes).ShouldBe((2, 4, 4, true, 0));
            var holder = held.Holders.ShouldHaveSingleItem();
            (holder.ProcessId, holder.Application, holder.State).ShouldBe((writer.ProcessID, "foreign", "idle in transaction"));
            (held.Now - holder.Since).ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromMinutes(1));
            await transaction.RollbackAsync();
        }

        var free = await StoreStatus.ReadAsync(database.Store);
        (free.HighWaterMark, free.IsHeldBack, free.Holes, free.Holders.Count, free.Streams, free.Events).ShouldBe((4, false, 1, 0, 2, 3));
    }

    private static async Task<List<string>> Ids(StreamQueries queries, StreamFilter filter) =>
        [.. (await queries.ListAsync(filter)).Items.Select(stream => stream.Id)];

    /// <summary>Forty streams of a category with one to four events, many of one moment, and others beside them.</summary>
    private async Task<TestDatabase> FilledAsync()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        var events = Enumerable.Range(0, 40).SelectMany(i => Enumerable.Range(0, 1 + (i % 4)).Select(n => ($"count-{i:00}", Start.AddDays(Math.DivRem(i, 10).Quotient))))
            .Concat(Enumerable.Range(0, 5).Select(i => ($"other-{i}", Start)));
        await new BulkAppend(database.Store).AppendAsync(BulkChunk.Prepare(
            [.. events.Select(e => new BulkEvent(e.Item1, new NewEvent(new Counted(), Guid.CreateVersion7(), e.Item2)))], TestEvents.Types));
        return database;
    }
}

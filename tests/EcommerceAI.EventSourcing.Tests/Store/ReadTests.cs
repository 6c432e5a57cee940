using System.Text.Json;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Store;

public sealed class ReadTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset Start = new(2011, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_stream_is_read_from_a_version_and_as_of_a_version_a_position_and_a_moment()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = database.Store;
        for (var day = 0; day < 6; day++)
        {
            await store.AppendAsync(TestEvents.Request("a", new NewEvent(new Counted(1 << day), null, Start.AddDays(day))));
            await store.AppendAsync("noise", ExpectedVersion.Any, [new Counted()]);
        }

        (await store.Reader.ReadStreamAsync("a", 5).Select(@event => @event.Version).ToListAsync()).ShouldBe([5, 6]);
        (await store.Reader.ReadStreamAsync("not there").CountAsync()).ShouldBe(0);
        async Task<(int, long)> AsOfAsync(StreamPoint? point)
        {
            var state = await store.LoadAsync("a", 0, TestEvents.Count, point);
            return (state.State, state.Version);
        }

        (await AsOfAsync(null)).ShouldBe((63, 6));
        (await AsOfAsync(new StreamPoint.AtVersion(3))).ShouldBe((7, 3));
        (await AsOfAsync(new StreamPoint.AtVersion(0))).ShouldBe((0, 0));
        (await AsOfAsync(new StreamPoint.AtVersion(99))).ShouldBe((63, 6));
        (await AsOfAsync(new StreamPoint.AtPosition(5))).ShouldBe((7, 3));
        (await AsOfAsync(new StreamPoint.AtPosition(4))).ShouldBe((3, 2));
        (await AsOfAsync(new StreamPoint.AtMoment(Start.AddDays(2)))).ShouldBe((7, 3));
        (await AsOfAsync(new StreamPoint.AtMoment(Start.AddDays(2).AddTicks(-10)))).ShouldBe((3, 2));
        (await AsOfAsync(new StreamPoint.AtMoment(Start.AddDays(-1)))).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_name_without_a_record_is_read_as_json()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.ExecuteAsync(ForeignWrites.NewStream("a", "unheard_of", "{\"x\": [1, 2]}"));
        var @event = await database.Store.ReadAllAsync(0).SingleAsync();
        @event.Type.ShouldBe("unheard_of");
        @event.Data.ShouldBeOfType<JsonElement>().GetProperty("x")[1].GetInt32().ShouldBe(2);
    }

    [Theory]
    [InlineData("counted", "{\"by\": \"many\"}")]
    [InlineData("counted", "[1]")]
    [InlineData("counted", "null")]
    [InlineData("picky", "{\"value\": -1}")]
    public async Task An_event_that_does_not_fit_its_record_is_named_by_its_position(string type, string json)
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.Store.AppendAsync("fine", ExpectedVersion.NoStream, [new Counted()]);
        await database.ExecuteAsync(ForeignWrites.NewStream("broken", type, json));
        var failure = await Should.ThrowAsync<UnreadableEventException>(async () => await database.Store.ReadAllAsync(0).ToListAsync());
        failure.Position.ShouldBe(2);
        failure.Message.ShouldContain($"'{type}' at position 2 (version 1 of 'broken')");
    }

    [Fact]
    public async Task Pages_of_the_log_join_without_a_seam_and_may_be_narrowed_to_some_names()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.Store.AppendAsync("a", ExpectedVersion.Any, Enumerable.Range(0, 25).Select(object (i) => i % 5 == 0 ? new Renamed("r") : new Counted()));
        foreach (var types in new IReadOnlyList<string>?[] { null, ["renamed"] })
        {
            var positions = new List<long>();
            var after = 0L;
            while (after < 25)
            {
                var page = await database.Store.Reader.ReadLogAsync(new LogRange(after, 25, 4, types));
                positions.AddRange(page.Events.Select(@event => @event.Position));
                page.ReadUpTo.ShouldBeGreaterThan(after);
                after = page.ReadUpTo;
            }

            positions.ShouldBe(types is null ? Enumerable.Range(1, 25).Select(i => (long)i) : [1, 6, 11, 16, 21]);
        }
    }

    [Fact]
    public async Task A_long_stream_comes_whole_and_in_order_and_stops_at_any_version()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.Store.AppendAsync("a", ExpectedVersion.Any, Enumerable.Range(1, 200).Select(object (i) => new Counted(i)));
        foreach (var (from, to) in new[] { (1, 200), (1, 63), (1, 64), (1, 65), (2, 129), (64, 128), (200, 200), (201, 500) })
        {
            var events = await database.Store.Reader.ReadStreamAsync("a", from, new StreamPoint.AtVersion(to)).ToListAsync();
            events.Select(@event => ((Counted)@event.Data).By).ShouldBe(Enumerable.Range(from, Math.Max(0, Math.Min(to, 200) - from + 1)));
        }
    }

    [Theory]
    [InlineData(1, 7)]
    [InlineData(3, 1)]
    [InlineData(4, 10)]
    [InlineData(8, 1000)]
    public async Task Several_connections_read_the_log_once_and_in_order(int connections, int page)
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.Store.AppendAsync("a", ExpectedVersion.Any, Enumerable.Range(0, 60).Select(object (i) => i % 3 == 0 ? new Renamed("r") : new Counted()));
        // Numbers that were drawn and rolled back, pages of them.
        await database.ExecuteAsync("select setval('events.mt_events_sequence', 80)");
        await database.Store.AppendAsync("b", ExpectedVersion.Any, Enumerable.Range(0, 20).Select(object (_) => new Counted()));
        foreach (var types in new IReadOnlyList<string>?[] { null, ["renamed"] })
        {
            var range = new LogRange(5, 95, page, types);
            var pages = await database.Store.Reader.ReadLogAsync(range, connections, read => read).ToListAsync();
            var one = await database.Store.Reader.ReadLogAsync(range with { Limit = 1000 });
            pages.SelectMany(read => read.Events).Select(@event => @event.Position).ShouldBe(one.Events.Select(@event => @event.Position));
            pages.Select(read => read.ReadUpTo).ShouldBe(pages.Select(read => read.ReadUpTo).Order());
            pages[^1].ReadUpTo.ShouldBe(95);
        }
    }

    [Fact]
    public async Task A_reader_of_several_connections_that_leaves_early_gives_them_all_back()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.Store.AppendAsync("a", ExpectedVersion.Any, Enumerable.Range(0, 200).Select(object (_) => new Counted()));
        // More often than the pool has connections: one that was kept would be missed.
        for (var i = 0; i < 40; i++)
        {
            (await database.Store.Reader.ReadLogAsync(new LogRange(0, 200, 10), 5, read => read.ReadUpTo).FirstAsync()).ShouldBe(10);
            await Should.ThrowAsync<InvalidTimeZoneException>(async () => await database.Store.Reader
                .ReadLogAsync(new LogRange(0, 200, 10), 5, read => read.ReadUpTo == 30 ? throw new InvalidTimeZoneException("planted") : read.ReadUpTo).ToListAsync());
        }
    }
}

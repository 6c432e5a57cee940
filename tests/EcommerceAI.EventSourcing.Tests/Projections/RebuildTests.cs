using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Projections.Documents;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Projections;

public sealed class RebuildTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static DocumentProjection[] Definitions => [new TallyProjection(), new MarkSumProjection()];

    [Theory]
    [Seeds]
    public async Task A_rebuild_makes_the_same_rows_whatever_its_connections_pages_and_memory(int seed)
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await RandomLog.AppendAsync(database.Store, seed, 3000, 200);
        await LeaveHolesAsync(database);
        foreach (var projection in Definitions)
        {
            // What batches of an odd size make, and what no batch at all makes.
            await DocumentTests.FollowAsync(database.Store, projection, 37);
            var expected = await RowsAsync(database, projection);
            expected.Count.ShouldBeGreaterThan(15);
            foreach (var options in new RebuildOptions[]
            {
                new(),
                new() { Connections = 1, PageSize = 1_000_000 },
                new() { Connections = 5, PageSize = 61 },
                new() { Connections = 3, PageSize = 100, DocumentsInMemory = 10 },
            })
            {
                await new ProjectionRebuild(database.Store, options).RunAsync(projection);
                (await RowsAsync(database, projection)).ShouldBe(expected, $"{projection.Name} with {options}");
            }
        }
    }

    [Fact]
    public async Task A_rebuilt_document_equals_the_stream_folded_in_memory()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var tallies = new TallyProjection();
        await RandomLog.AppendAsync(database.Store, 11, 2000, 60);
        await new ProjectionRebuild(database.Store, new RebuildOptions { PageSize = 100 }).RunAsync(tallies);
        var queries = new DocumentQueries<Tally>(new ReadModels(database.Store.Source), tallies);
        for (var i = 0; i < 60; i++)
            (await queries.FindAsync($"t-{i}")).Value.ShouldBeAsJson(await tallies.LoadAsync(database.Store, $"t-{i}"));
    }

    [Fact]
    public async Task A_rebuild_loses_no_event_that_is_appended_while_it_runs_and_verification_finds_no_difference()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var (store, tallies) = (database.Store, new TallyProjection());
        await RandomLog.AppendAsync(store, 3, 2000, 50);
        await DocumentTests.FollowAsync(store, tallies);
        using var done = new CancellationTokenSource();
        var appends = Task.Run(async () =>
        {
            for (var i = 0; !done.IsCancellationRequested; i++) await store.AppendAsync($"t-{i % 70}", ExpectedVersion.Any, [new Counted(1, "m1 m2")]);
        });
        var follows = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested) await DocumentTests.FollowAsync(store, tallies, 50);
        });
        for (var i = 0; i < 5; i++) await new ProjectionRebuild(store, new RebuildOptions { PageSize = 100, Connections = 3 }).RunAsync(tallies);
        await done.CancelAsync();
        await Task.WhenAll(appends, follows);
        await DocumentTests.FollowAsync(store, tallies);
        var expected = new List<string>();
        foreach (var stream in await database.LinesAsync("select id from events.mt_streams order by id collate \"C\""))
        {
            if (await tallies.LoadAsync(store, stream) is { } document) expected.Add($"{document.Id} {document.Version} {document.Position} {document.Value.Total}");
        }

        var live = await new Generations(store.Source).FindLiveAsync(tallies.Name);
        (await database.LinesAsync($"select id, version, position, data ->> 'total' from {live!.Schema}.documents order by id")).ShouldBe(expected);
        (await new ProjectionVerification(store).RunAsync(tallies)).IsEqual.ShouldBeTrue();
        await database.ExecuteAsync($"update {live.Schema}.documents set version = version + 1 where id = (select min(id) from {live.Schema}.documents)");
        (await new ProjectionVerification(store).RunAsync(tallies)).IsEqual.ShouldBeFalse();
    }

    [Fact]
    public async Task A_cancelled_rebuild_leaves_the_live_documents_serving_and_nothing_else()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var (store, tallies) = (database.Store, new TallyProjection());
        await RandomLog.AppendAsync(store, 4, 2000, 50);
        var live = await new ProjectionRebuild(store).RunAsync(tallies);
        var expected = await RowsAsync(database, tallies);
        // At the first event, in the middle of folding, and once parts have been written.
        foreach (var after in new[] { 1, 700, 1500 })
        {
            using var stop = new CancellationTokenSource();
            var folded = 0;
            tallies.OnEvent = _ =>
            {
                if (Interlocked.Increment(ref folded) == after) stop.Cancel();
            };
            await Should.ThrowAsync<OperationCanceledException>(
                () => new ProjectionRebuild(store, new RebuildOptions { PageSize = 50, DocumentsInMemory = 10 }).RunAsync(tallies, null, stop.Token));
            await ShouldBeAloneAsync(database, live);
        }

        tallies.OnEvent = null;
        (await RowsAsync(database, tallies)).ShouldBe(expected);
    }

    [Fact]
    public async Task A_rebuild_whose_backends_are_killed_or_whose_definition_throws_is_dropped_and_the_next_one_succeeds()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var (store, tallies) = (database.Store, new TallyProjection());
        await RandomLog.AppendAsync(store, 5, 2000, 50);
        var live = await new ProjectionRebuild(store).RunAsync(tallies);
        var rebuild = new ProjectionRebuild(store, new RebuildOptions { PageSize = 50, Connections = 3, DocumentsInMemory = 10 });
        var folded = 0;
        tallies.OnEvent = _ =>
        {
            if (Interlocked.Increment(ref folded) == 800) database.KillBackendsAsync().GetAwaiter().GetResult();
        };
        await Should.ThrowAsync<Exception>(() => rebuild.RunAsync(tallies));
        await ShouldBeAloneAsync(database, live);
        tallies.OnEvent = @event =>
        {
            if (@event.Position == 900) throw new InvalidTimeZoneException("planted");
        };
        // A connection that was killed while it rested in a pool is found out by whoever uses it next.
        await Wait.UntilAsync(async () => await Record.ExceptionAsync(() => rebuild.RunAsync(tallies)) is InvalidTimeZoneException, "the planted failure");
        await ShouldBeAloneAsync(database, live);
        tallies.OnEvent = null;
        (await rebuild.RunAsync(tallies)).Checkpoint.ShouldBe(2000);
    }

    [Fact]
    public async Task An_event_that_cannot_be_read_is_named_by_the_rebuild_that_meets_it()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await RandomLog.AppendAsync(database.Store, 6, 500, 20);
        await database.ExecuteAsync(Store.ForeignWrites.NewStream("broken", "counted", "{\"by\": \"many\"}"));
        var failure = await Should.ThrowAsync<UnreadableEventException>(() => new ProjectionRebuild(database.Store).RunAsync(new TallyProjection()));
        failure.Position.ShouldBe(501);
        failure.StreamId.ShouldBe("broken");
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        foreach (var options in new RebuildOptions[] { new() { Connections = 0 }, new() { PageSize = 0 }, new() { DocumentsInMemory = 0 } })
            Should.Throw<ArgumentOutOfRangeException>(() => new ProjectionRebuild(null!, options));
    }

    /// <summary>Numbers that were drawn and rolled back, more than a page of them.</summary>
    private static async Task LeaveHolesAsync(TestDatabase database)
    {
        await database.ExecuteAsync("select setval('events.mt_events_sequence', 3000 + 400)");
        await database.Store.AppendAsync("t-0", ExpectedVersion.Any, [new Counted(1, "m0")]);
    }

    private static async Task<List<string>> RowsAsync(TestDatabase database, DocumentProjection projection)
    {
        var live = await new Generations(database.Store.Source).FindLiveAsync(projection.Name);
        return await database.LinesAsync($"select to_jsonb(d)::text from {live!.Schema}.documents d order by id");
    }

    private static async Task ShouldBeAloneAsync(TestDatabase database, Generation live)
    {
        // A cancelled swap may not have happened; the generation before the live one is retired.
        (await new Generations(database.Store.Source).FindLiveAsync(live.Projection)).ShouldBe(live);
        (await new Generations(database.Store.Source).ListAsync(live.Projection)).ShouldNotContain(generation => generation.State == Generation.Building);
        (await database.LinesAsync($"select nspname from pg_namespace where nspname like '{live.Projection}%' order by 1"))
            .ShouldBe((await new Generations(database.Store.Source).ListAsync(live.Projection)).Select(generation => generation.Schema));
    }
}

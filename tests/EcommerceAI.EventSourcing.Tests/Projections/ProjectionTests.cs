using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Projections;

public sealed class ProjectionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Rows_and_checkpoint_move_together_or_not_at_all()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var projection = new CountProjection();
        var models = new ReadModels(database.Store.Source);
        await CountProjection.AppendAsync(database.Store, 50);
        var live = await new Generations(database.Store.Source).EnsureLiveAsync(projection);
        foreach (var end in new Func<ProjectionBatch, Task>[]
        {
            _ => throw new InvalidTimeZoneException("planted"),
            batch => batch.ExecuteAsync("select pg_terminate_backend(pg_backend_pid())"),
        })
        {
            projection.BeforeCommit = end;
            await Should.ThrowAsync<Exception>(() => new ProjectionRunner(database.Store, projection).RunAsync(live, 50));
            (await projection.ReadAsync(models)).ShouldBe((0, 0, 0));
        }

        projection.BeforeCommit = null;
        (await new ProjectionRunner(database.Store, projection).RunAsync(live, 50))!.Checkpoint.ShouldBe(50);
        (await projection.ReadAsync(models)).ShouldBe((50, 50, 50));
    }

    [Fact]
    public async Task Several_runners_of_one_generation_count_each_event_once()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var projection = new CountProjection();
        var generations = new Generations(database.Store.Source);
        await generations.EnsureLiveAsync(projection);
        using var done = new CancellationTokenSource();
        var runners = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            var runner = new ProjectionRunner(database.Store, projection);
            for (var isLast = false; !isLast;)
            {
                isLast = done.IsCancellationRequested;
                await runner.RunAsync((await generations.FindLiveAsync("counts"))!, await database.Store.HighWater.ReadAsync());
            }
        })).ToArray();
        for (var i = 0; i < 20; i++) await CountProjection.AppendAsync(database.Store, 25);
        await done.CancelAsync();
        await Task.WhenAll(runners);
        (await projection.ReadAsync(new ReadModels(database.Store.Source))).ShouldBe((500, 500, 500));
    }

    [Fact]
    public async Task Readers_see_neither_half_a_rebuild_nor_an_older_state_while_events_go_on()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var projection = new CountProjection();
        var generations = new Generations(database.Store.Source);
        var models = new ReadModels(database.Store.Source);
        await CountProjection.AppendAsync(database.Store, 300);
        await new ProjectionRebuild(database.Store).RunAsync(projection);
        using var done = new CancellationTokenSource();
        async Task UntilDoneAsync(Func<Task> step)
        {
            while (!done.IsCancellationRequested) await step();
        }

        var runner = new ProjectionRunner(database.Store, projection);
        var tasks = new[]
        {
            Task.Run(() => UntilDoneAsync(() => CountProjection.AppendAsync(database.Store, 5))),
            Task.Run(() => UntilDoneAsync(async () => await runner.RunAsync((await generations.FindLiveAsync("counts"))!, await database.Store.HighWater.ReadAsync()))),
            Task.Run(async () =>
            {
                var last = 0L;
                await UntilDoneAsync(async () =>
                {
                    var (streams, overall, position) = await projection.ReadAsync(models);
                    streams.ShouldBe(position);
                    overall.ShouldBe(position);
                    position.ShouldBeGreaterThanOrEqualTo(last);
                    last = position;
                });
            }),
        };
        for (var i = 0; i < 4; i++)
        {
            // Two at once: the one that swaps second must not bring back an older checkpoint.
            await Task.WhenAll(new ProjectionRebuild(database.Store).RunAsync(projection), new ProjectionRebuild(database.Store).RunAsync(projection));
            if (i > 1) await generations.DropRetiredAsync(TimeSpan.Zero);
        }

        await done.CancelAsync();
        await Task.WhenAll(tasks);
        (await generations.ListAsync("counts")).Count(generation => generation.State == Generation.Live).ShouldBe(1);
    }

    [Fact]
    public async Task A_rebuild_that_fails_leaves_the_live_tables_and_nothing_else()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var projection = new CountProjection();
        await CountProjection.AppendAsync(database.Store, 20);
        var live = await new ProjectionRebuild(database.Store).RunAsync(projection);
        projection.BeforeCommit = _ => throw new InvalidTimeZoneException("planted");
        await Should.ThrowAsync<InvalidTimeZoneException>(() => new ProjectionRebuild(database.Store).RunAsync(projection));
        (await projection.ReadAsync(new ReadModels(database.Store.Source))).ShouldBe((20, 20, 20));
        (await new Generations(database.Store.Source).FindLiveAsync("counts")).ShouldBe(live);
        (await database.LinesAsync("select nspname from pg_namespace where nspname like 'counts%' order by 1")).ShouldBe(["counts_g1", "counts_g2"]);
    }

    [Fact]
    public async Task Verification_finds_every_planted_difference_and_none_where_there_is_none()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var projection = new CountProjection();
        await CountProjection.AppendAsync(database.Store, 100);
        var live = await new ProjectionRebuild(database.Store).RunAsync(projection);
        await CountProjection.AppendAsync(database.Store, 10);
        var verification = new ProjectionVerification(database.Store);
        var clean = await verification.RunAsync(projection);
        clean.IsEqual.ShouldBeTrue();
        clean.Checkpoint.ShouldBe(110);

        await database.ExecuteAsync($"update {live.Schema}.by_stream set total = total + 1 where id = 'c-3'; delete from {live.Schema}.by_stream where id = 'c-4'");
        var found = await verification.RunAsync(projection);
        found.IsEqual.ShouldBeFalse();
        var table = found.Tables.Single(table => !table.IsEqual);
        (table.Table, table.OnlyLive, table.OnlyRebuilt).ShouldBe(("by_stream", 1, 2));
        table.Examples.ShouldContain(example => example.StartsWith("live ") && example.Contains("c-3"));
        table.Examples.ShouldContain(example => example.StartsWith("rebuilt ") && example.Contains("c-4"));
        (await new Generations(database.Store.Source).ListAsync("counts")).ShouldNotContain(generation => generation.State == Generation.Verifying);
    }

    [Fact]
    public async Task Verification_stays_clean_while_events_come_in_and_the_tables_are_rebuilt()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var projection = new CountProjection();
        await CountProjection.AppendAsync(database.Store, 100);
        await new ProjectionRebuild(database.Store).RunAsync(projection);
        using var done = new CancellationTokenSource();
        var noise = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                await CountProjection.AppendAsync(database.Store, 5);
                await new ProjectionRebuild(database.Store).RunAsync(projection);
            }
        });
        for (var i = 0; i < 5; i++) (await new ProjectionVerification(database.Store).RunAsync(projection)).IsEqual.ShouldBeTrue();
        await done.CancelAsync();
        await noise;
    }

    [Fact]
    public async Task Retired_and_abandoned_generations_are_dropped_when_their_time_is_over()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var projection = new CountProjection();
        var generations = new Generations(database.Store.Source);
        await new ProjectionRebuild(database.Store).RunAsync(projection);
        var abandoned = await generations.CreateAsync(projection, Generation.Building);
        var atWork = await generations.CreateAsync(projection, Generation.Verifying);
        await database.ExecuteAsync($"update bookkeeping.generations set changed = now() - interval '61 minutes' where generation = {abandoned!.Number}");
        await generations.DropRetiredAsync(TimeSpan.FromMinutes(10));
        (await generations.ListAsync("counts")).Select(generation => generation.State).ShouldBe([Generation.Retired, Generation.Live, Generation.Verifying]);
        await generations.DropRetiredAsync(TimeSpan.Zero);
        (await generations.ListAsync("counts")).Select(generation => generation.Number).ShouldBe([2, atWork!.Number]);
        (await database.LinesAsync("select nspname from pg_namespace where nspname like 'counts%' order by 1")).ShouldBe(["counts_g2", atWork.Schema]);
        await generations.DropAsync((await generations.FindLiveAsync("counts"))!);
        (await generations.FindLiveAsync("counts")).ShouldNotBeNull();
    }
}

public sealed class ReadModelsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_projection_without_tables_is_missing_and_stands_at_0()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var models = new ReadModels(database.Store.Source);
        await Should.ThrowAsync<ProjectionMissingException>(() => new CountProjection().ReadAsync(models));
        (await models.ReadPositionAsync("counts")).ShouldBe(0);
    }

    [Fact]
    public async Task A_reader_that_knows_an_older_version_finds_the_tables_of_the_newer()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var models = new ReadModels(database.Store.Source);
        await CountProjection.AppendAsync(database.Store, 10);
        await new ProjectionRebuild(database.Store).RunAsync(new CountProjection());
        (await new CountProjection().ReadAsync(models)).Streams.ShouldBe(10);
        await new ProjectionRebuild(database.Store).RunAsync(new CountProjection(2));
        (await new CountProjection(2).ReadAsync(models)).Streams.ShouldBe(10);
        await new ProjectionRebuild(database.Store).RunAsync(new CountProjection(2));
        await new Generations(database.Store.Source).DropRetiredAsync(TimeSpan.Zero);
        (await new CountProjection(2).ReadAsync(models)).Streams.ShouldBe(10);
    }

    [Fact]
    public async Task A_statement_that_fails_spoils_no_connection_for_the_next()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var models = new ReadModels(database.Store.Source);
        await new ProjectionRebuild(database.Store).RunAsync(new CountProjection());
        for (var i = 0; i < 5; i++)
        {
            await Should.ThrowAsync<PostgresException>(() => models.ListAsync("counts", new ReadQuery("select 1 / 0"), reader => reader.GetInt32(0)));
            await Should.ThrowAsync<PostgresException>(() => models.ListAsync("counts", new ReadQuery("select nothing from {schema}.by_stream"), reader => reader.GetInt32(0)));
            await Should.ThrowAsync<InvalidTimeZoneException>(() => models.ListAsync<int>("counts", new ReadQuery("select 1"), _ => throw new InvalidTimeZoneException("planted")));
            (await models.ListAsync("counts", new ReadQuery("select $1::int", 7), reader => reader.GetInt32(0))).Value.ShouldBe([7]);
        }
    }

    [Fact]
    public async Task Waiting_for_a_position_ends_when_it_is_reached_or_patience_does()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var models = new ReadModels(database.Store.Source);
        var projection = new CountProjection();
        await CountProjection.AppendAsync(database.Store, 10);
        var live = await new Generations(database.Store.Source).EnsureLiveAsync(projection);
        (await models.WaitForAsync("counts", 10, TimeSpan.FromMilliseconds(50))).ShouldBeFalse();
        var waiting = models.WaitForAsync("counts", 10, TimeSpan.FromSeconds(10));
        await new ProjectionRunner(database.Store, projection).RunAsync(live, 10);
        (await waiting).ShouldBeTrue();
    }
}

using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Projections;

public sealed class InlineProjectionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Whoever_was_told_of_an_append_reads_its_rows_on_every_node()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(postgres);
        var projection = new CountProjection();
        await using var here = await EventStore.OpenAsync(database.ConnectionString, TestEvents.Types, new EventStoreOptions { Inline = [projection] });
        await using var there = await EventStore.OpenAsync(database.ConnectionString, TestEvents.Types, new EventStoreOptions { Inline = [new CountProjection()] });
        var models = new ReadModels(here.Source);
        var told = 0;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(client => Task.Run(async () =>
        {
            for (var i = 0; i < 15; i++)
            {
                var store = client % 3 == 0 ? there : here;
                var stream = $"s-{client}";
                var result = i % 2 == 0
                    ? await store.AppendAsync(stream, ExpectedVersion.Exactly(i), [new Counted()])
                    : await store.AppendAsync(stream, ExpectedVersion.Any, [new Counted()]);
                var position = result.ShouldBeOfType<AppendResult.Appended>().Position;
                var least = Interlocked.Increment(ref told);
                var read = await projection.ReadAsync(models);
                (read.Streams >= least && read.Streams == read.Overall && read.Position >= position).ShouldBeTrue($"{read} after {least} at {position}");
            }
        })));
        (await projection.ReadAsync(models)).ShouldBe((240, 240, await database.LastDrawnAsync()));
        (await new ProjectionVerification(here).RunAsync(projection)).Tables.ShouldAllBe(table => table.OnlyLive + table.OnlyRebuilt == 0);
    }

    [Fact]
    public async Task An_append_whose_projection_fails_is_written_nowhere_and_harms_no_other()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(postgres);
        var projection = new CountProjection
        {
            BeforeCommit = batch => batch.Events.Any(@event => @event.StreamId == "poison")
                ? batch.ExecuteAsync("select 1 / 0") : Task.CompletedTask,
        };
        await using var store = await EventStore.OpenAsync(database.ConnectionString, TestEvents.Types, new EventStoreOptions { Inline = [projection] });
        var others = Enumerable.Range(0, 40).Select(i => store.AppendAsync($"s-{i}", ExpectedVersion.NoStream, [new Counted()])).ToList();
        (await Should.ThrowAsync<InlineProjectionException>(store.AppendAsync("poison", ExpectedVersion.NoStream, [new Counted()])))
            .InnerException.ShouldBeOfType<PostgresException>().SqlState.ShouldBe(PostgresErrorCodes.DivisionByZero);
        (await Task.WhenAll(others)).ShouldAllBe(result => result is AppendResult.Appended);
        (await database.CountEventsAsync()).ShouldBe(40);
        var read = await projection.ReadAsync(new ReadModels(store.Source));
        (read.Streams, read.Overall).ShouldBe((40, 40));
    }

    [Fact]
    public async Task A_rebuild_swaps_in_while_appends_go_on_and_loses_none()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(postgres);
        var projection = new CountProjection();
        await using var store = await EventStore.OpenAsync(database.ConnectionString, TestEvents.Types, new EventStoreOptions { Inline = [projection] });
        using var done = new CancellationTokenSource();
        var appended = 0;
        var appending = Task.WhenAll(Enumerable.Range(0, 8).Select(client => Task.Run(async () =>
        {
            for (var i = 0; !done.IsCancellationRequested; i++)
            {
                (await store.AppendAsync($"s-{client}", ExpectedVersion.Exactly(i), [new Counted()])).ShouldBeOfType<AppendResult.Appended>();
                Interlocked.Increment(ref appended);
            }
        })));
        for (var i = 0; i < 3; i++) await new ProjectionRebuild(store).RunAsync(projection);
        await done.CancelAsync();
        await appending;
        var read = await projection.ReadAsync(new ReadModels(store.Source));
        (read.Streams, read.Overall).ShouldBe((appended, appended));
    }

    [Fact]
    public async Task A_host_leaves_what_is_applied_inline_to_the_appends()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(postgres);
        var inline = new CountProjection();
        await using var store = await EventStore.OpenAsync(database.ConnectionString, TestEvents.Types, new EventStoreOptions { Inline = [inline] });
        var followed = new CountProjection(name: "followed");
        await using var host = await RunningHost.StartAsync(store, inline, followed);
        await CountProjection.AppendAsync(store, 20);
        // Only who follows the log sees what a foreign writer writes.
        for (var i = 0; i < 5; i++) await database.ExecuteAsync(Store.ForeignWrites.NewStream($"foreign-{i}"));
        await host.UntilAsync(statuses => statuses.All(status => status.Owner is not null) && statuses[1] is { Checkpoint: 25, Error: null });
        var models = new ReadModels(store.Source);
        (await inline.ReadAsync(models)).ShouldBe((20, 20, 20));
        await CountProjection.AppendAsync(store, 20);
        await host.UntilAsync(statuses => statuses.All(status => status is { Checkpoint: 45, Error: null }));
        (await inline.ReadAsync(models)).ShouldBe((40, 40, 45));
        (await followed.ReadAsync(models)).ShouldBe((45, 45, 45));
    }

    [Fact]
    public async Task A_newer_version_is_built_when_a_host_starts_and_no_append_writes_to_the_older_tables_meanwhile()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(postgres);
        await using (var older = await EventStore.OpenAsync(database.ConnectionString, TestEvents.Types, new EventStoreOptions { Inline = [new CountProjection()] }))
            await CountProjection.AppendAsync(older, 30);
        var newer = new CountProjection(2);
        await using var store = await EventStore.OpenAsync(database.ConnectionString, TestEvents.Types, new EventStoreOptions { Inline = [newer] });
        (await Should.ThrowAsync<InlineProjectionException>(CountProjection.AppendAsync(store, 1))).Message.ShouldContain("version 1");
        await using var host = await RunningHost.StartAsync(store, newer);
        await host.UntilAsync(statuses => statuses[0] is { LiveVersion: 2, Error: null });
        await CountProjection.AppendAsync(store, 10);
        var read = await newer.ReadAsync(new ReadModels(store.Source));
        (read.Streams, read.Overall).ShouldBe((40, 40));
        (await new Generations(store.Source).ListAsync("counts")).Select(generation => (generation.Version, generation.State))
            .ShouldBe([(1, Generation.Retired), (2, Generation.Live)]);
    }
}

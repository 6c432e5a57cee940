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
}

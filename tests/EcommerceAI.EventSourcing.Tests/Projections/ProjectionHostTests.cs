using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Projections;

public sealed class ProjectionHostTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_projection_that_throws_stops_alone_and_goes_on_after_the_fix_from_where_it_stood()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var broken = new CountProjection(name: "broken");
        await using var host = await RunningHost.StartAsync(database.Store, new CountProjection(), broken);
        await CountProjection.AppendAsync(database.Store, 20);
        await host.UntilAsync(statuses => statuses.All(status => status.Lag == 0));
        broken.BeforeCommit = _ => throw new InvalidTimeZoneException("planted");
        await CountProjection.AppendAsync(database.Store, 20);
        await host.UntilAsync(statuses => statuses[0] is { Checkpoint: 40, Error: null } && statuses[1] is { Checkpoint: 20, Error: not null, FailedEvent.Position: 21 });
        broken.BeforeCommit = null;
        await host.UntilAsync(statuses => statuses.All(status => status is { Checkpoint: 40, Error: null }));
        (await broken.ReadAsync(new ReadModels(database.Store.Source))).ShouldBe((40, 40, 40));
    }

    [Fact]
    public async Task A_newer_version_is_built_beside_the_old_and_takes_its_place()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await CountProjection.AppendAsync(database.Store, 30);
        await using (var first = await RunningHost.StartAsync(database.Store, new CountProjection())) await first.UntilAsync(statuses => statuses[0].Lag == 0);
        await CountProjection.AppendAsync(database.Store, 10);
        var models = new ReadModels(database.Store.Source);
        var newer = new CountProjection(2);
        await using var second = await RunningHost.StartAsync(database.Store, newer);
        await Wait.UntilAsync(
            async () => (await new Generations(database.Store.Source).FindLiveAsync("counts")) is { Version: 2, Checkpoint: 40 }, "the newer version");
        (await newer.ReadAsync(models)).ShouldBe((40, 40, 40));
        (await new Generations(database.Store.Source).ListAsync("counts")).Select(generation => (generation.Version, generation.State))
            .ShouldBe([(1, Generation.Retired), (2, Generation.Live)]);
    }

    [Fact]
    public async Task A_program_that_only_knows_the_older_version_leaves_the_newer_tables_alone()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var old = await RunningHost.StartAsync(database.Store, new CountProjection());
        await CountProjection.AppendAsync(database.Store, 10);
        await old.UntilAsync(statuses => statuses[0].Checkpoint == 10);
        // The same column names, so that the old definition could write where it should not.
        var newer = new SameTables(2);
        await new ProjectionRebuild(database.Store).RunAsync(newer);
        await CountProjection.AppendAsync(database.Store, 10);
        await old.UntilAsync(statuses => statuses[0].Error?.Contains("version 2", StringComparison.Ordinal) == true);
        (await new Generations(database.Store.Source).FindLiveAsync("counts"))!.Checkpoint.ShouldBe(10);
    }

    [Fact]
    public async Task Whoever_moves_the_mark_the_projections_hear_of_it()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var host = await RunningHost.StartAsync(database.Store, new CountProjection());
        for (var i = 1; i <= 20; i++)
        {
            await database.ExecuteAsync(ForeignStream(i));
            // No notification, and somebody else is the first to look.
            (await database.Store.HighWater.ReadAsync()).ShouldBe(i);
            if (i % 5 == 0) await host.UntilAsync(statuses => statuses[0].Checkpoint == i);
        }
    }

    [Fact]
    public async Task Projections_survive_the_loss_of_every_connection_and_say_so_only_while_it_lasts()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var host = await RunningHost.StartAsync(database.Store, new CountProjection());
        for (var i = 1; i <= 5; i++)
        {
            await CountProjection.AppendAsync(database.Store, 10);
            await database.KillBackendsAsync();
            await host.UntilAsync(statuses => statuses[0] is { Error: null } status && status.Checkpoint == 10 * i);
        }
    }

    private static string ForeignStream(int i) => Store.ForeignWrites.NewStream($"f-{i}");

    /// <summary>The tables of version 1 under a higher version.</summary>
    private sealed class SameTables(int version) : IProjection
    {
        private readonly CountProjection _counts = new();

        public string Name => _counts.Name;

        public int Version => version;

        public IReadOnlyList<Type> Handles => _counts.Handles;

        public string Tables => _counts.Tables;

        public Task ApplyAsync(ProjectionBatch batch, CancellationToken cancellation) => _counts.ApplyAsync(batch, cancellation);
    }
}

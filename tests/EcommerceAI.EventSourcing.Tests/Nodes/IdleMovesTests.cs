using EcommerceAI.EventSourcing.Nodes;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.EventSourcing.Tests.Projections;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Nodes;

public sealed class IdleMovesTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_checkpoint_moves_only_under_its_lease_and_from_where_it_stands()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var generations = new Generations(database.Store.Source);
        var live = await generations.EnsureLiveAsync(new CountProjection());
        var leases = new Leases(database.Store.Source);
        var lease = (await leases.TryAcquireAsync("a"))!;

        (await database.Store.IdleMoves.MoveAsync(lease, live, 7)).ShouldBeTrue();
        (await database.Store.IdleMoves.MoveAsync(lease, live, 9)).ShouldBeFalse();
        (await database.Store.IdleMoves.MoveAsync(lease with { Token = lease.Token + 1 }, live with { Checkpoint = 7 }, 9)).ShouldBeFalse();
        (await database.Store.IdleMoves.MoveAsync(lease, "nobody", 0, 9)).ShouldBeFalse();
        await database.ExecuteAsync("update bookkeeping.generations set state = 'retired'");
        (await database.Store.IdleMoves.MoveAsync(lease, live with { Checkpoint = 7 }, 9)).ShouldBeFalse();
        (await database.ScalarAsync<long>("select checkpoint from bookkeeping.generations")).ShouldBe(7);
    }

    [Fact]
    public async Task A_checkpoint_that_somebody_has_locked_keeps_no_other_waiting()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var generations = new Generations(database.Store.Source);
        var lease = (await new Leases(database.Store.Source).TryAcquireAsync("a"))!;
        var live = new List<Generation>();
        for (var i = 0; i < 20; i++) live.Add(await generations.EnsureLiveAsync(new CountProjection(name: $"p{i}")));
        await using var connection = await database.ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var hold = new Npgsql.NpgsqlCommand("select from bookkeeping.generations where projection = 'p3' for update", connection))
            await hold.ExecuteNonQueryAsync();

        var moved = await Task.WhenAll(live.Select(generation => database.Store.IdleMoves.MoveAsync(lease, generation, 5)));
        moved.Select((isMoved, i) => (isMoved, i)).Where(move => !move.isMoved).Select(move => move.i).ShouldBe([3]);
        await transaction.RollbackAsync();
        (await database.Store.IdleMoves.MoveAsync(lease, live[3], 5)).ShouldBeTrue();
        (await database.ScalarAsync<long>("select count(*) from bookkeeping.generations where checkpoint = 5")).ShouldBe(20);
    }

    [Fact]
    public async Task Projections_that_no_event_concerns_stand_at_the_end_of_the_log_after_each()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var idle = Enumerable.Range(0, 12).Select(i => (IProjection)new CountProjection(name: $"idle{i}")).ToArray();
        await using var host = await RunningHost.StartAsync(database.Store, idle);
        await host.UntilAsync(statuses => statuses.All(status => status.LiveVersion == 1));
        for (var i = 1; i <= 30; i++)
        {
            await database.Store.AppendAsync("s", ExpectedVersion.Any, [new Renamed("n")]);
            var end = i;
            await host.UntilAsync(statuses => statuses.All(status => status.Checkpoint == end && status.Error is null));
        }
    }
}

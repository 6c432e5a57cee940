using EcommerceAI.EventSourcing.Nodes;
using EcommerceAI.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Nodes;

public sealed class LeaseTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Expire = "update bookkeeping.leases set expires = clock_timestamp()";

    [Fact]
    public async Task A_shard_has_one_owner_and_the_token_rises_with_every_takeover()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var (one, two) = (Node(database, "one"), Node(database, "two"));
        var first = (await one.TryAcquireAsync("s"))!;
        first.ShouldSatisfyAllConditions(lease => lease.Owner.ShouldBe("one"), lease => lease.Token.ShouldBe(1));
        (await two.TryAcquireAsync("s")).ShouldBeNull();
        await database.ExecuteAsync(Expire);
        (await two.TryAcquireAsync("s"))!.Token.ShouldBe(2);
        (await one.TryAcquireAsync("s")).ShouldBeNull();
        (await one.RenewAsync([first])).ShouldBeEmpty();
        await one.ReleaseAsync(first);
        (await one.ListAsync()).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            lease => lease.Owner.ShouldBe("two"), lease => lease.IsHeld.ShouldBeTrue(), lease => lease.Token.ShouldBe(2));
    }

    [Fact]
    public async Task A_lease_given_back_is_free_at_once_and_one_that_is_renewed_stays()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var (one, two) = (Node(database, "one"), Node(database, "two"));
        var (kept, given) = ((await one.TryAcquireAsync("kept"))!, (await one.TryAcquireAsync("given"))!);
        await database.ExecuteAsync("update bookkeeping.leases set expires = clock_timestamp() + interval '50 milliseconds' where shard = 'kept'");
        (await one.RenewAsync([kept, given])).Order(StringComparer.Ordinal).ShouldBe(["given", "kept"]);
        (await database.ScalarAsync<bool>("select bool_and(expires > clock_timestamp() + interval '2 seconds') from bookkeeping.leases")).ShouldBeTrue();
        await one.ReleaseAsync(given);
        (await two.TryAcquireAsync("given"))!.Token.ShouldBe(2);
        (await two.TryAcquireAsync("kept")).ShouldBeNull();
    }

    [Fact]
    public async Task Of_many_that_ask_at_once_one_gets_the_shard()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        for (var round = 1; round <= 10; round++)
        {
            var asked = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Node(database, $"{round}-{i}").TryAcquireAsync("s"))));
            asked.OfType<Lease>().ShouldHaveSingleItem().Token.ShouldBe(round);
            await database.ExecuteAsync(Expire);
        }
    }

    [Fact]
    public async Task An_owner_that_was_replaced_cannot_write()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var old = (await Node(database, "one").TryAcquireAsync("s"))!;
        await database.ExecuteAsync(Expire);
        await Node(database, "two").TryAcquireAsync("s");
        await using var connection = await database.Store.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await Should.ThrowAsync<LeaseLostException>(() => old.GuardAsync(connection));
    }

    [Fact]
    public async Task A_guarded_transaction_lets_renewals_through_and_holds_off_a_takeover_while_the_owner_lives()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var (one, two) = (Node(database, "one"), Node(database, "two"));
        var lease = (await one.TryAcquireAsync("s"))!;
        await using var connection = await database.Store.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await lease.GuardAsync(connection);
        (await one.RenewAsync([lease])).ShouldBe(["s"]);
        (await two.TryAcquireAsync("s")).ShouldBeNull();
        await transaction.CommitAsync();
        (await one.RenewAsync([lease])).ShouldBe(["s"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_takes_over_ends_the_sessions_in_which_the_silent_owner_still_writes(bool copies)
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.ExecuteAsync("create table written (n int)");
        var lease = (await new Leases(
            database.Store.Source, new LeaseOptions { Owner = "one", IdleInTransaction = TimeSpan.FromMinutes(1) }).TryAcquireAsync("s"))!;
        await using var connection = await database.Store.Source.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await lease.GuardAsync(connection);
        // In the middle of a COPY the server waits for its client for ever, whatever its time-outs say.
        var copy = copies ? await connection.BeginBinaryImportAsync("copy written from stdin (format binary)") : null;
        if (copy is not null) await copy.WriteRowAsync(default, 1);
        await database.ExecuteAsync(Expire);
        (await Node(database, "two").TryAcquireAsync("s"))!.Token.ShouldBe(2);
        await Should.ThrowAsync<Exception>(async () =>
        {
            if (copy is not null) await copy.CompleteAsync();
            await using var insert = new NpgsqlCommand("insert into written values (1)", connection, transaction);
            await insert.ExecuteNonQueryAsync();
        });
        (await database.ScalarAsync<long>("select count(*) from written")).ShouldBe(0);
    }

    [Fact]
    public async Task A_frozen_client_loses_its_transaction_before_its_lease_runs_out()
    {
        new LeaseOptions().ShouldSatisfyAllConditions(
            times => times.IdleInTransaction.ShouldBeLessThan(times.Duration), times => times.Renewal.ShouldBeLessThan(times.Duration / 2));
        await using var database = await TestDatabase.CreateAsync(postgres);
        var quick = new LeaseOptions { Owner = "one", IdleInTransaction = TimeSpan.FromMilliseconds(100) };
        var lease = (await new Leases(database.Store.Source, quick).TryAcquireAsync("s"))!;
        await using var connection = await database.Store.Source.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await lease.GuardAsync(connection);
        await Wait.UntilAsync(
            async () => await database.ScalarAsync<long>("select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())") == 0,
            "the server to end the session");
        await Should.ThrowAsync<Exception>(() => transaction.CommitAsync());
    }

    private static Leases Node(TestDatabase database, string name) => new(database.Store.Source, new LeaseOptions { Owner = name });
}

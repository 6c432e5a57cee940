using EcommerceAI.EventSourcing.Commands;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Commands;

public sealed class CommandHandlerTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task The_same_key_and_request_get_the_first_answer_again_a_rejection_too()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        using var handler = Handler(database.Store);
        var first = (await handler.HandleAsync(Context("k"), Count("a"))).ShouldBeOfType<CommandOutcome.Accepted>();
        (first.Version, first.Position, first.Reply!.Value.GetProperty("now").GetInt32()).ShouldBe((1, 1, 1));
        var again = (await handler.HandleAsync(Context("k"), Count("a"))).ShouldBeOfType<CommandOutcome.Accepted>();
        (again.Version, again.Position, again.Reply!.Value.GetProperty("now").GetInt32()).ShouldBe((1, 1, 1));

        var no = CommandDecision.Reject(new CommandRejection("too_many", "Too many.", "by"));
        (await handler.HandleAsync(Context("no"), _ => Task.FromResult(no))).ShouldBeOfType<CommandOutcome.Rejected>().Rejections.ShouldBe(no.Rejections);
        (await handler.HandleAsync(Context("no"), Count("a"))).ShouldBeOfType<CommandOutcome.Rejected>().Rejections.ShouldBe(no.Rejections);
        (await handler.HandleAsync(Context("k", "another principal"), Count("a"))).ShouldBeOfType<CommandOutcome.Accepted>().Version.ShouldBe(2);
        (await database.CountEventsAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task A_key_that_was_used_for_another_request_is_refused()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        using var handler = Handler(database.Store);
        await handler.HandleAsync(Context("k"), Count("a"));
        (await handler.HandleAsync(Context("k") with { RequestHash = [9] }, Count("a"))).ShouldBeOfType<CommandOutcome.KeyReused>();
        (await database.CountEventsAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_key_whose_request_is_being_worked_on_is_in_flight()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        using var handler = Handler(database.Store);
        var inside = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        var first = handler.HandleAsync(Context("k"), async session =>
        {
            inside.TrySetResult();
            await go.Task;
            return await Count("a")(session);
        });
        await inside.Task;
        (await handler.HandleAsync(Context("k"), Count("a"))).ShouldBeOfType<CommandOutcome.InFlight>();
        go.SetResult();
        (await first).ShouldBeOfType<CommandOutcome.Accepted>();
        (await handler.HandleAsync(Context("k"), Count("a"))).ShouldBeOfType<CommandOutcome.Accepted>().Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_decider_that_throws_leaves_its_key_free()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        using var handler = Handler(database.Store);
        await Should.ThrowAsync<InvalidTimeZoneException>(() => handler.HandleAsync(Context("k"), _ => throw new InvalidTimeZoneException("planted")));
        (await handler.HandleAsync(Context("k"), Count("a"))).ShouldBeOfType<CommandOutcome.Accepted>();
    }

    [Fact]
    public async Task Two_nodes_with_the_same_key_at_once_have_one_effect_and_one_answer()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var other = await database.OpenAsync();
        using var here = Handler(database.Store);
        using var there = Handler(other);
        for (var i = 0; i < 30; i++)
        {
            var key = $"k-{i}";
            var stream = i % 2 == 0 ? "shared" : $"own-{i}";
            var outcomes = await Task.WhenAll(here.HandleAsync(Context(key), Count(stream)), there.HandleAsync(Context(key), Count(stream)));
            var accepted = outcomes.Select(outcome => outcome.ShouldBeOfType<CommandOutcome.Accepted>()).ToArray();
            (accepted[0].Version, accepted[0].Position).ShouldBe((accepted[1].Version, accepted[1].Position));
        }

        (await database.CountEventsAsync()).ShouldBe(30);
    }

    [Fact]
    public async Task A_version_that_the_caller_named_and_the_stream_has_not_is_a_mismatch()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        using var handler = Handler(database.Store);
        await handler.HandleAsync(Context(null), Count("a"));
        (await handler.HandleAsync(Context(null), Count("a", 0))).ShouldBe(new CommandOutcome.VersionMismatch("a", 0, 1));
        (await handler.HandleAsync(Context("k"), Count("a", 7))).ShouldBe(new CommandOutcome.VersionMismatch("a", 7, 1));
        (await handler.HandleAsync(Context("k"), Count("a", 1))).ShouldBeOfType<CommandOutcome.Accepted>().Version.ShouldBe(2);
        (await handler.HandleAsync(Context("k"), Count("a", 1))).ShouldBeOfType<CommandOutcome.Accepted>().Version.ShouldBe(2);
        (await database.CountEventsAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task A_command_that_lost_to_another_writer_decides_again_on_the_new_state()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        using var handler = Handler(database.Store);
        var seen = new List<int>();
        var outcome = await handler.HandleAsync(Context("k"), async session =>
        {
            var state = await session.LoadAsync("a", 0, TestEvents.Count);
            seen.Add(state);
            if (seen.Count < 3) await database.Store.AppendAsync("a", ExpectedVersion.Any, [new Counted(10)]);
            session.Append("a", [new Counted(1)]);
            return CommandDecision.Accept();
        });
        seen.ShouldBe([0, 10, 20]);
        outcome.ShouldBeOfType<CommandOutcome.Accepted>().Version.ShouldBe(3);
    }

    [Fact]
    public async Task A_stream_that_moved_between_two_loads_of_one_attempt_is_a_conflict()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        using var handler = Handler(database.Store);
        var attempts = 0;
        await handler.HandleAsync(Context(null), async session =>
        {
            var before = await session.LoadAsync("a", 0, TestEvents.Count);
            if (attempts++ == 0) await database.Store.AppendAsync("a", ExpectedVersion.Any, [new Counted(10)]);
            await session.LoadAsync("a", 0, TestEvents.Count);
            session.Append("a", [new Renamed($"decided on {before}")]);
            return CommandDecision.Accept();
        });
        attempts.ShouldBe(2);
        (await database.Store.ReadAllAsync(0).LastAsync()).Data.ShouldBe(new Renamed("decided on 10"));
    }

    [Fact]
    public async Task Every_command_accepted_on_a_hot_stream_counts_exactly_once()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var other = await database.OpenAsync();
        using var here = Handler(database.Store);
        using var there = Handler(other);
        var accepted = 0;
        var contended = 0;
        await Task.WhenAll(Enumerable.Range(0, 32).Select(client => Task.Run(async () =>
        {
            for (var i = 0; i < 3; i++)
            {
                CommandOutcome outcome;
                do
                {
                    outcome = await (client % 4 == 0 ? there : here).HandleAsync(Context($"{client}-{i}"), Count("hot"));
                    if (outcome is CommandOutcome.Contended) Interlocked.Increment(ref contended);
                }
                while (outcome is CommandOutcome.Contended);
                outcome.ShouldBeOfType<CommandOutcome.Accepted>();
                Interlocked.Increment(ref accepted);
            }
        })));
        accepted.ShouldBe(96);
        var state = await database.Store.LoadAsync("hot", 0, TestEvents.Count);
        (state.State, state.Version).ShouldBe((96, 96L));
        (await database.ScalarAsync<long>("select count(*) from bookkeeping.receipts")).ShouldBe(96);
    }

    [Fact]
    public async Task An_archived_stream_refuses_the_command()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        using var handler = Handler(database.Store);
        await handler.HandleAsync(Context(null), Count("a"));
        await database.ExecuteAsync("update events.mt_streams set is_archived = true");
        (await handler.HandleAsync(Context("k"), Count("a"))).ShouldBe(new CommandOutcome.StreamArchived("a"));
    }

    [Fact]
    public async Task Keys_are_forgotten_after_their_retention_and_not_before()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        using var handler = Handler(database.Store);
        await handler.HandleAsync(Context("old"), Count("a"));
        await handler.HandleAsync(Context("young"), Count("a"));
        await database.ExecuteAsync("update bookkeeping.receipts set created = now() - interval '30 days 1 minute' where key = 'old'");
        await database.ExecuteAsync("update bookkeeping.receipts set created = now() - interval '29 days 23 hours' where key = 'young'");
        (await new Receipts(database.Store.Source).SweepAsync()).ShouldBe(1);
        (await handler.HandleAsync(Context("young"), Count("a"))).ShouldBeOfType<CommandOutcome.Accepted>().Version.ShouldBe(2);
        (await handler.HandleAsync(Context("old"), Count("a"))).ShouldBeOfType<CommandOutcome.Accepted>().Version.ShouldBe(3);
    }

    private static CommandHandler Handler(EventStore store) => new(store, new Receipts(store.Source));

    private static CommandContext Context(string? key, string principal = "someone") => new(principal, key, [1]);

    private static Func<CommandSession, Task<CommandDecision>> Count(string streamId, long? expected = null) => async session =>
    {
        var state = await session.LoadAsync(streamId, 0, TestEvents.Count, expected);
        session.Append(streamId, [new Counted()]);
        return CommandDecision.Accept(new { now = state + 1 });
    };
}

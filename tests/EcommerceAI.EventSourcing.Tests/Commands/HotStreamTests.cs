using EcommerceAI.EventSourcing.Commands;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Commands;

public sealed class HotStreamTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    /// <summary>Decides on the count: refuses from a limit on, else counts one more and notes on which count it decided.</summary>
    private static Func<CommandSession, Task<CommandDecision>> CountTo(int limit, string stream = "hot") => async session =>
    {
        var count = await session.LoadAsync(stream, 0, TestEvents.Count);
        if (count >= limit) return CommandDecision.Reject(new CommandRejection("full", $"{count}"));
        session.Append(stream, [new Counted(1, $"{count}")]);
        return CommandDecision.Accept(new { count });
    };

    [Fact]
    public async Task Commands_on_one_stream_are_decided_one_after_another_and_committed_together()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        using var handler = new CommandHandler(database.Store, new Receipts(database.Store.Source));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(() =>
            handler.HandleAsync(new CommandContext("p", i % 2 == 0 ? $"k{i}" : null, []), CountTo(300)))));
        outcomes.Count(outcome => outcome is CommandOutcome.Accepted).ShouldBe(300);
        outcomes.OfType<CommandOutcome.Rejected>().ShouldAllBe(outcome => outcome.Rejections[0].Message == "300");
        outcomes.OfType<CommandOutcome.Accepted>().Select(outcome => outcome.Version).Order().ShouldBe(Enumerable.Range(1, 300).Select(i => (long)i));
        (await database.LinesAsync("select data ->> 'mark' from events.mt_events order by version")).ShouldBe(Enumerable.Range(0, 300).Select(i => $"{i}"));
        (await database.ScalarAsync<long>("select count(distinct xmin::text) from events.mt_events")).ShouldBeLessThan(150);
    }

    [Fact]
    public async Task A_decision_that_rested_on_an_append_that_lost_is_taken_again()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        using var handler = new CommandHandler(database.Store, new Receipts(database.Store.Source));
        (await handler.HandleAsync(new CommandContext("p", null, []), CountTo(1000))).ShouldBeOfType<CommandOutcome.Accepted>();
        await using var foreign = await database.OpenAsync();
        for (var round = 0; round < 10; round++)
        {
            var commands = Enumerable.Range(0, 20).Select(_ => Task.Run(() => handler.HandleAsync(new CommandContext("p", null, []), CountTo(1000)))).ToList();
            await foreign.AppendAsync("hot", ExpectedVersion.Any, [new Counted(1, "foreign")]);
            (await Task.WhenAll(commands)).ShouldAllBe(outcome => outcome is CommandOutcome.Accepted);
        }

        var marks = await database.LinesAsync("select version - 1 || ' ' || (data ->> 'mark') from events.mt_events order by version");
        marks.Count.ShouldBe(211);
        marks.Where(mark => !mark.EndsWith("foreign", StringComparison.Ordinal)).ShouldAllBe(mark => mark.Split(' ', StringSplitOptions.None)[0] == mark.Split(' ', StringSplitOptions.None)[1]);
    }

    [Fact]
    public async Task An_append_is_written_only_after_what_it_rests_on_and_holds_on_to_it_no_longer()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.Store.AppendAsync("taken", ExpectedVersion.NoStream, [new Counted()]);
        var lost = await database.Store.EnqueueAsync(new AppendRequest([Next("taken", 0)]), [], default);
        var doomed = await database.Store.EnqueueAsync(new AppendRequest([Next("free", 0)]), [lost], default);
        (await doomed.Completion).ShouldBeOfType<AppendResult.VersionConflict>().StreamId.ShouldBe("free");
        (await lost.Completion).ShouldBeOfType<AppendResult.VersionConflict>().StreamId.ShouldBe("taken");

        PendingAppend? before = null;
        for (var i = 0; i < 50; i++) before = await database.Store.EnqueueAsync(new AppendRequest([Next("row", i)]), before is null ? [] : [before], default);
        (await before!.Completion).ShouldBeOfType<AppendResult.Appended>().Versions.ShouldBe([50L]);
        before.After.ShouldBeEmpty();

        static StreamAppend Next(string stream, long version) => new(stream, ExpectedVersion.Exactly(version), [new NewEvent(new Counted())]);
    }

    [Fact]
    public async Task A_no_is_told_only_when_what_it_rests_on_is_durable()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        using var handler = new CommandHandler(database.Store, new Receipts(database.Store.Source));
        await handler.HandleAsync(new CommandContext("p", null, []), CountTo(2));
        await using var session = await database.ConnectAsync();
        await using var transaction = await session.BeginTransactionAsync();
        await using (var hold = new Npgsql.NpgsqlCommand("select 1 from events.mt_streams where id = 'hot' for update", session)) await hold.ExecuteScalarAsync();
        var second = handler.HandleAsync(new CommandContext("p", null, []), CountTo(2));
        var refused = handler.HandleAsync(new CommandContext("p", "k", []), CountTo(2));
        // Both have decided: whoever loads another stream meanwhile gets through, and the two still wait for the row.
        (await handler.HandleAsync(new CommandContext("p", null, []), CountTo(2, "other"))).ShouldBeOfType<CommandOutcome.Accepted>();
        refused.IsCompleted.ShouldBeFalse();
        await transaction.RollbackAsync();
        (await second).ShouldBeOfType<CommandOutcome.Accepted>();
        (await refused).ShouldBeOfType<CommandOutcome.Rejected>();
    }

    [Fact]
    public async Task A_no_and_a_version_that_differs_are_not_told_from_a_kept_state_that_another_node_has_moved()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var other = await database.OpenAsync();
        using var handler = new CommandHandler(database.Store, new Receipts(database.Store.Source));
        await handler.HandleAsync(new CommandContext("p", null, []), CountTo(1));
        await other.AppendAsync("hot", ExpectedVersion.Exactly(1), [new Counted(-1, "taken back")]);
        (await handler.HandleAsync(new CommandContext("p", null, []), CountTo(1))).ShouldBeOfType<CommandOutcome.Accepted>();
        await other.AppendAsync("hot", ExpectedVersion.Exactly(3), [new Counted(-1, "taken back")]);
        (await handler.HandleAsync(new CommandContext("p", null, []), async session =>
        {
            await session.LoadAsync("hot", 0, TestEvents.Count, expectedVersion: 4);
            return CommandDecision.Accept();
        })).ShouldBe(new CommandOutcome.Accepted(4, 0, null));
    }
}

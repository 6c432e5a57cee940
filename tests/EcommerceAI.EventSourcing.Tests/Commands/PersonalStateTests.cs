using EcommerceAI.EventSourcing.Commands;
using EcommerceAI.EventSourcing.Tests.Privacy;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Commands;

/// <summary>What commands keep in memory, and what they may not.</summary>
public sealed class PersonalStateTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task No_command_sees_a_forgotten_text_once_its_key_is_destroyed()
    {
        await using var database = await MemberDatabase.CreateAsync(postgres);
        using var handler = new CommandHandler(database.Store, new Receipts(database.Store.Source));
        (await LoadAsync(handler, MemberEvents.Ada)).ShouldBe("");
        (await LoadAsync(handler, new Counted())).ShouldBe(MemberEvents.Ada.Name);
        (await LoadAsync(handler)).ShouldBe(MemberEvents.Ada.Name);

        await database.Store.Keys.DestroyAsync("member", "m1");

        (await LoadAsync(handler)).ShouldBe("[forgotten]");
    }

    [Fact]
    public async Task Commands_that_rest_on_one_another_before_they_are_durable_keep_nothing_personal_either()
    {
        await using var database = await MemberDatabase.CreateAsync(postgres);
        using var handler = new CommandHandler(database.Store, new Receipts(database.Store.Source));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => LoadAsync(handler, i == 0 ? MemberEvents.Ada : new Counted())));
        await database.Store.Keys.DestroyAsync("member", "m1");
        (await LoadAsync(handler)).ShouldBe("[forgotten]");
    }

    [Fact]
    public async Task States_without_personal_data_are_kept_and_others_are_not()
    {
        await using var database = await MemberDatabase.CreateAsync(postgres);
        await database.AppendAsync("member-m1", new Counted(), MemberEvents.Ada);
        await database.AppendAsync("count-1", new Counted(), new Counted());
        using var cache = new StateCache(database.Store, []);
        (await cache.LoadAsync("member-m1", "", Name, default)).State.ShouldBe(MemberEvents.Ada.Name);
        (await cache.LoadAsync("count-1", 0, TestEvents.Count, default)).State.ShouldBe(2);
        cache.TryGet<string>("member-m1", out _).ShouldBeFalse();
        cache.TryGet<int>("count-1", out var known).ShouldBeTrue();
        known.Version.ShouldBe(2);
    }

    private static string Name(string state, object data) => data is MemberJoined joined ? joined.Name : state;

    /// <summary>What a command saw, which then appends.</summary>
    private static async Task<string> LoadAsync(CommandHandler handler, params object[] events)
    {
        var seen = "";
        var outcome = await handler.HandleAsync(new CommandContext("someone", null, []), async session =>
        {
            seen = await session.LoadAsync("member-m1", "", Name);
            session.Append("member-m1", events);
            return CommandDecision.Accept();
        });
        outcome.ShouldBeOfType<CommandOutcome.Accepted>();
        return seen;
    }
}

using System.Diagnostics;
using EcommerceAI.EventSourcing.Privacy;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Privacy;

public sealed class ForgettingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly MemberJoined Nobody = new("m1", "[forgotten]", null, [new("[forgotten]", 5), new("[forgotten]")]);

    [Fact]
    public async Task A_forgotten_text_reads_as_null_or_as_a_marker_now_and_as_of_any_point()
    {
        await using var database = await MemberDatabase.CreateAsync(postgres);
        await database.AppendAsync("member-m1", MemberEvents.Ada);
        await database.AppendAsync("member-m1", new MemberLeft("m1"));
        await database.Store.Keys.DestroyAsync("member", "m1");

        (await database.Store.ReadMemberAsync()).ShouldBeEquivalentTo(Nobody);
        var asOf = await database.Store.LoadAsync("member-m1", "", (state, data) => data is MemberJoined joined ? joined.Name : state, new StreamPoint.AtVersion(1));
        asOf.ShouldBe(new StreamState<string>("[forgotten]", 1));
        (await database.Store.ReadAllAsync(0).Select(@event => @event.Type).ToListAsync()).ShouldBe(["member_joined", "member_left"]);
    }

    [Fact]
    public async Task No_node_reads_a_forgotten_text_for_longer_than_a_key_lives_in_memory()
    {
        await using var database = await MemberDatabase.CreateAsync(postgres);
        await using var other = await database.OpenAnotherAsync();
        await database.AppendAsync("member-m1", MemberEvents.Ada);
        (await other.ReadMemberAsync()).Name.ShouldBe(MemberEvents.Ada.Name);

        await database.Store.Keys.DestroyAsync("member", "m1");
        var destroyed = Stopwatch.GetTimestamp();

        (await database.Store.ReadMemberAsync()).Name.ShouldBe("[forgotten]");
        await Wait.UntilAsync(async () => (await other.ReadMemberAsync()).Name == "[forgotten]", "the other node");
        Stopwatch.GetElapsedTime(destroyed).ShouldBeLessThan(SubjectKeys.Lifetime + TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task What_comes_late_of_a_forgotten_subject_is_kept_without_the_person()
    {
        await using var database = await MemberDatabase.CreateAsync(postgres);
        await database.Store.Keys.DestroyAsync("member", "m1");
        await database.AppendAsync("member-m1", MemberEvents.Ada);

        (await database.Sql.ScalarAsync<string>("select data ->> 'name' from events.mt_events")).ShouldBe("[forgotten]");
        (await database.Store.ReadMemberAsync()).ShouldBeEquivalentTo(Nobody);
    }

    [Fact]
    public async Task What_was_interrupted_between_the_event_and_its_key_is_finished_from_the_log_once()
    {
        await using var database = await MemberDatabase.CreateAsync(postgres);
        for (var i = 0; i < 3; i++) await database.AppendAsync($"member-m{i}", MemberEvents.Ada with { MemberId = $"m{i}" });
        await database.AppendAsync("member-m1", new MemberLeft("m1"));
        await using var restarted = await database.OpenAnotherAsync();
        var forgetting = new Forgetting(restarted, []);

        (await forgetting.DestroyKeysAsync()).ShouldBe(1);
        (await forgetting.DestroyKeysAsync()).ShouldBe(0);

        (await restarted.ReadMemberAsync()).ShouldBeEquivalentTo(Nobody);
        (await restarted.ReadMemberAsync("member-m2")).Name.ShouldBe(MemberEvents.Ada.Name);
        await database.AppendAsync("member-m2", new MemberLeft("m2"));
        (await Task.WhenAll(forgetting.DestroyKeysAsync(), new Forgetting(database.Store, []).DestroyKeysAsync())).Sum().ShouldBe(1);
    }

    [Fact]
    public async Task An_event_that_names_nobody_keeps_nobody_from_being_forgotten()
    {
        await using var database = await MemberDatabase.CreateAsync(postgres);
        await database.AppendAsync("member-m1", MemberEvents.Ada);
        await database.AppendAsync("member-x", new MemberLeft("a:b"), new MemberLeft(null!), new MemberLeft("m1"));
        (await new Forgetting(database.Store, []).DestroyKeysAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task No_byte_of_a_destroyed_key_stays_in_the_tables_files()
    {
        await using var database = await MemberDatabase.CreateAsync(postgres);
        await database.AppendAsync("member-m1", MemberEvents.Ada);
        await database.AppendAsync("member-m2", MemberEvents.Ada with { MemberId = "m2" });
        var keys = (await database.Sql.LinesAsync("select encode(key, 'hex') from bookkeeping.subject_keys order by id")).ConvertAll(Convert.FromHexString);
        await database.Sql.ExecuteAsync("analyze");
        (await PhysicalFiles.FindAsync(database.Sql, keys[0])).ShouldBe(["bookkeeping.subject_keys"]);

        await database.Store.Keys.DestroyAsync("member", "m1");
        (await PhysicalFiles.FindAsync(database.Sql, keys[0])).ShouldBe(["bookkeeping.subject_keys"], "the dead row is why the table is rewritten");
        var forgetting = new Forgetting(database.Store, []);
        await Wait.UntilAsync(() => forgetting.ScrubAsync(), "the scrub");

        (await PhysicalFiles.FindAsync(database.Sql, keys[0])).ShouldBeEmpty();
        (await PhysicalFiles.FindAsync(database.Sql, keys[1])).ShouldBe(["bookkeeping.subject_keys"]);
        (await database.Store.ReadMemberAsync("member-m2")).Name.ShouldBe(MemberEvents.Ada.Name);
    }

    [Fact]
    public async Task A_transaction_of_another_database_that_is_older_than_the_destruction_holds_the_rewriting_back()
    {
        await using var database = await MemberDatabase.CreateAsync(postgres);
        await using var other = await MemberDatabase.CreateAsync(postgres);
        await database.AppendAsync("member-m1", MemberEvents.Ada);
        var key = Convert.FromHexString((await database.Sql.LinesAsync("select encode(key, 'hex') from bookkeeping.subject_keys")).ShouldHaveSingleItem());
        await using var writer = await other.Sql.ConnectAsync();
        await using var transaction = await writer.BeginTransactionAsync();
        await using (var begin = new Npgsql.NpgsqlCommand("select pg_current_xact_id()", writer)) await begin.ExecuteScalarAsync();
        await database.Store.Keys.DestroyAsync("member", "m1");
        var forgetting = new Forgetting(database.Store, []);

        (await forgetting.ScrubAsync()).ShouldBeFalse();
        await transaction.RollbackAsync();
        await Wait.UntilAsync(() => forgetting.ScrubAsync(), "the scrub");
        (await PhysicalFiles.FindAsync(database.Sql, key)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_table_is_not_rewritten_while_somebody_may_still_look_at_its_dead_rows()
    {
        await using var database = await MemberDatabase.CreateAsync(postgres);
        await database.AppendAsync("member-m1", MemberEvents.Ada);
        await using var reader = await database.Sql.ConnectAsync();
        await using var transaction = await reader.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        await using (var look = new Npgsql.NpgsqlCommand("select count(*) from events.mt_events", reader)) await look.ExecuteScalarAsync();
        await database.Store.Keys.DestroyAsync("member", "m1");
        var forgetting = new Forgetting(database.Store, []);

        (await forgetting.ScrubAsync()).ShouldBeFalse();
        await transaction.RollbackAsync();
        await Wait.UntilAsync(() => forgetting.ScrubAsync(), "the scrub");
    }

    [Fact]
    public async Task What_the_law_wants_kept_outlives_its_subject_until_its_time_is_over()
    {
        await using var database = await MemberDatabase.CreateAsync(postgres);
        var moment = new DateTimeOffset(2024, 5, 1, 12, 0, 0, TimeSpan.Zero);
        var billed = new MemberBilled("m1", "Ada Lövelace", 1200);
        await database.Store.AppendAsync(new AppendRequest(
            [new StreamAppend("bill-1", ExpectedVersion.Any, [new NewEvent(MemberEvents.Ada), new NewEvent(billed, null, moment)])]));
        (await database.Sql.LinesAsync("select id, expires at time zone 'UTC' from bookkeeping.subject_keys order by id"))
            .ShouldBe(["member/m1 ", "member/m1#invoice-2024 01/01/2035 00:00:00"]);

        await database.Store.Keys.DestroyAsync("member", "m1");
        await using (var other = await database.OpenAnotherAsync())
            (await other.Reader.ReadStreamAsync("bill-1").Select(@event => @event.Data).LastAsync()).ShouldBe(billed);

        await database.Sql.ExecuteAsync("update bookkeeping.subject_keys set expires = now() where expires is not null");
        (await new Forgetting(database.Store, []).DestroyKeysAsync()).ShouldBe(1);
        await using var later = await database.OpenAnotherAsync();
        (await later.Reader.ReadStreamAsync("bill-1").Select(@event => @event.Data).LastAsync()).ShouldBe(billed with { Addressee = "[forgotten]" });
    }
}

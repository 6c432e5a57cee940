using System.Text.Json;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Store;

/// <summary>Appends share a transaction; what goes wrong with one must not touch the others.</summary>
public sealed class AppendIsolationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    public static TheoryData<string> Carriers =>
        ["text", "key", "letter", "json", "correlation", "causation", "header", "header name", "principal", "receipt key", "answer", "stream"];

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task Text_that_the_log_cannot_hold_is_refused_wherever_it_hides_and_harms_no_other(string carrier)
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        foreach (var bad in new[] { "a\0b", "a\ud800b", "a\udc00" })
        {
            if (bad != "a\0b" && carrier is "json") continue; // JsonElement cannot hold one: parsing refuses it.
            var others = Enumerable.Range(0, 20).Select(i => database.Store.AppendAsync("fine-" + i, ExpectedVersion.Any, [new Counted()])).ToList();
            var refused = await Should.ThrowAsync<Exception>(async () => await database.Store.AppendAsync(Carrying(carrier, bad)));
            (refused is InvalidEventDataException or ArgumentException or JsonException).ShouldBeTrue($"{refused.GetType()}: {refused.Message}");
            others.AddRange(Enumerable.Range(0, 20).Select(i => database.Store.AppendAsync("fine-" + i, ExpectedVersion.Any, [new Counted()])));
            (await Task.WhenAll(others)).ShouldAllBe(result => result is AppendResult.Appended);
        }

        (await database.ScalarAsync<long>("select count(*) from events.mt_streams")).ShouldBe(20);
    }

    [Fact]
    public async Task An_append_that_the_server_refuses_fails_alone_in_a_batch_of_many()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        using var tooLarge = JsonDocument.Parse("{\"n\": 1e999999}");
        var appends = Enumerable.Range(0, 300).Select(i =>
            database.Store.AppendAsync("s-" + i, ExpectedVersion.NoStream, [i % 100 == 37 ? new Anything(tooLarge.RootElement) : new Counted()])).ToList();
        for (var i = 0; i < appends.Count; i++)
        {
            if (i % 100 == 37) (await Should.ThrowAsync<PostgresException>(appends[i])).SqlState.ShouldBe("22003");
            else (await appends[i]).ShouldBeOfType<AppendResult.Appended>();
        }

        (await database.CountEventsAsync()).ShouldBe(297);
        (await database.LastDrawnAsync()).ShouldBe(297);
    }

    [Theory]
    [InlineData("select 1 from events.mt_streams where id = 'held' for update")]
    [InlineData("delete from events.mt_streams where id = 'held'")]
    [InlineData("insert into events.mt_streams (id, version) values ('new', 0)")]
    public async Task A_stream_that_another_session_holds_keeps_nobody_else_waiting(string hold)
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.Store.AppendAsync("held", ExpectedVersion.NoStream, [new Renamed("held")]);
        await using var session = await database.ConnectAsync();
        await using var transaction = await session.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand(hold, session)) await command.ExecuteNonQueryAsync();

        var stuck = database.Store.AppendAsync(hold.Contains("'new'") ? "new" : "held", ExpectedVersion.Any, [new Counted(1, "first")]);
        var behind = database.Store.AppendAsync(hold.Contains("'new'") ? "new" : "held", ExpectedVersion.Any, [new Counted(1, "second")]);
        for (var i = 0; i < 50; i++)
        {
            (await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => database.Store.AppendAsync("free-" + i, ExpectedVersion.Any, [new Counted()])))
                .WaitAsync(TimeSpan.FromSeconds(5))).ShouldAllBe(result => result is AppendResult.Appended);
        }

        stuck.IsCompleted.ShouldBeFalse();
        await transaction.RollbackAsync();
        (await stuck.WaitAsync(TimeSpan.FromSeconds(5))).ShouldBeOfType<AppendResult.Appended>();
        (await behind.WaitAsync(TimeSpan.FromSeconds(5))).ShouldBeOfType<AppendResult.Appended>();
        (await database.LinesAsync("select data ->> 'mark' from events.mt_events where stream_id in ('held', 'new') and type = 'counted' order by seq_id"))
            .ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task Whoever_waits_too_long_for_another_session_is_told_that_nothing_was_written()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.Store.AppendAsync("held", ExpectedVersion.NoStream, [new Counted()]);
        await using var session = await database.ConnectAsync();
        await using var transaction = await session.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("lock table events.mt_streams", session)) await command.ExecuteNonQueryAsync();
        var appends = Enumerable.Range(0, 6).Select(i => database.Store.AppendAsync("s-" + i, ExpectedVersion.Any, [new Counted()])).ToList();
        foreach (var append in appends) (await Should.ThrowAsync<TimeoutException>(append.WaitAsync(TimeSpan.FromSeconds(40)))).Message.ShouldContain("nothing was written");
        await transaction.RollbackAsync();
        (await database.CountEventsAsync()).ShouldBe(1);
        (await database.Store.AppendAsync("held", ExpectedVersion.Exactly(1), [new Counted()])).ShouldBeOfType<AppendResult.Appended>();
    }

    [Fact]
    public async Task Cancelling_while_an_append_waits_its_turn_leaves_nothing_of_it()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var session = await database.ConnectAsync();
        await using var transaction = await session.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("lock table events.mt_streams", session)) await command.ExecuteNonQueryAsync();

        // More than queue and batch can take: the last ones stand at the door of the bounded queue.
        using var cancellation = new CancellationTokenSource();
        var first = database.Store.AppendAsync("first", ExpectedVersion.Any, [new Counted()]);
        var given = Enumerable.Range(0, 6000).Select(i => database.Store.AppendAsync("s-" + i, ExpectedVersion.Any, [new Counted()], cancellation.Token)).ToList();
        await cancellation.CancelAsync();
        await transaction.RollbackAsync();
        (await first).ShouldBeOfType<AppendResult.Appended>();
        var withdrawn = 0;
        foreach (var append in given)
        {
            try
            {
                (await append).ShouldBeOfType<AppendResult.Appended>();
            }
            catch (OperationCanceledException)
            {
                withdrawn++;
            }
        }

        withdrawn.ShouldBeGreaterThan(4000);
        (await database.CountEventsAsync()).ShouldBe(6001 - withdrawn);
        await Should.ThrowAsync<OperationCanceledException>(database.Store.AppendAsync("late", ExpectedVersion.Any, [new Counted()], cancellation.Token));
        (await database.CountEventsAsync()).ShouldBe(6001 - withdrawn);
    }

    [Fact]
    public async Task More_appends_than_the_queue_holds_all_get_through()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var results = await Task.WhenAll(Enumerable.Range(0, 9000).Select(i => database.Store.AppendAsync("s-" + (i % 3000), ExpectedVersion.Any, [new Counted()])));
        results.ShouldAllBe(result => result is AppendResult.Appended);
        (await database.LinesAsync("select distinct version from events.mt_streams")).ShouldBe(["3"]);
    }

    [Fact]
    public async Task A_number_that_is_taken_already_is_an_error_and_no_conflict()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.Store.AppendAsync("a", ExpectedVersion.NoStream, [new Counted()]);
        await database.ExecuteAsync("select setval('events.mt_events_sequence', 1, false)");
        (await Should.ThrowAsync<PostgresException>(database.Store.AppendAsync("b", ExpectedVersion.NoStream, [new Counted()]))).ConstraintName.ShouldBe("pkey_mt_events_seq_id");
        (await database.Store.AppendAsync("b", ExpectedVersion.NoStream, [new Counted()])).ShouldBeOfType<AppendResult.Appended>();
    }

    private static AppendRequest Carrying(string carrier, string bad)
    {
        var fine = TestEvents.Request("bad", new NewEvent(new Counted()));
        static AppendRequest With(object data) => TestEvents.Request("bad", new NewEvent(data));
        return carrier switch
        {
            "text" => With(new Renamed(bad)),
            "key" => With(new Anything(Map: new Dictionary<string, string>(StringComparer.Ordinal) { [bad] = "" })),
            "letter" => With(new Anything(Letter: bad[1])),
            "json" => With(new Anything(JsonDocument.Parse("{\"a\":\"\\\\\\u0000\"}").RootElement)),
            "correlation" => fine with { Metadata = new EventMetadata(bad) },
            "causation" => fine with { Metadata = new EventMetadata(null, bad) },
            "header" => fine with { Metadata = new EventMetadata(Headers: new Dictionary<string, string>(StringComparer.Ordinal) { ["h"] = bad }) },
            "header name" => fine with { Metadata = new EventMetadata(Headers: new Dictionary<string, string>(StringComparer.Ordinal) { [bad] = "h" }) },
            "principal" => fine with { Receipt = TestEvents.Receipt("k", bad) },
            "receipt key" => fine with { Receipt = TestEvents.Receipt(bad) },
            "answer" => fine with { Receipt = new NewReceipt("p", "k", [1], new { text = bad }) },
            _ => TestEvents.Request(bad, new NewEvent(new Counted())),
        };
    }
}
